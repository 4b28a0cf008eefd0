/*! Docker cuts a line over 16 KiB into several records, of which only the last ends in a line break. What such a line says,
 * and a marker that was cut in two, is known when all of its pieces are: they are held, for each stream of the container.
 */

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ingest::Frame;
use crate::ingest::decode::json;
use crate::limits;
use crate::map;
use crate::model::coverage::Reject;

use super::reader::Reader;
use super::records::RecordFate;
use super::rejects::Known;

/// So many bytes of a line fill a piece; a shorter one without a line break is whole.
const PIECE_BYTES: usize = 16 << 10;

/// One record of Docker's `json-file` driver.
#[derive(Deserialize)]
struct Line<'t> {
    #[serde(borrow)]
    log: Cow<'t, str>,
    #[serde(borrow)]
    stream: Cow<'t, str>,
    #[serde(borrow)]
    time: Cow<'t, str>,
}

/// The pieces of a line whose end was not seen yet, as one.
#[derive(Debug)]
struct Held {
    /// The first piece, without its text.
    first: Map<String, Value>,
    log: String,
    time: String,
    offset: u64,
    /// Where the last of them ends.
    end: u64,
    record: u64,
    pieces: u64,
}

/// The lines that are open, by stream.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    open: BTreeMap<String, Held>,
}

/// What a record is of a line that was cut.
enum Piece {
    /// None of it: it is whole.
    Whole,
    /// One that goes on.
    GoesOn,
    /// The last one.
    Last(Held),
    /// None of it, though one was awaited.
    Torn(Held),
}

impl Held {
    fn new(frame: &Frame<'_>, text: &str, line: &Line<'_>) -> Option<Self> {
        json::check(text).ok()?;
        let mut first: Map<String, Value> = serde_json::from_str(text).ok()?;
        first.remove("log");
        Some(Self {
            first,
            log: line.log.clone().into_owned(),
            time: line.time.clone().into_owned(),
            offset: frame.offset,
            end: frame.offset + frame.length,
            record: frame.record,
            pieces: 1,
        })
    }

    fn add(&mut self, frame: &Frame<'_>, log: &str) {
        self.log.push_str(log);
        self.end = frame.offset + frame.length;
        self.pieces += 1;
    }

    /// The record as Docker would have written it without a limit.
    fn into_text(self) -> String {
        let mut record = self.first;
        record.insert("log".to_owned(), Value::String(self.log));
        Value::Object(record).to_string()
    }
}

impl Pieces {
    fn take(&mut self, frame: &Frame<'_>, text: &str) -> Piece {
        if self.open.is_empty() && text.len() < PIECE_BYTES {
            return Piece::Whole;
        }
        let Ok(line) = serde_json::from_str::<Line<'_>>(text) else { return Piece::Whole };
        let goes_on = !line.log.ends_with('\n') && line.log.len() >= PIECE_BYTES;
        let Some(mut held) = self.open.remove(line.stream.as_ref()) else {
            let held = goes_on.then(|| Held::new(frame, text, &line)).flatten();
            return match held {
                Some(held) => self.hold(&line, held),
                None => Piece::Whole,
            };
        };
        // The rest of a line is no object of its own: that is what the container wrote after it was started again.
        let is_own = line.log.starts_with('{') && json::check(line.log.trim_end()).is_ok();
        if is_own || held.log.len() + line.log.len() > limits::RECORD_BYTES {
            return Piece::Torn(held);
        }
        held.add(frame, &line.log);
        if goes_on { self.hold(&line, held) } else { Piece::Last(held) }
    }

    fn hold(&mut self, line: &Line<'_>, held: Held) -> Piece {
        self.open.insert(line.stream.clone().into_owned(), held);
        Piece::GoesOn
    }
}

impl Reader<'_> {
    /// What becomes of a record; none yet of a piece whose line goes on.
    pub(super) fn read_line(&mut self, frame: &Frame<'_>, text: &str) -> Option<RecordFate> {
        match self.pieces.take(frame, text) {
            Piece::Whole => Some(self.read(frame, text, None)),
            Piece::GoesOn => None,
            Piece::Last(held) => Some(self.joined(held, frame, text)),
            Piece::Torn(held) => {
                self.torn(held);
                Some(self.read(frame, text, None))
            }
        }
    }

    /// The line of all pieces: it is the last of them that counts, the others are no records of their own.
    fn joined(&mut self, held: Held, last: &Frame<'_>, text: &str) -> RecordFate {
        self.part.tally.irrelevant += held.pieces - 1;
        let (offset, length, record) = (held.offset, held.end - held.offset, held.record);
        let whole = held.into_text();
        let frame = Frame { bytes: whole.as_bytes(), offset, length, record, closed: true };
        match self.read(&frame, &whole, None) {
            RecordFate::Evidence => RecordFate::Evidence,
            fate @ (RecordFate::Irrelevant | RecordFate::Unknown(_) | RecordFate::Flawed(..)) => {
                // A container that was started again may have written a line of its own in its place.
                let own = self.read(last, text, None);
                self.most(&frame, fate, own)
            }
        }
    }

    /// Pieces whose line never ended.
    fn torn(&mut self, held: Held) {
        self.part.tally.irrelevant += held.pieces - 1;
        let at = match map::dated(&held.time, None, self.bounds()) {
            map::RecordTime::At(when) => Some(when.earliest()),
            map::RecordTime::Missing
            | map::RecordTime::Unreadable
            | map::RecordTime::Implausible => None,
        };
        let detail = format!("pieces without an end: {}", held.pieces);
        let (offset, length, record) = (held.offset, held.end - held.offset, held.record);
        let whole = held.into_text();
        let frame = Frame { bytes: whole.as_bytes(), offset, length, record, closed: false };
        let known = Known { at, ..Known::default() };
        self.reject_one(&frame, known, Reject::with("unfinished-line", detail));
    }

    /// No piece follows any more.
    pub(super) fn end_pieces(&mut self) {
        for held in std::mem::take(&mut self.pieces.open).into_values() {
            self.torn(held);
        }
    }
}
