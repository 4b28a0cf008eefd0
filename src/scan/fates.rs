/*! What becomes of the records of an input: each is counted once, and no flaw is lost. */

use super::builder::PartBuilder;
use super::rejects::{LoggedReject, RecordFate, RejectContext};
use crate::ingest::Frame;
use crate::model::coverage::Reject;

impl PartBuilder<'_> {
    /// Joins the fates of two parts of one record. A second flaw is counted, too.
    pub(super) fn join(
        &mut self,
        frame: &Frame<'_>,
        whole: RecordFate,
        fate: RecordFate,
    ) -> RecordFate {
        match (whole, fate) {
            (
                read @ (RecordFate::Evidence | RecordFate::Rejected(..)),
                RecordFate::Rejected(context, reject),
            )
            | (RecordFate::Rejected(context, reject), read @ RecordFate::Evidence) => {
                self.add_flaw(frame, context, reject);
                read
            }
            (RecordFate::Irrelevant, fate) | (fate, RecordFate::Irrelevant) => fate,
            (RecordFate::Evidence, RecordFate::Evidence) => RecordFate::Evidence,
        }
    }

    /// Counts a record once, by the fate of all its parts.
    pub(super) fn count(&mut self, frame: &Frame<'_>, fate: RecordFate) {
        self.last_place = Some(self.place(frame));
        match fate {
            RecordFate::Evidence => self.part.tally.evidence += 1,
            RecordFate::Irrelevant => self.part.tally.irrelevant += 1,
            RecordFate::Rejected(context, reject) => self.add_reject(frame, context, reject),
        }
        self.rows.between_records();
    }

    /// Rejects a record.
    pub(super) fn add_reject(&mut self, frame: &Frame<'_>, context: RejectContext, reject: Reject) {
        self.part.tally.rejected += 1;
        self.add_flaw(frame, context, reject);
    }

    /// Lists a flaw of a record. A record with several parts may be evidence all the same.
    fn add_flaw(&mut self, frame: &Frame<'_>, context: RejectContext, reject: Reject) {
        let old_marker = std::mem::take(&mut self.skipped_old)
            || context.shows_old
            || context.holds_old.unwrap_or_else(|| self.holds_old(frame.bytes));
        let place = self.place(frame);
        self.rejects.add(LoggedReject { place, bytes: frame.bytes, context, reject, old_marker });
    }

    /// Whether bytes hold an old marker.
    pub(super) fn holds_old(&self, bytes: &[u8]) -> bool {
        self.wanted.rotation.markers.holds_old(bytes)
    }

    /// Takes bytes that are in no record.
    pub(super) fn skip(&mut self, bytes: &[u8]) {
        self.skipped_old |= self.holds_old(bytes);
    }
}
