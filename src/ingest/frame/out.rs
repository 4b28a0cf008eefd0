/*! What cutting gives: records, rejects, skipped bytes, damage and the bytes around the records. */

use crate::ingest::visit::{Frame, Visit};
use crate::limits;
use crate::model::coverage::Reject;
use crate::model::damage::Damage;

/// Cuts blocks into records. The records do not depend on where the blocks begin and end.
pub(crate) trait Cutter {
    /// Takes the next bytes of the stream.
    fn push(&mut self, block: &[u8], out: &mut Out<'_>);

    /// The stream has ended: gives out what is still open.
    fn finish(&mut self, out: &mut Out<'_>);
}

/// Counts records and hands them to the visitor.
pub(crate) struct Out<'v> {
    visit: &'v mut dyn Visit,
    totals: Totals,
    /// The end of the bytes skipped last, to repeat before the next.
    skipped_tail: Vec<u8>,
}

/// What cutting found in all.
#[derive(Default)]
pub(crate) struct Totals {
    /// Records, rejected ones included.
    pub(crate) records: u64,
    /// What is in no record.
    pub(crate) damage: Vec<Damage>,
    /// The bytes around the records of an array.
    pub(crate) envelope: Vec<u8>,
}

/// The bytes of one record. If it is too long, only the first are held.
#[derive(Clone, Copy)]
pub(super) struct RecordBytes<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl<'b> RecordBytes<'b> {
    pub(super) fn whole(bytes: &'b [u8], offset: u64) -> Self {
        Self { bytes, offset, length: bytes.len() as u64 }
    }
}

impl<'v> Out<'v> {
    pub(crate) fn new(visit: &'v mut dyn Visit) -> Self {
        Self { visit, totals: Totals::default(), skipped_tail: Vec::new() }
    }

    /// Gives out a record, if all of it is held and it is text.
    pub(super) fn frame(&mut self, span: RecordBytes<'_>, closed: bool) {
        if span.length > span.bytes.len() as u64 {
            let limit = limits::RECORD_BYTES;
            let detail = format!("{} bytes; the limit is {limit}", span.length);
            self.reject(span, Reject::with("too-long", detail));
            return;
        }
        if simdutf8::basic::from_utf8(span.bytes).is_ok() {
            let frame = self.number(span, closed);
            self.visit.frame(frame);
        } else {
            let flaw = std::str::from_utf8(span.bytes).err();
            let detail = flaw.map(|flaw| format!("at byte {} of the record", flaw.valid_up_to()));
            self.reject(span, Reject::with("not-utf8", detail.unwrap_or_default()));
        }
    }

    /// Rejects a record.
    pub(super) fn reject(&mut self, span: RecordBytes<'_>, reject: Reject) {
        self.skipped_tail.clear();
        let frame = self.number(span, true);
        self.visit.reject(frame, reject);
    }

    /// Gives out bytes that are in no frame and no envelope.
    pub(super) fn skip(&mut self, bytes: &[u8]) {
        if self.skipped_tail.is_empty() {
            self.visit.skipped(bytes);
        } else {
            for piece in bytes.chunks(limits::BLOCK_BYTES) {
                let mut joined = std::mem::take(&mut self.skipped_tail);
                joined.extend_from_slice(piece);
                self.visit.skipped(&joined);
                self.keep_tail(joined);
            }
            return;
        }
        self.keep_tail(bytes[bytes.len().saturating_sub(limits::SKIP_OVERLAP_BYTES)..].to_vec());
    }

    /// Adds bytes around the records of an array.
    pub(super) fn envelope(&mut self, bytes: &[u8]) {
        let room = limits::ENVELOPE_BYTES - self.totals.envelope.len();
        let (kept, rest) = bytes.split_at(bytes.len().min(room));
        self.totals.envelope.extend_from_slice(kept);
        if !rest.is_empty() {
            if self.skipped_tail.is_empty() {
                let start = self.totals.envelope.len().saturating_sub(limits::SKIP_OVERLAP_BYTES);
                self.skipped_tail = self.totals.envelope[start..].to_vec();
            }
            self.skip(rest);
        }
    }

    /// The bytes around the records so far.
    pub(super) fn envelope_so_far(&self) -> &[u8] {
        &self.totals.envelope
    }

    /// Notes what was not read.
    pub(crate) fn damage(&mut self, what: impl Into<String>, offset: u64) {
        self.totals.damage.push(Damage::incomplete(what, offset));
    }

    /// Gives out the bytes of a block, before records are cut from them.
    pub(crate) fn block(&mut self, bytes: &[u8]) {
        self.visit.block(bytes);
    }

    pub(crate) fn progress(&mut self, stored_bytes: u64) {
        self.visit.progress(stored_bytes);
    }

    pub(crate) fn finish(self) -> Totals {
        self.totals
    }

    fn number<'b>(&mut self, span: RecordBytes<'b>, closed: bool) -> Frame<'b> {
        self.totals.records += 1;
        let record = self.totals.records;
        Frame { bytes: span.bytes, offset: span.offset, length: span.length, record, closed }
    }

    fn keep_tail(&mut self, mut joined: Vec<u8>) {
        joined.drain(..joined.len().saturating_sub(limits::SKIP_OVERLAP_BYTES));
        self.skipped_tail = joined;
    }
}
