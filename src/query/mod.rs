/*! Named queries over the evidence, and their answers as facts. */

mod answers;
mod asker;
pub mod catalog;
mod error;
mod fill;
mod holders;
mod jobs;
mod marker_uses;
mod reads;
mod replayed;
mod rows;
mod sessions;
mod stated;

use crate::table::bundle::Params;
use crate::table::{PlainTable, Values};

pub use answers::{answer, register, sorted_answer};
pub use asker::EmptyAnswers;
pub use error::QueryError;
pub use fill::{FactInputs, facts};
pub use marker_uses::marker_uses;
pub use replayed::{failing, old_hours};

/// The table `params` with its one row.
pub fn params(params: Params) -> PlainTable {
    let mut table = PlainTable::default();
    table.push("t0_us", Values::I64(vec![Some(params.t0_us)]));
    table.push("as_of_us", Values::I64(vec![Some(params.as_of_us)]));
    table.push("window_from_us", Values::I64(vec![Some(params.window_from_us)]));
    table.push("revoked_us", Values::I64(vec![Some(params.revoked_us)]));
    table
}
