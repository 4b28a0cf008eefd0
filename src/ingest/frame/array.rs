/*! The elements of a JSON array, streamed. The bytes around them are the envelope. Another such document may follow. */

use crate::model::coverage::Reject;

use super::documents::is_gap;
use super::json_scanner::{JsonEvent, JsonScanner};
use super::out::{Cutter, Out, RecordBytes};
use super::pending::Pending;

/// Cuts at the ends of elements.
pub(super) struct ArrayCutter {
    /// The keys that lead to the array, outermost first; empty if the document is the array.
    path: Vec<String>,
    scanner: JsonScanner,
    within: ArrayPosition,
    pending: Pending,
    /// The offset of the block.
    offset: u64,
    document: Document,
    counts: ArrayCounts,
}

/// The document that is being read.
#[derive(Default)]
struct Document {
    offset: u64,
    /// The position of its first byte in the envelope.
    envelope: usize,
    /// How many keys of the path are open around the position.
    matched: usize,
    /// The last key was the next of the path.
    key_fits: bool,
    /// How many brackets are open around an element; `None` outside of the array.
    elements: Option<u64>,
    has_array: bool,
}

/// What was counted, for `sniff`.
#[derive(Clone, Copy, Default)]
pub(super) struct ArrayCounts {
    /// Documents that ended.
    pub(super) documents: u64,
    /// Arrays of records.
    pub(super) arrays: u64,
    /// Documents without such an array.
    pub(super) bare: u64,
    /// The JSON has a fault.
    pub(super) broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ArrayPosition {
    Gap,
    Document,
    Element,
    /// The rest after a fault. Only what is more than closing brackets is rejected.
    Rest {
        says_something: bool,
        reason: &'static str,
    },
}

impl ArrayCutter {
    pub(super) fn new(key: Option<&str>, cap: usize) -> Self {
        Self {
            path: key.map_or_else(Vec::new, path_of),
            scanner: JsonScanner::new(0),
            within: ArrayPosition::Gap,
            pending: Pending::new(cap),
            offset: 0,
            document: Document::default(),
            counts: ArrayCounts::default(),
        }
    }

    pub(super) fn counts(&self) -> ArrayCounts {
        self.counts
    }

    /// Skips a gap and opens the document after it. Returns where it starts.
    fn open(&mut self, block: &[u8], at: usize, out: &mut Out<'_>) -> usize {
        let Some(gap) = block[at..].iter().position(|byte| !is_gap(*byte)) else {
            return block.len();
        };
        let start = at + gap;
        let offset = self.offset + start as u64;
        if !matches!(block[start], b'{' | b'[') {
            let first = self.counts.documents == 0;
            let what = if first { "not a JSON array" } else { "bytes after the end of the array" };
            self.give_up(what, "trailing-data", offset, out);
            return start;
        }
        let envelope = out.envelope_so_far().len();
        self.document = Document { offset, envelope, ..Document::default() };
        self.scanner = JsonScanner::new(u32::try_from(self.path.len()).unwrap_or(0) + 1);
        self.within = ArrayPosition::Document;
        start
    }

    /// Continues outside of elements.
    fn around(&mut self, block: &[u8], at: usize, out: &mut Out<'_>) -> usize {
        let (next, event) = self.scanner.next(block, at);
        if self.document.elements.is_none() {
            out.envelope(&block[at..next]);
        }
        let offset = self.offset + next as u64;
        let depth = self.scanner.depth();
        match event {
            JsonEvent::Open if self.document.elements == Some(depth - 1) => {
                self.open_element(offset);
            }
            JsonEvent::Leaf if self.document.elements == Some(depth) => self.open_element(offset),
            JsonEvent::Open => self.open_value(),
            JsonEvent::Leaf => self.document.key_fits = false,
            JsonEvent::Key => {
                let matched = self.document.matched;
                let fits = |key: &String| self.scanner.key_is(key);
                self.document.key_fits =
                    depth == matched as u64 + 1 && self.path.get(matched).is_some_and(fits);
            }
            JsonEvent::End => self.end_value(offset, out),
            JsonEvent::Error => {
                self.give_up("a fault in the JSON around the records", "bad-json", offset, out);
            }
            JsonEvent::More => {}
        }
        next
    }

    fn open_element(&mut self, after_first: u64) {
        self.pending.open(after_first - 1);
        self.within = ArrayPosition::Element;
    }

    /// An array or object outside of elements began: the array of records, one on the way to it, or another.
    fn open_value(&mut self) {
        let depth = self.scanner.depth();
        let document = &mut self.document;
        let fits = std::mem::take(&mut document.key_fits);
        let is_last = document.matched + 1 == self.path.len();
        if self.scanner.in_array() && (depth == 1 || fits && is_last) {
            document.elements = Some(depth);
            document.has_array = true;
            self.counts.arrays += 1;
        } else if !self.scanner.in_array() && fits && !is_last {
            document.matched += 1;
        }
    }

    /// A value outside of elements ended: the array of records, the document, or another.
    fn end_value(&mut self, at: u64, out: &mut Out<'_>) {
        let depth = self.scanner.depth();
        let document = &mut self.document;
        if document.elements == Some(depth + 1) {
            document.elements = None;
            out.envelope(b"]");
        }
        let open_keys = usize::try_from(depth.saturating_sub(1)).unwrap_or(usize::MAX);
        document.matched = document.matched.min(open_keys);
        if depth > 0 {
            return;
        }
        self.within = ArrayPosition::Gap;
        self.counts.documents += 1;
        if !document.has_array {
            self.counts.bare += 1;
            let bytes = out.envelope_so_far()[document.envelope..].to_vec();
            let (offset, length) = (document.offset, at - document.offset);
            let span = RecordBytes { bytes: &bytes, offset, length };
            out.reject(span, Reject::because("no-record-array"));
        }
    }

    /// No record can be cut from here on.
    fn give_up(&mut self, what: &str, reason: &'static str, at: u64, out: &mut Out<'_>) {
        self.counts.broken = true;
        out.damage(what, at);
        let says_something = self.within == ArrayPosition::Element;
        if !says_something {
            self.pending.open(at);
        }
        self.within = ArrayPosition::Rest { says_something, reason };
    }
}

impl Cutter for ArrayCutter {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let (mut start, mut at) = (0, 0);
        while at < block.len() {
            match self.within {
                ArrayPosition::Gap => {
                    at = self.open(block, at, out);
                    start = at;
                }
                ArrayPosition::Document => {
                    at = self.around(block, at, out);
                    // The first byte of an element has been passed; a fault is where it was met.
                    start = if self.within == ArrayPosition::Element { at - 1 } else { at };
                }
                ArrayPosition::Element => {
                    let (next, event) = self.scanner.next(block, at);
                    at = next;
                    if event == JsonEvent::Error {
                        let offset = self.offset + at as u64;
                        self.give_up("a fault in a record of the array", "bad-json", offset, out);
                    } else if event == JsonEvent::End
                        && self.document.elements == Some(self.scanner.depth())
                    {
                        let element = self.pending.whole(&block[start..at], out);
                        out.frame(element, true);
                        self.within = ArrayPosition::Document;
                    }
                }
                ArrayPosition::Rest { says_something, reason } => {
                    let is_closing =
                        |byte: &u8| matches!(byte, b'}' | b']' | b',') || is_gap(*byte);
                    let says_something = says_something || !block[at..].iter().all(is_closing);
                    self.within = ArrayPosition::Rest { says_something, reason };
                    at = block.len();
                }
            }
        }
        if matches!(self.within, ArrayPosition::Element | ArrayPosition::Rest { .. }) {
            self.pending.add(&block[start..], out);
        }
        self.offset += block.len() as u64;
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        let reason = match self.within {
            ArrayPosition::Gap => return,
            ArrayPosition::Document => None,
            ArrayPosition::Element => Some("truncated-json"),
            ArrayPosition::Rest { says_something, reason } => says_something.then_some(reason),
        };
        if matches!(self.within, ArrayPosition::Document | ArrayPosition::Element) {
            out.damage("the JSON array ends early", self.offset);
        }
        if let Some(reason) = reason {
            let rest = self.pending.whole(&[], out);
            out.reject(rest, Reject::because(reason));
        }
    }
}

/// The keys of `Records` or `/hits/hits`.
fn path_of(key: &str) -> Vec<String> {
    let unescaped = |step: &str| step.replace("~1", "/").replace("~0", "~");
    match key.strip_prefix('/') {
        Some(steps) => steps.split('/').map(unescaped).collect(),
        None => vec![key.to_owned()],
    }
}
