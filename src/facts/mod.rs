/*! The facts, by one fold over the sealed rows for each question: without SQL, so that a report plans no query.
 *
 * A question has the name of its text in `queries/`, and the same answer: the texts are the contract, and
 * `tests/it/equal_answers` compares both, row by row. `evidence` is what folds read, `groups` and `ends` are what
 * SQL calls grouping and aggregates, `answers` joins the answers with what was sealed besides rows.
 */

mod activity;
mod answers;
mod attempts;
mod backlog;
mod boundary_jobs;
mod columns;
mod crossing;
mod durations;
mod ends;
mod evidence;
mod groups;
mod handoffs;
mod holder_hours;
mod holders;
mod instances;
pub mod marker_uses;
pub mod old_hours;
mod old_minutes;
mod open_sessions;
mod same_jobs;
mod skews;
mod statements;
mod ticks;
mod undeclared;
mod undeclared_new;
mod undeclared_reads;
pub mod would_fail;
mod zoneless;

pub use answers::{Answers, FactInputs};
pub use columns::HINTS;
pub use ends::at;
pub use evidence::{Beginning, Evidence};
pub use holder_hours::{HolderHour, number_of};
pub use instances::StatedInstance;
pub use undeclared::cadence;
pub use undeclared_reads::ReaderHour;
