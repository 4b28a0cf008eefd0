/*! From frames to single records: whatever is wrapped in a record, or stands in it several times, is one of its own. */

use std::borrow::Cow;

use crate::attribute::Pointers;
use crate::ingest::decode::json;
use crate::ingest::{Fields, Frame, Framing, Visit, joined, sniff};
use crate::limits;
use crate::map::{self, Mapped, Reading, RecordTime};
use crate::model::coverage::Reject;

use super::reader::Reader;
use super::recognise::{self, Heading, Shape};
use super::rejects::Known;

/// The fields of a record, and of what it is wrapped in, as match tables ask for them.
struct AtPointers<'f, 'b> {
    reading: &'f Reading,
    fields: &'f Fields<'b>,
    around: Option<&'f dyn Pointers>,
}

impl Pointers for AtPointers<'_, '_> {
    fn any(&self, pointer: &str, holds: &dyn Fn(&str) -> bool) -> bool {
        let slot = self.reading.slot(pointer);
        slot.is_some_and(|slot| self.fields.scalars(slot).any(|value| holds(&value)))
            || self.around.is_some_and(|around| around.any(pointer, holds))
    }
}

/// What a record is wrapped in.
#[derive(Clone, Copy)]
pub(super) struct Around<'f, 'b> {
    mapped: &'f Mapped<'b>,
    pointers: &'f dyn Pointers,
    /// The outermost reading: it names the stream.
    outermost: &'f Reading,
    depth: usize,
}

/// What became of a record, or of a part of it.
pub(super) enum RecordFate {
    Evidence,
    Irrelevant,
    /// Nobody knows what it is.
    Unknown(Reject),
    /// It would be evidence, but for a flaw.
    Flawed(Known, Reject),
}

impl Visit for Reader<'_> {
    fn head(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        // What an archive holds need not be wrapped as the archive's own source says.
        let own = (self.origin.member > 0)
            .then(|| sniff(head, &self.sources.record_keys(), &self.sources.time_keys()));
        if *own.as_ref().unwrap_or(sniffed) != Framing::Lines {
            return own;
        }
        let Some((framing, heading)) = recognise::framing(head, &self.sources.readings) else {
            return own;
        };
        self.heading = heading;
        self.is_partial = framing == Framing::Partial;
        Some(framing)
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.part.tally.records += 1;
        let text = std::str::from_utf8(frame.bytes).unwrap_or_default();
        if self.is_note(text) {
            self.skipped(frame.bytes);
            self.part.tally.irrelevant += 1;
            return;
        }
        let fate = if self.is_partial {
            Some(self.lines(&frame, text))
        } else {
            self.read_line(&frame, text)
        };
        let Some(fate) = fate else { return };
        match fate {
            RecordFate::Evidence => self.part.tally.evidence += 1,
            RecordFate::Irrelevant => self.part.tally.irrelevant += 1,
            RecordFate::Unknown(reject) => self.reject_one(&frame, Known::default(), reject),
            RecordFate::Flawed(known, reject) => self.reject_one(&frame, known, reject),
        }
        self.between_records();
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.part.tally.records += 1;
        self.end_pieces();
        self.reject_one(&frame, Known::default(), reject);
    }

    fn skipped(&mut self, bytes: &[u8]) {
        self.skipped_old |= self.wanted.rotation.markers.holds_old(bytes);
    }

    fn progress(&mut self, stored_bytes: u64) {
        (self.outlets.watch.progress)(stored_bytes);
    }
}

impl<'a> Reader<'a> {
    /// Is the line about the samples that follow?
    fn is_note(&mut self, text: &str) -> bool {
        match &mut self.heading {
            Some(Heading::Samples(samples)) => samples.note(text),
            Some(Heading::Row(_)) | None => false,
        }
    }

    /// Reads a record, or what is wrapped in one.
    pub(super) fn read(
        &mut self,
        frame: &Frame<'_>,
        text: &str,
        around: Option<Around<'_, '_>>,
    ) -> RecordFate {
        let heading = self.heading.take_if(|_| around.is_none());
        let shape = Shape::of(text, heading.as_ref());
        let is_closed = frame.closed || matches!(shape, Shape::Json);
        let mut fields = self.pool.pop().unwrap_or_default().recycle();
        let sources = self.sources;
        let chosen = sources.recogniser.choose(&sources.readings, (shape, text), &mut fields);
        let fate = match chosen {
            Err(reject) => RecordFate::Unknown(reject),
            Ok(None) => RecordFate::Unknown(Reject::because("unknown-format")),
            // The end of the last value may be missing, and what is left may look whole.
            Ok(Some(_)) if !is_closed => RecordFate::Unknown(Reject::because("no-line-end")),
            Ok(Some(reading)) if reading.each.is_empty() => {
                self.complete(reading, &mut fields);
                self.each_part(frame, (reading, &fields), around)
            }
            Ok(Some(reading)) => self.many(frame, (reading, text), around),
        };
        self.pool.push(fields.recycle());
        if around.is_none() {
            self.heading = heading;
        }
        fate
    }

    /// The lines of a container that stand in a record, on one stream or on two.
    fn lines(&mut self, frame: &Frame<'_>, text: &str) -> RecordFate {
        let lines = joined(text);
        if let [line] = lines.as_slice() {
            return self.read(frame, line, None);
        }
        let mut whole = RecordFate::Irrelevant;
        for line in lines {
            let fate = match self.read(frame, &line, None) {
                // What nobody knows is not passed over because the other stream is understood.
                RecordFate::Unknown(reject) => RecordFate::Flawed(Known::default(), reject),
                fate @ (RecordFate::Evidence | RecordFate::Irrelevant | RecordFate::Flawed(..)) => {
                    fate
                }
            };
            whole = self.most(frame, whole, fate);
        }
        whole
    }

    /// The records that stand in a record. What becomes of it is the most that becomes of any of them; it counts once.
    fn many(
        &mut self,
        frame: &Frame<'_>,
        (reading, text): (&'a Reading, &str),
        around: Option<Around<'_, '_>>,
    ) -> RecordFate {
        let mut whole = RecordFate::Irrelevant;
        for item in reading.each.iter().flat_map(|steps| json::items(text, steps)) {
            let mut fields = self.pool.pop().unwrap_or_default().recycle();
            let mut picked = json::pick_checked(item.text, &reading.picks, &mut fields);
            for (up, picks) in &reading.around {
                let outer = item.around.len().checked_sub(*up).and_then(|at| item.around.get(at));
                if let (Ok(()), Some(outer)) = (&picked, outer) {
                    picked = json::pick_around(outer, picks, &mut fields);
                }
            }
            self.complete(reading, &mut fields);
            let fate = match picked {
                Ok(()) => self.each_part(frame, (reading, &fields), around),
                Err(reject) => RecordFate::Unknown(reject),
            };
            self.pool.push(fields.recycle());
            whole = self.most(frame, whole, fate);
        }
        whole
    }

    /// The things that one record tells of.
    fn each_part(
        &mut self,
        frame: &Frame<'_>,
        (reading, fields): (&'a Reading, &Fields<'_>),
        around: Option<Around<'_, '_>>,
    ) -> RecordFate {
        if reading.parts.is_empty() {
            return self.one(frame, (reading, fields), around);
        }
        self.used.insert(&reading.profile.name);
        let mut whole = RecordFate::Irrelevant;
        for part in reading.parts.iter().filter(|part| part.is_told(fields)) {
            let fate = self.one(frame, (part, fields), around);
            whole = self.most(frame, whole, fate);
        }
        whole
    }

    /// Of two records in one, what becomes of both.
    pub(super) fn most(
        &mut self,
        frame: &Frame<'_>,
        whole: RecordFate,
        fate: RecordFate,
    ) -> RecordFate {
        match (whole, fate) {
            (RecordFate::Evidence, RecordFate::Flawed(known, reject))
            | (RecordFate::Flawed(known, reject), RecordFate::Evidence) => {
                self.note_flaw(frame, known, reject);
                RecordFate::Evidence
            }
            (RecordFate::Evidence, _) | (_, RecordFate::Evidence) => RecordFate::Evidence,
            (flawed @ RecordFate::Flawed(..), _) | (_, flawed @ RecordFate::Flawed(..)) => flawed,
            (unknown @ RecordFate::Unknown(_), _) | (_, unknown @ RecordFate::Unknown(_)) => {
                unknown
            }
            (RecordFate::Irrelevant, RecordFate::Irrelevant) => RecordFate::Irrelevant,
        }
    }

    /// What the path of the file says belongs to each of its records; and what several fields make together.
    fn complete(&self, reading: &Reading, fields: &mut Fields<'_>) {
        if let Some(slot) = reading.path_slot() {
            fields.set(slot, Cow::Owned(self.part.path.clone()));
        }
        reading.join(fields);
    }

    /// The time in the name of the file.
    fn captured(&self, reading: &Reading) -> RecordTime {
        match &self.captured.stamp {
            Some(stamp) => map::dated(stamp, reading.profile.timezone, self.bounds()),
            None => RecordTime::Missing,
        }
    }

    /// One record: what is wrapped in it, if somebody knows that, else itself.
    fn one(
        &mut self,
        frame: &Frame<'_>,
        (reading, fields): (&'a Reading, &Fields<'_>),
        around: Option<Around<'_, '_>>,
    ) -> RecordFate {
        self.used.insert(&reading.profile.name);
        let mut mapped = map::apply(reading, fields, self.bounds());
        if mapped.dated == RecordTime::Missing && reading.profile.dated_by_path {
            mapped.dated = self.captured(reading);
        }
        let mapped = match around {
            Some(around) => mapped.within(around.mapped),
            None => mapped,
        };
        mapped.names().for_each(|name| self.part.asked.name(name));
        let mapped = mapped.renamed(&self.wanted.learned);
        mapped.names().for_each(|name| self.part.asked.name(name));
        let pointers = AtPointers { reading, fields, around: around.map(|around| around.pointers) };
        let outermost = around.map_or(reading, |around| around.outermost);
        let depth = around.map_or(0, |around| around.depth);
        if let Some(payload) = map::payload(reading, fields).filter(|_| depth < limits::NESTING) {
            let around =
                Around { mapped: &mapped, pointers: &pointers, outermost, depth: depth + 1 };
            match self.read(frame, payload.trim_end(), Some(around)) {
                RecordFate::Unknown(_) => {}
                fate @ (RecordFate::Evidence | RecordFate::Irrelevant | RecordFate::Flawed(..)) => {
                    return fate;
                }
            }
        }
        self.attribute_record(frame, (reading, outermost), &mapped, &pointers)
    }
}
