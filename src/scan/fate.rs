/*! What became of a record. */

use crate::model::coverage::Reject;

use super::rejects::RejectContext;

/// What became of a record, or of a part of one. Only `join` puts two together, and only `count` ends one, so a flaw
/// cannot be lost next to a part that is read.
#[must_use]
pub(super) enum RecordFate {
    Evidence,
    Irrelevant,
    /// No profile reads it, or it would be evidence without this flaw.
    Rejected(RejectContext, Reject),
}

impl RecordFate {
    /// The fate of what nobody understands. It may belong to any stream of its input.
    pub(super) fn not_understood(reject: Reject) -> Self {
        Self::Rejected(RejectContext::default(), reject)
    }
}
