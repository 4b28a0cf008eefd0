/*! Which credentials stand in these exports, and who uses them: seen before there is a plan, and made into a first one.
 *
 * What is found here is a start for people to correct, never evidence: no verdict stands on it.
 */

mod draft;
mod found;
mod tally;

#[cfg(test)]
mod tests;

pub use draft::draft;
pub use found::{Discovery, Handover, Seen, User, discover};
pub use tally::{Consumer, Tally};
