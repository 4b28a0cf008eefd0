/*! Records that span lines: one begins with each line that looks like a beginning, the other lines belong to it. In the
 * logs of container runtimes a record goes on while its lines say that they are partial.
 */

use memchr::memchr;
use regex::bytes::Regex;

use super::Frames;
use super::out::Out;
use super::pending::Pending;

/// How is a line told to begin a record?
pub(super) enum Joint {
    /// By its own look.
    Begins(Regex),
    /// By the line before it, which was not partial.
    AfterPartial,
}

/// Joins lines.
pub(super) struct Text {
    joint: Joint,
    record: Pending,
    line: Vec<u8>,
    is_open: bool,
    was_partial: bool,
    offset: u64,
    cap: usize,
}

impl Text {
    pub(super) fn new(joint: Joint, cap: usize) -> Self {
        let (record, line) = (Pending::new(cap), Vec::new());
        Self { joint, record, line, is_open: false, was_partial: false, offset: 0, cap }
    }

    /// A line with its end; `offset` is where it starts.
    fn line(&mut self, line: &[u8], offset: u64, out: &mut Out<'_>) {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        let begins = match &self.joint {
            Joint::Begins(regex) => regex.is_match(bare),
            Joint::AfterPartial => !std::mem::replace(&mut self.was_partial, is_partial(bare)),
        };
        if begins {
            self.end(true, out);
        }
        if !self.is_open {
            if bare.iter().all(u8::is_ascii_whitespace) {
                return;
            }
            self.record.open(offset);
            self.is_open = true;
        }
        self.record.add(line, out);
    }

    fn end(&mut self, closed: bool, out: &mut Out<'_>) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        let mut span = self.record.whole(&[], out);
        if span.length == span.bytes.len() as u64 {
            let kept = span.bytes.trim_ascii_end();
            span = super::out::Span::whole(kept, span.offset);
        }
        out.frame(span, closed);
    }
}

impl Frames for Text {
    fn push(&mut self, block: &[u8], out: &mut Out<'_>) {
        let mut rest = block;
        while let Some(end) = memchr(b'\n', rest) {
            let (line, next) = rest.split_at(end + 1);
            let start = self.offset - self.line.len() as u64;
            self.offset += line.len() as u64;
            if self.line.is_empty() {
                self.line(line, start, out);
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.line(&whole, start, out);
                whole.clear();
                self.line = whole;
            }
            rest = next;
        }
        self.offset += rest.len() as u64;
        self.line.extend_from_slice(rest);
        if self.line.len() > self.cap {
            // A line that is longer than any record belongs to the one that is open, or is one.
            let line = std::mem::take(&mut self.line);
            let start = self.offset - line.len() as u64;
            self.line(&line, start, out);
        }
    }

    fn finish(&mut self, out: &mut Out<'_>) {
        let line = std::mem::take(&mut self.line);
        let closed = line.is_empty();
        if !closed {
            let start = self.offset - line.len() as u64;
            self.line(&line, start, out);
        }
        self.end(closed, out);
    }
}

/// Does a line of a container runtime (`time stream P text`) go on in the next?
fn is_partial(line: &[u8]) -> bool {
    line.split(|byte| *byte == b' ').nth(2) == Some(b"P")
}
