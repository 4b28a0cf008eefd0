/*! Picks fields out of one record; nothing else of it is built. */

mod cursor;
pub mod exposition;
pub mod json;
pub mod logfmt;
pub mod pattern;
mod picks;
pub mod row;
#[cfg(test)]
mod tests;

use crate::model::coverage::Reject;

pub use picks::{Fields, Picks};

/// How a record's fields are written.
pub trait Decode: Sync {
    /// Its name in profiles.
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
/// Those that a header, expressions or what stands before make, `row::Row`, `pattern::Pattern` and
/// `exposition::Exposition`, are made where these are known.
pub const DECODERS: &[&dyn Decode] = &[&json::Json, &logfmt::Logfmt];
