/*! From the text of a record to mapped records: recognise it, unwrap it, decode it, map it.
 *
 * A record may hold several (`each`), may be one of several things (`parts`) and may be the envelope of another
 * (`payload`). Nothing here changes the result of a scan: each call returns what it found, and a part that cannot
 * be read is an `Err` that the caller has to count.
 */

use std::borrow::Cow;
use std::slice;
use std::vec;

use crate::attribute::Pointers;
use crate::ingest::decode::json::{self, InnerRecord};
use crate::ingest::{Fields, Framing, sniff};
use crate::limits;
use crate::map::{self, Mapped, ProfileReading, RecordTime};
use crate::model::When;
use crate::model::bounds::TimeBounds;
use crate::model::coverage::Reject;
use crate::model::link::Learned;

use super::earlier_records::EarlierRecords;
use super::origin::Origin;
use super::path_time::PathTime;
use super::recognise::{Heading, Shape, is_braced_text};
use super::row_guess;
use super::seen_fields::{SeenField, seen_fields};
use super::stream_framing;
use super::wanted::SourceReading;

/// Interprets the records of one input or member.
pub(super) struct Interpreter<'a> {
    sources: &'a SourceReading,
    learned: &'a Learned,
    pub(super) bounds: TimeBounds<'a>,
    path: String,
    is_member: bool,
    /// The time in the path, for records without one of their own.
    path_time: PathTime,
    /// What precedes the records and says how they are written.
    pub(super) heading: Option<Heading>,
    /// The records before, and the payloads before.
    pub(super) earlier: [EarlierRecords; 2],
    /// Memory of fields, reused from record to record.
    spare_fields: Vec<Fields<'static>>,
}

/// A record, decoded.
pub(super) struct DecodedRecord<'a, 't> {
    pub(super) reading: &'a ProfileReading,
    pub(super) text: &'t str,
    pub(super) fields: Fields<'t>,
}

/// The records of one text that are not decoded yet.
pub(super) struct UndecodedRecords<'a, 't> {
    pub(super) reading: &'a ProfileReading,
    pub(super) text: &'t str,
    /// The fields, where the text is a single record.
    single: Option<Fields<'t>>,
    /// The ways to the records that it holds.
    steps: slice::Iter<'a, Vec<String>>,
    items: vec::IntoIter<Result<InnerRecord<'t>, Reject>>,
}

/// What an envelope wraps.
pub(super) enum Payload<'a, 't> {
    Records(UndecodedRecords<'a, 't>),
    /// Text without a form of its own. The envelope speaks for it.
    Text,
    /// A record that is torn, or that says a thing twice.
    Broken(Reject),
}

/// A record with what it says.
pub(super) struct InterpretedRecord<'a, 'm> {
    /// The reading that mapped it.
    pub(super) reading: &'a ProfileReading,
    /// The reading of its outermost envelope, which names the stream; without an envelope, its own.
    pub(super) outermost: &'m ProfileReading,
    pub(super) mapped: Mapped<'m>,
    /// The names of its instance before other names of it were applied.
    pub(super) logged_names: [Option<&'m str>; 2],
    pub(super) pointers: FieldPointers<'m>,
    depth: usize,
}

/// The record in which another one is wrapped.
#[derive(Clone, Copy)]
pub(super) struct Envelope<'m> {
    mapped: &'m Mapped<'m>,
    pointers: &'m dyn Pointers,
    outermost: &'m ProfileReading,
    depth: usize,
}

/// The fields of a record, then those of its envelopes, as match tables look them up.
pub(super) struct FieldPointers<'m> {
    pub(super) reading: &'m ProfileReading,
    pub(super) fields: &'m Fields<'m>,
    envelope: Option<&'m dyn Pointers>,
}

impl Pointers for FieldPointers<'_> {
    fn any(&self, pointer: &str, holds: &dyn Fn(&str) -> bool) -> bool {
        let slot = self.reading.slot(pointer);
        slot.is_some_and(|slot| self.fields.scalars(slot).any(|value| holds(&value)))
            || self.envelope.is_some_and(|envelope| envelope.any(pointer, holds))
    }
}

impl<'m> InterpretedRecord<'_, 'm> {
    /// The text of the record that this one wraps.
    pub(super) fn payload(&self) -> Option<&'m str> {
        let payload = map::payload(self.pointers.reading, self.pointers.fields)?;
        (self.depth < limits::NESTING).then(|| payload.trim_end())
    }

    pub(super) fn as_envelope(&self) -> Envelope<'_> {
        Envelope {
            mapped: &self.mapped,
            pointers: &self.pointers,
            outermost: self.outermost,
            depth: self.depth + 1,
        }
    }
}

impl UndecodedRecords<'_, '_> {
    /// Whether the text is a document that holds records.
    pub(super) fn are_several(&self) -> bool {
        !self.reading.each.is_empty()
    }
}

impl<'a> DecodedRecord<'a, '_> {
    /// The profile that decoded it.
    pub(super) fn profile(&self) -> &'a str {
        &self.reading.profile.name
    }

    /// The readings that apply: its own, or those of the things that it states.
    pub(super) fn readings(&self) -> impl Iterator<Item = &'a ProfileReading> {
        let whole = self.reading.parts.is_empty().then_some(self.reading);
        whole.into_iter().chain(self.reading.parts.iter().filter(|part| part.is_in(&self.fields)))
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(
        origin: &Origin,
        learned: &'a Learned,
        sources: &'a SourceReading,
        bounds: TimeBounds<'a>,
        earlier: [EarlierRecords; 2],
    ) -> Self {
        let path = origin.shown();
        Self {
            sources,
            learned,
            bounds,
            is_member: origin.member > 0,
            path_time: PathTime::of(&path),
            path,
            heading: None,
            earlier,
            spare_fields: Vec::new(),
        }
    }

    /// Chooses the framing by the first bytes of the stream; `None` keeps the one that was sniffed.
    pub(super) fn framing(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        // The records of a member need not be laid out as the source of the archive says.
        let of_member =
            self.is_member.then(|| sniff(head, &self.sources.record_keys, &self.sources.time_keys));
        if *of_member.as_ref().unwrap_or(sniffed) != Framing::Lines {
            return of_member;
        }
        let known = stream_framing::framing(head, &self.sources.readings, &self.sources.starts);
        let guessed = || row_guess::framing(head, self.bounds);
        let guessed = || self.sources.guesses_rows.then(guessed).flatten();
        let Some((framing, heading)) = known.or_else(guessed) else { return of_member };
        self.heading = heading;
        Some(framing)
    }

    /// Takes a line that describes the samples after it; `false` if the line is a record.
    pub(super) fn take_note(&mut self, text: &str) -> bool {
        match &mut self.heading {
            Some(Heading::Samples(samples)) => samples.note(text),
            Some(Heading::Row(_)) | None => false,
        }
    }

    /// The path without its times, which names a series whose records only the path dates.
    pub(super) fn path_series(&self) -> &str {
        &self.path_time.series
    }

    /// When a text of such a source happened.
    pub(super) fn time_of(&self, text: &str) -> RecordTime {
        map::record_time(text, None, self.bounds)
    }

    /// The records in a text of several lines: a line that a known source would have written is not part of the record
    /// before it, though that may span lines.
    pub(super) fn records_of_lines<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let (recogniser, readings) = (&self.sources.recogniser, &self.sources.readings);
        let (mut records, mut start, mut at) = (Vec::new(), 0, 0);
        for line in text.split_inclusive('\n') {
            if at > 0 && recogniser.begins_record(readings, line.trim_end()) {
                records.push(text[start..at].trim_end());
                start = at;
            }
            at += line.len();
        }
        records.push(&text[start..]);
        records
    }

    /// Recognises a record of the input. `closed`: its end was seen.
    pub(super) fn recognise<'t>(
        &mut self,
        text: &'t str,
        closed: bool,
    ) -> Result<UndecodedRecords<'a, 't>, Reject> {
        let heading = self.heading.take();
        let recognised = self.recognise_as(Shape::of(text, heading.as_ref()), text, closed, false);
        self.heading = heading;
        recognised
    }

    /// Recognises the payload of an envelope. No heading applies to it, and an envelope that was read has its end, so
    /// the payload has.
    pub(super) fn recognise_payload<'t>(&mut self, text: &'t str) -> Payload<'a, 't> {
        match self.recognise_as(Shape::of(text, None), text, true, true) {
            Ok(records) => Payload::Records(records),
            Err(reject) if reject.reason == UNKNOWN_FORMAT => Payload::Text,
            Err(_) if is_braced_text(text) => Payload::Text,
            Err(reject) => Payload::Broken(reject),
        }
    }

    fn recognise_as<'t>(
        &mut self,
        shape: Shape<'_>,
        text: &'t str,
        closed: bool,
        is_payload: bool,
    ) -> Result<UndecodedRecords<'a, 't>, Reject> {
        let sources = self.sources;
        let mut fields = self.empty_fields();
        let earlier = &mut self.earlier[usize::from(is_payload)];
        let chosen =
            sources.recogniser.choose(&sources.readings, earlier, (shape, text), &mut fields);
        let reading = match chosen {
            Ok(Some(reading)) if closed || matches!(shape, Shape::Json) => Ok(reading),
            // The end of the last value may be missing, and what is left may look whole.
            Ok(Some(_)) => Err(Reject::because("no-line-end")),
            Ok(None) => Err(Reject::because(UNKNOWN_FORMAT)),
            Err(reject) => Err(reject),
        };
        let is_single = reading.as_ref().is_ok_and(|reading| reading.each.is_empty());
        let single = if is_single {
            Some(fields)
        } else {
            self.spare_fields.push(fields.recycle());
            None
        };
        let reading = reading?;
        let (steps, items) = (reading.each.iter(), Vec::new().into_iter());
        Ok(UndecodedRecords { reading, text, single, steps, items })
    }

    /// Decodes the next of these records.
    pub(super) fn decode_next<'t>(
        &mut self,
        records: &mut UndecodedRecords<'a, 't>,
    ) -> Option<Result<DecodedRecord<'a, 't>, Reject>> {
        let reading = records.reading;
        let (text, mut fields) = if let Some(fields) = records.single.take() {
            (records.text, fields)
        } else {
            let item = loop {
                match records.items.next() {
                    Some(item) => break item,
                    None => {
                        records.items =
                            json::inner_records(records.text, records.steps.next()?).into_iter();
                    }
                }
            };
            let item = match item {
                Ok(item) => item,
                Err(reject) => return Some(Err(reject)),
            };
            let mut fields = self.empty_fields();
            if let Err(reject) = pick_item(reading, &item, &mut fields) {
                self.spare_fields.push(fields.recycle());
                return Some(Err(reject));
            }
            (item.text, fields)
        };
        if let Some(slot) = reading.path_slot() {
            fields.set(slot, Cow::Owned(self.path.clone()));
        }
        reading.join(&mut fields);
        Some(Ok(DecodedRecord { reading, text, fields }))
    }

    /// Maps a decoded record by one of its readings. What it does not say, its envelope may.
    pub(super) fn map<'m>(
        &self,
        record: &'m DecodedRecord<'a, '_>,
        reading: &'a ProfileReading,
        envelope: Option<Envelope<'m>>,
    ) -> InterpretedRecord<'a, 'm>
    where
        'a: 'm,
    {
        let fields = &record.fields;
        let mut mapped = map::apply(reading, fields, self.bounds);
        if mapped.time == RecordTime::Missing && reading.profile.dated_by_path {
            mapped.time = match &self.path_time.stamp {
                Some(stamp) => map::record_time(stamp, reading.profile.timezone, self.bounds),
                None => RecordTime::Missing,
            };
        }
        if let (Some(listed), Some(stamp)) = (&mut mapped.listed, &self.path_time.stamp) {
            let of_path = || map::record_time(stamp, reading.profile.timezone, self.bounds).when();
            listed.taken = listed.taken.or_else(of_path);
        }
        let mapped = match envelope {
            Some(envelope) => mapped.within(envelope.mapped),
            None => mapped,
        };
        let mut logged_names = [None; 2];
        for (slot, name) in logged_names.iter_mut().zip(mapped.names()) {
            *slot = Some(name);
        }
        InterpretedRecord {
            reading,
            outermost: envelope.map_or(reading, |envelope| envelope.outermost),
            mapped: mapped.renamed(self.learned),
            logged_names,
            pointers: FieldPointers {
                reading,
                fields,
                envelope: envelope.map(|envelope| envelope.pointers),
            },
            depth: envelope.map_or(0, |envelope| envelope.depth),
        }
    }

    /// When a record happened that may say nothing else; `None` if it arrived late, or does not tell.
    pub(super) fn punctual_time(&self, record: &DecodedRecord<'_, '_>) -> Option<When> {
        map::punctual_time(record.reading, &record.fields, self.bounds)
    }

    /// All fields of a record. No heading applies to what an envelope wraps.
    pub(super) fn seen_fields(
        &self,
        record: &DecodedRecord<'a, '_>,
        reading: &ProfileReading,
        is_wrapped: bool,
    ) -> Vec<SeenField> {
        let heading = self.heading.as_ref().filter(|_| !is_wrapped);
        seen_fields(record.text, heading, &reading.profile)
    }

    /// Takes the memory of a record back.
    pub(super) fn reuse(&mut self, record: DecodedRecord<'_, '_>) {
        self.spare_fields.push(record.fields.recycle());
    }

    fn empty_fields<'t>(&mut self) -> Fields<'t> {
        self.spare_fields.pop().unwrap_or_default().recycle()
    }
}

/// The reason for which a text that no profile reads is rejected.
const UNKNOWN_FORMAT: &str = "unknown-format";

fn pick_item<'t>(
    reading: &ProfileReading,
    item: &InnerRecord<'t>,
    fields: &mut Fields<'t>,
) -> Result<(), Reject> {
    json::pick_checked(item.text, &reading.picks, fields)?;
    for (up, picks) in &reading.around {
        let outer = item.around.len().checked_sub(*up).and_then(|at| item.around.get(at));
        if let Some(outer) = outer {
            json::pick_around(outer, picks, fields)?;
        }
    }
    Ok(())
}
