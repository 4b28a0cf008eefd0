/*! Container runtimes cut long lines into pieces. What such a line says, and a marker that was cut in two, is known
 * only when all of its pieces are there.
 *
 * Docker cuts at 16 KiB into records of which only the last ends in a line break; pieces of several streams may
 * alternate. CRI tags each piece as partial or final, and `text` frames the pieces of both streams as one record.
 */

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ingest::decode::json;
use crate::ingest::visit::Frame;
use crate::limits;

/// Docker's limit. A shorter line is whole even without a line break.
const PIECE_BYTES: usize = 16 << 10;

/// One record of Docker's `json-file` driver.
#[derive(Deserialize)]
struct DockerRecord<'t> {
    #[serde(borrow)]
    log: Cow<'t, str>,
    #[serde(borrow)]
    stream: Cow<'t, str>,
    #[serde(borrow)]
    time: Cow<'t, str>,
}

/// The pieces so far of a line that has not ended.
#[derive(Debug)]
struct OpenLine {
    /// The first piece, without its text.
    first: Map<String, Value>,
    log: String,
    time: String,
    offset: u64,
    /// Where the latest piece ends.
    end: u64,
    record: u64,
    pieces: u64,
    /// How many bytes are held for it.
    bytes: usize,
}

/// A line put together from its pieces.
#[derive(Debug)]
pub struct JoinedLine {
    /// The record as Docker would have written it without a limit.
    pub text: String,
    /// The time of its first piece.
    pub time: String,
    /// How many records it was cut into.
    pub pieces: u64,
    offset: u64,
    length: u64,
    record: u64,
}

impl JoinedLine {
    /// The line as a record in the place of its pieces. `closed`: its last piece was seen.
    pub fn frame(&self, closed: bool) -> Frame<'_> {
        let Self { text, offset, length, record, .. } = self;
        let bytes = text.as_bytes();
        Frame { bytes, offset: *offset, length: *length, record: *record, closed }
    }
}

/// What a record of a Docker log is to a line that was cut.
#[derive(Debug)]
pub enum DockerLine {
    /// Not a piece: a line of its own.
    Whole,
    /// A piece, with more to follow. Older lines that had to make room for it never end.
    GoesOn(Vec<JoinedLine>),
    /// The last piece.
    Last(JoinedLine),
    /// Not a piece, although one was expected: the line so far never ends.
    Torn(JoinedLine),
}

/// The lines of a Docker log that have not ended, by stream.
#[derive(Debug, Default)]
pub struct DockerLines {
    open: BTreeMap<String, OpenLine>,
    /// How many bytes they hold.
    bytes: usize,
}

impl OpenLine {
    fn new(frame: &Frame<'_>, text: &str, piece: &DockerRecord<'_>) -> Option<Self> {
        json::check(text).ok()?;
        let mut first: Map<String, Value> = serde_json::from_str(text).ok()?;
        first.remove("log");
        Some(Self {
            first,
            log: piece.log.clone().into_owned(),
            time: piece.time.clone().into_owned(),
            offset: frame.offset,
            end: frame.offset + frame.length,
            record: frame.record,
            pieces: 1,
            bytes: text.len() + piece.stream.len(),
        })
    }

    fn add(&mut self, frame: &Frame<'_>, log: &str) {
        self.log.push_str(log);
        self.bytes += log.len();
        self.end = frame.offset + frame.length;
        self.pieces += 1;
    }

    fn join(self) -> JoinedLine {
        let mut record = self.first;
        record.insert("log".to_owned(), Value::String(self.log));
        JoinedLine {
            text: Value::Object(record).to_string(),
            time: self.time,
            pieces: self.pieces,
            offset: self.offset,
            length: self.end - self.offset,
            record: self.record,
        }
    }
}

impl DockerLines {
    /// Takes the next record of the log; `text` is its text.
    pub fn take(&mut self, frame: &Frame<'_>, text: &str) -> DockerLine {
        if self.open.is_empty() && text.len() < PIECE_BYTES {
            return DockerLine::Whole;
        }
        let Ok(piece) = serde_json::from_str::<DockerRecord<'_>>(text) else {
            return DockerLine::Whole;
        };
        let goes_on = !piece.log.ends_with('\n') && piece.log.len() >= PIECE_BYTES;
        let Some(mut line) = self.remove(piece.stream.as_ref()) else {
            let line = goes_on.then(|| OpenLine::new(frame, text, &piece)).flatten();
            return match line {
                Some(line) => self.hold(&piece, line),
                None => DockerLine::Whole,
            };
        };
        // The rest of a line is not an object of its own. A container that was restarted writes one.
        let is_separate = piece.log.starts_with('{') && json::check(piece.log.trim_end()).is_ok();
        if is_separate || line.log.len() + piece.log.len() > limits::RECORD_BYTES {
            return DockerLine::Torn(line.join());
        }
        line.add(frame, &piece.log);
        if goes_on { self.hold(&piece, line) } else { DockerLine::Last(line.join()) }
    }

    /// Holds a line that goes on. Where there are too many, the oldest have to go.
    fn hold(&mut self, piece: &DockerRecord<'_>, line: OpenLine) -> DockerLine {
        let mut torn = Vec::new();
        while self.open.len() >= limits::OPEN_LINES
            || self.bytes + line.bytes > limits::OPEN_LINE_BYTES
        {
            let oldest = self.open.iter().min_by_key(|(_, line)| line.record);
            let Some(stream) = oldest.map(|(stream, _)| stream.clone()) else { break };
            torn.extend(self.remove(&stream).map(OpenLine::join));
        }
        self.bytes += line.bytes;
        self.open.insert(piece.stream.clone().into_owned(), line);
        DockerLine::GoesOn(torn)
    }

    fn remove(&mut self, stream: &str) -> Option<OpenLine> {
        let line = self.open.remove(stream)?;
        self.bytes -= line.bytes;
        Some(line)
    }

    /// The lines that will not end, because no piece follows.
    pub fn end(&mut self) -> Vec<JoinedLine> {
        self.bytes = 0;
        std::mem::take(&mut self.open).into_values().map(OpenLine::join).collect()
    }
}

/// The lines of a CRI record as the container wrote them, in the order of their ends.
pub fn whole_lines(record: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    let mut open: Vec<(&str, String)> = Vec::new();
    for piece in record.lines() {
        let mut words = piece.splitn(4, ' ').skip(1);
        let (stream, tag) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let position = open.iter().position(|(of, _)| *of == stream);
        let line = match position.map(|position| open.remove(position).1) {
            Some(mut line) => {
                line.push_str(words.next().unwrap_or_default());
                line
            }
            None => piece.to_owned(),
        };
        if tag == "P" { open.push((stream, line)) } else { whole.push(line) }
    }
    whole.extend(open.into_iter().map(|(_, line)| line));
    whole
}
