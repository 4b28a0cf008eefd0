/*! Records that span lines: one begins with each line that looks like a beginning, the other lines belong to it. In the
 * logs of container runtimes a record goes on while lines of it say that they are partial, on either stream: what the other
 * stream writes in between is told apart by whoever reads the record.
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
    /// By the lines before it, of which none is partial and waits for its end.
    AfterPartial,
}

/// Joins lines.
pub(super) struct Text {
    joint: Joint,
    record: Pending,
    line: Vec<u8>,
    is_open: bool,
    waiting: Waiting,
    offset: u64,
    cap: usize,
}

impl Text {
    pub(super) fn new(joint: Joint, cap: usize) -> Self {
        let (record, line) = (Pending::new(cap), Vec::new());
        Self { joint, record, line, is_open: false, waiting: Waiting::default(), offset: 0, cap }
    }

    /// A line with its end; `offset` is where it starts.
    fn line(&mut self, line: &[u8], offset: u64, out: &mut Out<'_>) {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        let begins = match &self.joint {
            Joint::Begins(regex) => regex.is_match(bare),
            Joint::AfterPartial => self.waiting.begins(bare),
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

/// So many lines at most are one record while one of them waits for its end.
const WAIT_LINES_MAX: usize = 64;

/// The streams whose last line was partial.
#[derive(Default)]
struct Waiting {
    streams: Vec<Vec<u8>>,
    lines: usize,
}

impl Waiting {
    /// Does a line (`time stream P text`) begin a record?
    fn begins(&mut self, line: &[u8]) -> bool {
        let begins = self.streams.is_empty() || self.lines >= WAIT_LINES_MAX;
        if begins {
            self.streams.clear();
            self.lines = 0;
        }
        self.lines += 1;
        let mut words = line.split(|byte| *byte == b' ').skip(1);
        if let (Some(stream), Some(tag)) = (words.next(), words.next()) {
            self.streams.retain(|known| known != stream);
            if tag == b"P" {
                self.streams.push(stream.to_vec());
            }
        }
        begins
    }
}

/// The lines of a container runtime that were cut and written between, as they were before, in the order of their ends.
pub fn joined(text: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut open: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        let mut words = line.splitn(4, ' ').skip(1);
        let (stream, tag) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let known = open.iter().position(|(of, _)| *of == stream);
        let so_far = match known.map(|known| open.remove(known).1) {
            Some(mut so_far) => {
                so_far.push_str(words.next().unwrap_or_default());
                so_far
            }
            None => line.to_owned(),
        };
        if tag == "P" { open.push((stream, so_far)) } else { whole.push(so_far) }
    }
    whole.extend(open.into_iter().map(|(_, so_far)| so_far));
    whole
}
