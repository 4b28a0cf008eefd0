/*! One record a row of separated values; quoted values may hold line ends. The first row is the header and no record. */

use crate::model::coverage::Reject;

use super::Frames;
use super::out::Out;
use super::pending::Pending;

/// Cuts at line ends outside of quotes.
pub(super) struct Rows {
    delimiter: u8,
    pending: Pending,
    within: Within,
    is_header: bool,
    offset: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Start,
    Bare,
    Quoted,
    QuoteInQuoted,
}

impl Rows {
    pub(super) fn new(delimiter: u8, cap: usize) -> Self {
        let pending = Pending::new(cap);
        Self { delimiter, pending, within: Within::Start, is_header: true, offset: 0 }
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
            out.frame(super::out::Span { bytes: text, offset: span.offset, length }, closed);
        }
    }
}

impl Frames for Rows {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let mut start = 0;
        for (at, byte) in block.iter().enumerate() {
            self.within = match (self.within, *byte) {
                (Within::Quoted, b'"') => Within::QuoteInQuoted,
                (Within::Quoted, _) | (Within::QuoteInQuoted | Within::Start, b'"') => {
                    Within::Quoted
                }
                (_, b'\n') => {
                    self.end(&block[start..at], true, out);
                    start = at + 1;
                    self.pending.open(self.offset + start as u64);
                    Within::Start
                }
                (_, byte) if byte == self.delimiter => Within::Start,
                (Within::Start | Within::Bare | Within::QuoteInQuoted, _) => Within::Bare,
            };
        }
        self.pending.add(&block[start..], out);
        self.offset += block.len() as u64;
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        if self.pending.length() == 0 {
            return;
        }
        if self.within == Within::Quoted {
            out.damage("a quoted value has no end", self.offset);
            let rest = self.pending.whole(&[], out);
            out.reject(rest, Reject::because("unclosed-quote"));
        } else {
            self.end(&[], false, out);
        }
    }
}
