/*! Records that span lines. A line that looks like the beginning of a record begins one; other lines belong to the
 * record before them. In the logs of container runtimes a record continues while a line of either stream is
 * partial; `pieces` separates the two streams.
 */

use memchr::memchr;
use regex::bytes::Regex;

use super::out::{Cutter, Out, RecordBytes};
use super::pending::Pending;

/// How a line that begins a record is recognised.
pub(super) enum Joint {
    /// By an expression.
    Begins(Regex),
    /// By the lines before it: none of them is partial and still without its end.
    AfterPartial,
}

/// Cuts before the first line of each record.
pub(super) struct TextCutter {
    joint: Joint,
    record: Pending,
    line: Vec<u8>,
    is_open: bool,
    waiting: Waiting,
    offset: u64,
    cap: usize,
}

impl TextCutter {
    pub(super) fn new(joint: Joint, cap: usize) -> Self {
        let (record, line) = (Pending::new(cap), Vec::new());
        Self { joint, record, line, is_open: false, waiting: Waiting::default(), offset: 0, cap }
    }

    /// Takes a line with its line end. `offset`: where it starts.
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
            span = RecordBytes::whole(kept, span.offset);
        }
        out.frame(span, closed);
    }
}

impl Cutter for TextCutter {
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
            // A line longer than any record belongs to the open record, or is one itself.
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

/// At most this many lines are one record while one of them is still without its end.
const WAIT_LINES_MAX: usize = 64;

/// The streams whose latest line is partial.
#[derive(Default)]
struct Waiting {
    streams: Vec<Vec<u8>>,
    lines: usize,
}

impl Waiting {
    /// Whether a line (`time stream P text`) begins a record.
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
