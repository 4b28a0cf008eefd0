/*! How people read it: numbers, counts, lists, lengths of time, and the words for verdicts and states.
 *
 * Every text that a person reads takes its wording from here, so that one report writes one thing in one way. JSON and
 * CSV do not: their words are those of `word()` in `model`, their numbers are plain, and their lengths of time are
 * `Duration::hours_minutes`.
 */

mod alike;
mod counts;
mod lengths;
mod lists;
mod words;
mod zones;

pub use alike::{alike, first_of};
pub use counts::{count, noun, number, percent, times};
pub use lengths::{length, length_up, span};
pub use lists::{list, list_all};
pub use words::{
    action, cycle, event, exception_test, holder, lost, mode, model_state, outcome, severity,
    silence, status, trace, verdict, verdict_in, version_in_use,
};
pub use zones::Zone;
