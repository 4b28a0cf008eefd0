/*! The cached scan of one input, as the pipeline gives and takes it. */

use super::packed::PackedBatch;
use crate::model::Timestamp;
use crate::scan::{LinkAnswers, Part};

/// What one scan of an input gave, and all that its result depended on.
#[derive(Clone, Debug)]
pub struct CachedScan {
    /// A digest of what the scan depended on, other than the input and the links.
    pub wanted: String,
    /// The latest time that the scan took for possible.
    pub latest: Timestamp,
    /// The answers that its link lookups had.
    pub answers: LinkAnswers,
    /// The part of the input itself, then those of its members.
    pub parts: Vec<Part>,
    /// The rows of these parts.
    pub batches: Vec<PackedBatch>,
}

impl CachedScan {
    /// Do the records of each part add up, is it in its place, and are its rows all there?
    pub(crate) fn is_balanced(&self) -> bool {
        let mut rows = vec![0; self.parts.len()];
        for batch in &self.batches {
            let Some(rows) = rows.get_mut(batch.member as usize) else { return false };
            *rows += batch.rows as u64;
        }
        let mut parts = (0..).zip(&self.parts).zip(rows);
        parts.all(|((member, part), rows)| {
            part.member == member && part.tally.balances() && part.rows == rows
        })
    }

    /// The path of the input and the digest of its bytes.
    pub fn identity(&self) -> (&str, Option<&str>) {
        let input = self.parts.first();
        input.map_or(("", None), |input| (input.path.as_str(), input.digest.as_deref()))
    }
}
