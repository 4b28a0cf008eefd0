/*! Named queries over the evidence: the published texts, and their answers typed as those of `facts`. */

mod answers;
pub mod catalog;
mod error;
mod fill;
mod given;
mod holder_hours;
mod jobs;
mod marker_uses;
mod reads;
mod replayed;
mod rows;
mod sessions;
mod stated;

use crate::table::bundle::Params;
use crate::table::{PlainTable, Values};

pub use self::answers::{answer, register, sorted_answer};
pub use error::QueryError;
pub use fill::answers;
pub use given::{Known, given_answers, needed};
pub use marker_uses::marker_uses;
pub use replayed::{old_hours, would_fail};

/// The table `params` with its one row.
pub fn params(params: Params) -> PlainTable {
    let mut table = PlainTable::default();
    table.push("t0_us", Values::I64(vec![Some(params.t0_us)]));
    table.push("as_of_us", Values::I64(vec![Some(params.as_of_us)]));
    table.push("window_from_us", Values::I64(vec![Some(params.window_from_us)]));
    table.push("revoked_us", Values::I64(vec![Some(params.revoked_us)]));
    table
}
