/*! Picks fields out of one record and builds nothing else of it. */

mod cursor;
pub mod exposition;
pub mod json;
mod json_layout;
mod json_outline;
mod json_pass;
pub mod json_scalars;
mod json_scanner;
mod json_search;
mod key_table;
mod known_text;
pub mod logfmt;
pub mod pattern;
mod picks;
pub mod row;
mod slot_set;
#[cfg(test)]
mod tests;

use crate::model::coverage::Reject;

pub use json_layout::JsonLayout;
pub use json_outline::{JsonOutlines, SlotUse, TellApart};
pub use json_pass::pick_in_one_pass;
pub use json_search::{JsonSearch, Spot, is_nested};
pub use picks::{Fields, Picks};
pub use slot_set::SlotSet;

/// Reads one way of writing the fields of a record.
pub trait Decode: Sync {
    /// The name in the reference pages.
    fn name(&self) -> &'static str;

    /// Checks the whole record and fills a slot for each pick.
    fn pick<'b>(
        &self,
        frame: &'b [u8],
        picks: &Picks,
        fields: &mut Fields<'b>,
    ) -> Result<(), Reject>;
}

/// All decoders.
///
/// `row::RowHeader`, `pattern::PatternDecoder` and `exposition::Exposition` are missing: they are made from a header,
/// from expressions or from the lines before a sample.
pub const DECODERS: &[&dyn Decode] = &[&json::Json, &logfmt::Logfmt];
