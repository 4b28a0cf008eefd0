/*! The elements of a JSON array, streamed; what lies around them is the envelope. Another such document may follow. */

use crate::model::coverage::Reject;

use super::Frames;
use super::documents::is_gap;
use super::out::{Out, Span};
use super::pending::Pending;
use super::scan::{Event, Scanner};

/// Cuts at the ends of elements.
pub(super) struct Array {
    /// The keys that lead to the array, outermost first; none where the document is the array.
    path: Vec<String>,
    scanner: Scanner,
    within: Within,
    pending: Pending,
    /// Where the block starts.
    offset: u64,
    document: Document,
    counts: Counts,
}

/// The document that is being read.
#[derive(Default)]
struct Document {
    offset: u64,
    /// Where its bytes start in the envelope.
    envelope: usize,
    /// How many keys of the path lie open around the position.
    matched: usize,
    /// Was the last key the next of the path?
    key_fits: bool,
    /// How many brackets are open around an element; none outside of the array.
    elements: Option<u64>,
    has_array: bool,
}

/// What was seen, for `sniff`.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    /// Documents that end in what was read.
    pub(super) documents: u64,
    /// Arrays of records.
    pub(super) arrays: u64,
    /// Documents without such an array.
    pub(super) bare: u64,
    /// Did something stand where it cannot?
    pub(super) broken: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Gap,
    Document,
    Element,
    /// What is left after a fault; is there more in it than closing brackets?
    Rest {
        says_something: bool,
        reason: &'static str,
    },
}

impl Array {
    pub(super) fn new(key: Option<&str>, cap: usize) -> Self {
        Self {
            path: key.map_or_else(Vec::new, path_of),
            scanner: Scanner::new(0),
            within: Within::Gap,
            pending: Pending::new(cap),
            offset: 0,
            document: Document::default(),
            counts: Counts::default(),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// Passes a gap and opens the document behind it; gives where it starts.
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
        self.scanner = Scanner::new(u32::try_from(self.path.len()).unwrap_or(0) + 1);
        self.within = Within::Document;
        start
    }

    /// Reads on outside of elements.
    fn around(&mut self, block: &[u8], at: usize, out: &mut Out<'_>) -> usize {
        let (next, event) = self.scanner.next(block, at);
        if self.document.elements.is_none() {
            out.envelope(&block[at..next]);
        }
        let offset = self.offset + next as u64;
        let depth = self.scanner.depth();
        match event {
            Event::Open if self.document.elements == Some(depth - 1) => self.open_element(offset),
            Event::Leaf if self.document.elements == Some(depth) => self.open_element(offset),
            Event::Open => self.open_value(),
            Event::Leaf => self.document.key_fits = false,
            Event::Key => {
                let matched = self.document.matched;
                let fits = |key: &String| self.scanner.key_is(key);
                self.document.key_fits =
                    depth == matched as u64 + 1 && self.path.get(matched).is_some_and(fits);
            }
            Event::End => self.end_value(offset, out),
            Event::Error => {
                self.give_up("a fault in the JSON around the records", "bad-json", offset, out);
            }
            Event::More => {}
        }
        next
    }

    fn open_element(&mut self, after_first: u64) {
        self.pending.open(after_first - 1);
        self.within = Within::Element;
    }

    /// An array or object outside of elements began: the array of records, a step towards it, or another.
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
        self.within = Within::Gap;
        self.counts.documents += 1;
        if !document.has_array {
            self.counts.bare += 1;
            let bytes = out.envelope_so_far()[document.envelope..].to_vec();
            let (offset, length) = (document.offset, at - document.offset);
            let span = Span { bytes: &bytes, offset, length };
            out.reject(span, Reject::because("no-record-array"));
        }
    }

    /// Nothing from here on can be framed.
    fn give_up(&mut self, what: &str, reason: &'static str, at: u64, out: &mut Out<'_>) {
        self.counts.broken = true;
        out.damage(what, at);
        let says_something = self.within == Within::Element;
        if !says_something {
            self.pending.open(at);
        }
        self.within = Within::Rest { says_something, reason };
    }
}

impl Frames for Array {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let (mut start, mut at) = (0, 0);
        while at < block.len() {
            match self.within {
                Within::Gap => {
                    at = self.open(block, at, out);
                    start = at;
                }
                Within::Document => {
                    at = self.around(block, at, out);
                    // An element was found by its first byte; a fault stands where it was met.
                    start = if self.within == Within::Element { at - 1 } else { at };
                }
                Within::Element => {
                    let (next, event) = self.scanner.next(block, at);
                    at = next;
                    if event == Event::Error {
                        let offset = self.offset + at as u64;
                        self.give_up("a fault in a record of the array", "bad-json", offset, out);
                    } else if event == Event::End
                        && self.document.elements == Some(self.scanner.depth())
                    {
                        let element = self.pending.whole(&block[start..at], out);
                        out.frame(element, true);
                        self.within = Within::Document;
                    }
                }
                Within::Rest { says_something, reason } => {
                    let is_closing =
                        |byte: &u8| matches!(byte, b'}' | b']' | b',') || is_gap(*byte);
                    let says_something = says_something || !block[at..].iter().all(is_closing);
                    self.within = Within::Rest { says_something, reason };
                    at = block.len();
                }
            }
        }
        if matches!(self.within, Within::Element | Within::Rest { .. }) {
            self.pending.add(&block[start..], out);
        }
        self.offset += block.len() as u64;
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        let reason = match self.within {
            Within::Gap => return,
            Within::Document => None,
            Within::Element => Some("truncated-json"),
            Within::Rest { says_something, reason } => says_something.then_some(reason),
        };
        if matches!(self.within, Within::Document | Within::Element) {
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
