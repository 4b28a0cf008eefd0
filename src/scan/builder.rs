/*! The result of a scan grows here and nowhere else: the `Part` of one input or member, and its rows. */

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::attribute::Attribution;
use crate::ingest::{Frame, ReadReport};
use crate::map::{Mapped, RecordTime};
use crate::model::coverage::{Cell, Reject};
use crate::model::damage::Damage;
use crate::model::noticed::Noticed;
use crate::model::{ClassId, Place, Timestamp, When};
use crate::safe;

use super::batch::SinkError;
use super::claims::add_claims;
use super::clock_resets::ClockWatch;
use super::continuity::LateArrivals;
use super::digested::{DigestedIds, Lookup};
use super::interpret::InterpretedRecord;
use super::links::{FoundLinks, LinkNames, MatchedClasses};
use super::loss_notice;
use super::not_understood::not_understood;
use super::origin::Origin;
use super::outputs::ScanOutputs;
use super::page::{self, Page};
use super::part::Part;
use super::rejects::{RecordFate, RejectContext, RejectLog};
use super::repeats::Repeats;
use super::rows::{MaskedInstances, RowContext, RowWriter};
use super::statement_of::{names_of, statement_of};
use super::statements::Statement;
use super::stream::Folder;
use super::testimony::Testimony;
use super::unread_markers::FoundMarker;
use super::wanted::{SourceReading, Wanted};

/// Builds the part of one input or member.
pub(super) struct PartBuilder<'a> {
    pub(super) wanted: &'a Wanted,
    sources: &'a SourceReading,
    folder: Rc<Folder>,
    pub(super) part: Part,
    pub(super) rows: RowWriter<'a>,
    links: FoundLinks,
    pub(super) rejects: RejectLog,
    instances: MaskedInstances,
    ids: DigestedIds,
    profiles: BTreeSet<&'a str>,
    /// Where the last record is.
    pub(super) last_place: Option<Place>,
    /// Bytes in no record hold an old marker, and no rejected record accounts for them yet.
    pub(super) skipped_old: bool,
    late: LateArrivals,
}

impl<'a> PartBuilder<'a> {
    pub(super) fn new(
        origin: &Origin,
        wanted: &'a Wanted,
        sources: &'a SourceReading,
        outputs: &'a ScanOutputs<'a>,
        folder: Rc<Folder>,
    ) -> Self {
        let part = Part {
            input: origin.input,
            member: origin.member,
            path: safe::mask_file(&origin.shown()).into_owned(),
            folder: folder.name(None),
            source: sources.source,
            ..Part::default()
        };
        Self {
            wanted,
            sources,
            folder,
            part,
            rows: RowWriter::new(origin, outputs),
            links: FoundLinks::default(),
            rejects: RejectLog::default(),
            instances: MaskedInstances::default(),
            ids: DigestedIds::new(wanted.rotation.link_key),
            profiles: BTreeSet::new(),
            last_place: None,
            skipped_old: false,
            late: LateArrivals::default(),
        }
    }

    /// A record begins. Each gets one fate: by `count`, `add_note`, `add_earlier_pieces` or `add_unfinished`.
    pub(super) fn begin_record(&mut self) {
        self.part.tally.records += 1;
    }

    /// The record only describes those after it.
    pub(super) fn add_note(&mut self, bytes: &[u8]) {
        self.skip(bytes);
        self.part.tally.irrelevant += 1;
    }

    /// Records that were pieces of one line, whose last piece gets the fate of the line.
    pub(super) fn add_earlier_pieces(&mut self, pieces: u64) {
        self.part.tally.irrelevant += pieces - 1;
    }

    /// Takes what a document that holds several records says of documents that follow it.
    pub(super) fn add_page(&mut self, frame: &Frame<'_>, text: &str) {
        let signs = page::signs(text.as_bytes());
        self.part.page = signs.map(|signs| Page { signs, place: self.place(frame) });
    }

    /// A profile decoded a record.
    pub(super) fn add_profile(&mut self, profile: &'a str) {
        self.profiles.insert(profile);
    }

    /// Notes the names that the links were asked for.
    pub(super) fn add_interpreted(&mut self, record: &InterpretedRecord<'a, '_>) {
        self.profiles.insert(&record.reading.profile.name);
        for name in names_of(record) {
            if let Some(digest) = self.ids.first_lookup(name, Lookup::Name) {
                self.part.asked.add(Lookup::Name, &digest);
            }
        }
    }

    /// What a record says, if the next one with the same words says the same and nothing else. `reading`: the position
    /// of its reading.
    pub(super) fn statement_of(
        &mut self,
        reading: usize,
        record: &InterpretedRecord<'_, '_>,
        testimony: &Testimony<'_>,
    ) -> Option<Statement> {
        let ends = (&mut self.ids, &mut self.instances);
        statement_of(self.wanted, reading, (record, testimony), ends)
    }

    /// The input makes this statement for the first time, as another one did: what its record would have left.
    pub(super) fn add_statement(&mut self, statement: &Statement, stream: &str) {
        self.profiles.insert(&self.sources.readings[statement.reading].profile.name);
        let asked = &mut self.part.asked;
        statement.lookups.iter().for_each(|(lookup, digest)| asked.add(*lookup, digest));
        self.note_others(&statement.classes, stream);
    }

    /// A record repeats what one before said.
    pub(super) fn add_repeated(
        &mut self,
        repeats: &mut Repeats<'_>,
        (number, at): (usize, Timestamp),
        clocks: &mut ClockWatch,
    ) -> RecordFate {
        self.rejects.dated(at);
        if let Some(stream) = repeats.count(number, at, &mut self.part) {
            clocks.see_stamp(stream, at);
        }
        RecordFate::Irrelevant
    }

    /// The records that repeat others and were not taken yet.
    pub(super) fn add_rest(&mut self, repeats: &mut Repeats<'_>) {
        repeats.add_rest(&mut self.part);
    }

    /// A stream has dated records of no class.
    fn note_others(&mut self, classes: &[ClassId], stream: &str) {
        if classes.is_empty() && !self.part.with_others.contains(stream) {
            self.part.with_others.insert(stream.to_owned());
        }
    }

    /// Takes what a record says about the rotation, and says what becomes of it.
    pub(super) fn add_testimony(
        &mut self,
        frame: &Frame<'_>,
        record: &InterpretedRecord<'_, '_>,
        path_series: &str,
        mut testimony: Testimony<'_>,
    ) -> RecordFate {
        let (mapped, place) = (&record.mapped, self.place(frame));
        self.note_lookups(mapped, &testimony);
        self.add_links(place, mapped, &testimony.attributed);
        if let Some(reject) = testimony.flaw.take() {
            return self.flawed(mapped, place, testimony, reject);
        }
        let RecordTime::At(when) = mapped.time else {
            if testimony.stray.is_none() {
                return RecordFate::Irrelevant;
            }
            let context = RejectContext {
                stream: Some(testimony.stream.to_string()),
                ..RejectContext::default()
            };
            return RecordFate::Rejected(context, Reject::because("no-time"));
        };
        self.rejects.dated(when.earliest());
        self.add_dated(&testimony.stream, mapped, &testimony.attributed, (when, place));
        if loss_notice::is_in(frame.bytes) {
            self.part.note_loss(&testimony.stream, (when.earliest(), place));
        }
        if let Some(marker) = testimony.stray.take() {
            self.add_dated_stray(&testimony.stream, marker, (mapped, when), place);
        }
        if testimony.attributed.kept.is_none() {
            self.part.continuity.add_session_end(record, &testimony.stream, (when, place));
        }
        self.add_rows(place, record, path_series, &testimony)
    }

    /// Takes an old marker around the records of a text.
    pub(super) fn add_stray(
        &mut self,
        frame: &Frame<'_>,
        (stream, at): (&str, Timestamp),
        marker: FoundMarker,
    ) {
        let found = Noticed::one((at, self.place(frame)));
        self.part.note_stray(stream, marker, found);
    }

    /// Takes an old marker that a record does not use. Like an old use, it may be as late as its record may be.
    fn add_dated_stray(
        &mut self,
        stream: &str,
        marker: FoundMarker,
        (mapped, when): (&Mapped<'_>, When),
        place: Place,
    ) {
        let last = when.latest_in_any_zone();
        let last = marker.until.map_or(last, |until| until.max(last));
        let found = Noticed { count: 1, first: (when.earliest(), place), last: (last, place) };
        let entry = self.part.note_stray(stream, marker, found);
        if let Some(received) = mapped.late_arrival() {
            self.late.add_stray(entry, (received, place));
        }
    }

    /// A record that would be evidence without its flaw: its class was seen all the same.
    fn flawed(
        &mut self,
        mapped: &Mapped<'_>,
        place: Place,
        testimony: Testimony<'_>,
        reject: Reject,
    ) -> RecordFate {
        let shows_old = testimony.shows_old();
        let (stream, attributed) = (testimony.stream.to_string(), testimony.attributed);
        let mut at = None;
        match mapped.time {
            RecordTime::At(when) => {
                self.add_dated(&stream, mapped, &attributed, (when, place));
                at = Some(when.earliest());
            }
            RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => {
                let claims = attributed.classes.iter().map(|class| (stream.clone(), *class));
                self.part.claims.extend(claims);
            }
        }
        let context =
            RejectContext { stream: Some(stream), at, shows_old, ..RejectContext::default() };
        RecordFate::Rejected(context, reject)
    }

    /// Notes what this record would mean otherwise under other links.
    fn note_lookups(&mut self, mapped: &Mapped<'_>, testimony: &Testimony<'_>) {
        for (lookup, id) in self.wanted.lookups_of(mapped, testimony) {
            if let Some(digest) = self.ids.first_lookup(id, lookup) {
                self.part.asked.add(lookup, &digest);
            }
        }
        if let Some(action) = testimony.action.as_ref().filter(|_| testimony.awaits_markers) {
            self.part.asked.action(action);
        }
    }

    fn add_links(&mut self, place: Place, mapped: &Mapped<'_>, attributed: &Attribution<'_>) {
        let rotation = &self.wanted.rotation;
        let mut names = LinkNames::new(&rotation.markers, &mut self.ids, &mut self.instances);
        self.links.add_ids(place, mapped, &mut names);
        let classes = MatchedClasses::of(&attributed.classes, rotation);
        self.links.add_instance(place, mapped, classes, &mut names);
    }

    /// Counts a dated record: its stream was recording, and the instance it names was alive.
    fn add_dated(
        &mut self,
        stream: &str,
        mapped: &Mapped<'_>,
        attributed: &Attribution<'_>,
        (when, place): (When, Place),
    ) {
        let at = when.earliest();
        if let Some(received) = mapped.late_arrival() {
            self.late.add(at, received);
        }
        let instance = mapped.instance().map(|raw| self.instances.masked(raw));
        let cell = Cell::one(at);
        self.part.see(stream, &attributed.classes, instance.as_deref(), cell);
        let continuity = &mut self.part.continuity;
        let source = (stream, instance.as_deref());
        continuity.add_dated(source, mapped, &attributed.classes, (at, place));
        if let Some(entry) = mapped.listed {
            for (class, hour) in
                attributed.classes.iter().flat_map(|class| entry.seen().map(move |at| (class, at)))
            {
                self.part.presence.see(stream, *class, instance.as_deref(), Cell::one(hour));
            }
            return continuity.add_listed(source, entry, &attributed.classes);
        }
        self.part.beat(stream, cell);
        self.note_others(&attributed.classes, stream);
    }

    fn add_rows(
        &mut self,
        place: Place,
        record: &InterpretedRecord<'_, '_>,
        path_series: &str,
        testimony: &Testimony<'_>,
    ) -> RecordFate {
        let (Some(kept), Some(action)) = (&testimony.attributed.kept, &testimony.action) else {
            return RecordFate::Irrelevant;
        };
        if kept.rows.iter().any(|row| row.version.is_some() && row.kind.is_try()) {
            self.links.add_carrying(action, place);
        }
        let profile = &record.reading.profile;
        let context = RowContext {
            family: &profile.family,
            stream: &testimony.stream,
            action_key: action,
            link_key: self.wanted.rotation.link_key,
            place,
            path_series: profile.dated_by_path.then_some(path_series),
        };
        self.rows.add(context, &record.mapped, kept);
        RecordFate::Evidence
    }

    /// The folder of its streams.
    pub(super) fn folder(&self) -> &str {
        &self.part.folder
    }

    /// The part, once the input has ended. `read`: what reading its bytes reported.
    pub(super) fn finish(mut self, read: ReadReport) -> Result<Part, SinkError> {
        self.part.rows = self.rows.finish()?;
        self.rejects.end();
        let mut part = self.part;
        if self.skipped_old {
            part.damage.push(Damage::old_marker_in_skipped(self.rejects.last_dated));
        }
        let cells = part.pulses.values().flat_map(|pulse| pulse.0.values());
        part.is_bulk_load = self.late.is_bulk_load(cells.map(|cell| cell.records).sum());
        for (entry, received) in self.late.into_strays(part.is_bulk_load) {
            part.stray_markers.entry(entry).and_modify(|sum| sum.last = sum.last.max(received));
        }
        part.rejects = self.rejects.runs;
        part.reject_rows = self.rejects.rows;
        part.links = self.links.links;
        part.profile = self.profiles.into_iter().collect::<Vec<_>>().join(", ");
        add_claims(&mut part, self.wanted, self.sources, &self.folder);
        part.bytes = read.bytes;
        part.digest = read.digest;
        part.format = read.format;
        let last = part.span.map(|(_, last)| last);
        part.damage.extend(read.damage.into_iter().map(|damage| Damage { after: last, ..damage }));
        if self.wanted.rotation.markers.holds_old(&read.envelope) {
            part.damage.push(Damage::old_marker_around(last));
        }
        if let (Some(signs), Some(place)) = (page::signs(&read.envelope), self.last_place) {
            part.page = Some(Page { signs, place });
        }
        part.damage.extend(not_understood(self.sources, &part));
        Ok(part)
    }

    pub(super) fn place(&self, frame: &Frame<'_>) -> Place {
        frame.place(self.part.input)
    }
}
