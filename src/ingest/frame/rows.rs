/*! One record a row of separated values. Quoted values may hold line ends. The first row is the header, not a
 * record.
 */

use crate::model::coverage::Reject;

use super::out::{Cutter, Out, RecordBytes};
use super::pending::Pending;

/// Cuts at line ends outside of quotes.
pub(super) struct RowCutter {
    delimiter: u8,
    pending: Pending,
    within: RowPosition,
    is_header: bool,
    offset: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowPosition {
    Start,
    Bare,
    Quoted,
    QuoteInQuoted,
}

impl RowCutter {
    pub(super) fn new(delimiter: u8, cap: usize) -> Self {
        let pending = Pending::new(cap);
        Self { delimiter, pending, within: RowPosition::Start, is_header: true, offset: 0 }
    }

    fn end(&mut self, last: &[u8], closed: bool, out: &mut Out<'_>) {
        let span = self.pending.whole(last, out);
        let text = span.bytes.strip_suffix(b"\r").unwrap_or(span.bytes);
        let is_blank = text.len() < 2 && text.iter().all(u8::is_ascii_whitespace);
        if self.is_header && !is_blank {
            out.envelope(text);
            self.is_header = false;
        } else if !is_blank {
            let length = span.length - (span.bytes.len() - text.len()) as u64;
            out.frame(RecordBytes { bytes: text, offset: span.offset, length }, closed);
        }
    }
}

impl Cutter for RowCutter {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let mut start = 0;
        for (at, byte) in block.iter().enumerate() {
            self.within = match (self.within, *byte) {
                (RowPosition::Quoted, b'"') => RowPosition::QuoteInQuoted,
                (RowPosition::Quoted, _)
                | (RowPosition::QuoteInQuoted | RowPosition::Start, b'"') => RowPosition::Quoted,
                (_, b'\n') => {
                    self.end(&block[start..at], true, out);
                    start = at + 1;
                    self.pending.open(self.offset + start as u64);
                    RowPosition::Start
                }
                (_, byte) if byte == self.delimiter => RowPosition::Start,
                (RowPosition::Start | RowPosition::Bare | RowPosition::QuoteInQuoted, _) => {
                    RowPosition::Bare
                }
            };
        }
        self.pending.add(&block[start..], out);
        self.offset += block.len() as u64;
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        if self.pending.length() == 0 {
            return;
        }
        if self.within == RowPosition::Quoted {
            out.damage("a quoted value has no end", self.offset);
            let rest = self.pending.whole(&[], out);
            out.reject(rest, Reject::because("unclosed-quote"));
        } else {
            self.end(&[], false, out);
        }
    }
}
