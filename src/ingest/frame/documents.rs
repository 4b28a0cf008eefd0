/*! JSON values, each a record, however they are laid out. After a fault, reading continues at the next line that
 * opens a value.
 */

use crate::model::coverage::Reject;

use super::json_scanner::{JsonEvent, JsonScanner};
use super::out::{Cutter, Out};
use super::pending::Pending;

/// Cuts at the ends of top-level values.
pub(super) struct DocumentCutter {
    scanner: JsonScanner,
    pending: Pending,
    within: DocumentPosition,
    /// The offset of the block.
    offset: u64,
    /// The last byte of the previous block was a newline.
    at_line_start: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DocumentPosition {
    Gap,
    Value,
    Fault,
}

/// Whether a byte may be between two values: whitespace, byte order marks, the separator of RFC 7464.
pub(super) fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf | 0x1e)
}

impl DocumentCutter {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            scanner: JsonScanner::new(0),
            pending: Pending::new(cap),
            within: DocumentPosition::Gap,
            offset: 0,
            at_line_start: true,
        }
    }

    /// Skips a gap and opens what follows. Returns where it starts.
    fn open(&mut self, block: &[u8], at: usize) -> usize {
        let Some(gap) = block[at..].iter().position(|byte| !is_gap(*byte)) else {
            return block.len();
        };
        let start = at + gap;
        self.pending.open(self.offset + start as u64);
        self.scanner = JsonScanner::new(0);
        let opens =
            matches!(block[start], b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n');
        self.within = if opens { DocumentPosition::Value } else { DocumentPosition::Fault };
        start
    }

    /// Where the next line opens a value at its first column, from `at` on.
    fn resume(&self, block: &[u8], at: usize) -> Option<usize> {
        (at..block.len()).find(|position| {
            let starts_line = match position.checked_sub(1) {
                Some(before) => block[before] == b'\n',
                None => self.at_line_start,
            };
            starts_line && matches!(block[*position], b'{' | b'[')
        })
    }

    fn end(&mut self, last: &[u8], reject: Option<Reject>, out: &mut Out<'_>) {
        let span = self.pending.whole(last, out);
        match reject {
            None => out.frame(span, true),
            Some(reject) => out.reject(span, reject),
        }
        self.within = DocumentPosition::Gap;
    }
}

impl Cutter for DocumentCutter {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let (mut start, mut at) = (0, 0);
        while at < block.len() {
            match self.within {
                DocumentPosition::Gap => {
                    start = self.open(block, at);
                    at = start;
                }
                DocumentPosition::Value => {
                    let (next, event) = self.scanner.next(block, at);
                    at = next;
                    match event {
                        JsonEvent::End => self.end(&block[start..at], None, out),
                        JsonEvent::Error => self.within = DocumentPosition::Fault,
                        JsonEvent::Open | JsonEvent::Leaf | JsonEvent::Key | JsonEvent::More => {}
                    }
                }
                DocumentPosition::Fault => {
                    // The faulty byte may open the next value, but not the value that has the fault.
                    let from = if at == start && self.pending.length() == 0 { at + 1 } else { at };
                    let resumed = self.resume(block, from);
                    at = resumed.unwrap_or(block.len());
                    if resumed.is_some() {
                        self.end(&block[start..at], Some(Reject::because("bad-json")), out);
                    }
                }
            }
        }
        if self.within != DocumentPosition::Gap {
            self.pending.add(&block[start.min(block.len())..], out);
        }
        self.offset += block.len() as u64;
        self.at_line_start = block.last().map_or(self.at_line_start, |last| *last == b'\n');
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        match self.within {
            DocumentPosition::Gap => {}
            DocumentPosition::Value if self.scanner.depth() == 0 && self.scanner.in_word() => {
                self.end(&[], None, out);
            }
            DocumentPosition::Value => self.end(&[], Some(Reject::because("truncated-json")), out),
            DocumentPosition::Fault => self.end(&[], Some(Reject::because("bad-json")), out),
        }
    }
}
