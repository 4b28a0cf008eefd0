/*! What framing gives: records, rejects, skipped bytes, damage and the bytes around the records. */

use crate::ingest::{Frame, Visit};
use crate::limits;
use crate::model::coverage::{Damage, Reject};

/// Counts what framing finds and hands it to the visitor.
pub(in crate::ingest) struct Out<'v> {
    visit: &'v mut dyn Visit,
    totals: Totals,
    /// The end of the bytes skipped last, to repeat before the next.
    skipped_tail: Vec<u8>,
}

/// What framing found in all.
#[derive(Default)]
pub(in crate::ingest) struct Totals {
    /// Records, rejected ones too.
    pub(in crate::ingest) records: u64,
    /// What was not framed.
    pub(in crate::ingest) damage: Vec<Damage>,
    /// The bytes around the records of an array.
    pub(in crate::ingest) envelope: Vec<u8>,
}

/// The bytes of one record, of which only the first may be held.
#[derive(Clone, Copy)]
pub(super) struct Span<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl<'b> Span<'b> {
    pub(super) fn whole(bytes: &'b [u8], offset: u64) -> Self {
        Self { bytes, offset, length: bytes.len() as u64 }
    }
}

impl<'v> Out<'v> {
    pub(in crate::ingest) fn new(visit: &'v mut dyn Visit) -> Self {
        Self { visit, totals: Totals::default(), skipped_tail: Vec::new() }
    }

    /// A record, if all of it is held and it is text.
    pub(super) fn frame(&mut self, span: Span<'_>, closed: bool) {
        if span.length > span.bytes.len() as u64 {
            let limit = limits::RECORD_BYTES;
            let detail = format!("{} bytes; the limit is {limit}", span.length);
            self.reject(span, Reject::with("too-long", detail));
            return;
        }
        match std::str::from_utf8(span.bytes) {
            Ok(_) => {
                let frame = self.number(span, closed);
                self.visit.frame(frame);
            }
            Err(error) => {
                let detail = format!("at byte {} of the record", error.valid_up_to());
                self.reject(span, Reject::with("not-utf8", detail));
            }
        }
    }

    /// A record that is none.
    pub(super) fn reject(&mut self, span: Span<'_>, reject: Reject) {
        self.skipped_tail.clear();
        let frame = self.number(span, true);
        self.visit.reject(frame, reject);
    }

    /// Bytes that no frame and no envelope will hold.
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

    /// Bytes around the records of an array.
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

    /// The envelope so far.
    pub(super) fn envelope_so_far(&self) -> &[u8] {
        &self.totals.envelope
    }

    /// Something that was not read.
    pub(in crate::ingest) fn damage(&mut self, what: impl Into<String>, offset: u64) {
        let damage = Damage { what: what.into(), offset, after: None, old_marker: false };
        self.totals.damage.push(damage);
    }

    /// The bytes of a block, before they are framed.
    pub(in crate::ingest) fn block(&mut self, bytes: &[u8]) {
        self.visit.block(bytes);
    }

    pub(in crate::ingest) fn progress(&mut self, stored_bytes: u64) {
        self.visit.progress(stored_bytes);
    }

    pub(in crate::ingest) fn finish(self) -> Totals {
        self.totals
    }

    fn number<'b>(&mut self, span: Span<'b>, closed: bool) -> Frame<'b> {
        self.totals.records += 1;
        let record = self.totals.records;
        Frame { bytes: span.bytes, offset: span.offset, length: span.length, record, closed }
    }

    fn keep_tail(&mut self, mut joined: Vec<u8>) {
        joined.drain(..joined.len().saturating_sub(limits::SKIP_OVERLAP_BYTES));
        self.skipped_tail = joined;
    }
}
