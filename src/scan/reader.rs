/*! Record after record: decode, map, attribute, count. Bad data is counted, with its place, and reading goes on. */

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::attribute::{self, Attributed, Pointers, Seen, Source};
use crate::ingest::{Fields, Frame};
use crate::limits;
use crate::map::{self, Beyond, Bounds, Mapped, Occurrences, Reading, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::coverage::{Damage, Pulse, Reject};
use crate::model::facts::Unmapped;
use crate::model::link::{Link, LinkKind, action_key};
use crate::model::{Place, State, Timestamp, VersionId, When};

use super::batch::{Batch, Sink, SinkError};
use super::members::Origin;
use super::observer::{Observer, Sighting};
use super::part::Part;
use super::path_time::PathTime;
use super::pieces::Pieces;
use super::recognise::Heading;
use super::records::RecordFate;
use super::rejects::{Known, OpenRun};
use super::rows::{self, RowContext, Shown};
use super::stream::{self, Folder};
use super::wanted::{SourceReading, Wanted};
use super::{StreamName, Watch};

/// Where what is read goes to, of all members of an input.
pub(super) struct ScanOutputs<'a> {
    pub(super) watch: &'a Watch<'a>,
    /// Stamps that a later run may let pass.
    pub(super) beyond: Beyond,
    sink: RefCell<&'a mut dyn Sink>,
    /// Who else looks at the records.
    witness: Option<RefCell<&'a mut dyn Observer>>,
}

impl<'a> ScanOutputs<'a> {
    pub(super) fn new(
        watch: &'a Watch<'a>,
        sink: &'a mut dyn Sink,
        witness: Option<&'a mut dyn Observer>,
    ) -> Self {
        Self {
            watch,
            beyond: Beyond::default(),
            sink: RefCell::new(sink),
            witness: witness.map(RefCell::new),
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) sources: &'a SourceReading,
    source: Option<&'a Source>,
    pub(super) origin: Origin,
    pub(super) outlets: &'a ScanOutputs<'a>,
    folder: Folder,
    /// Memory of fields, for records within records too.
    pub(super) pool: Vec<Fields<'static>>,
    /// What stood before the records and says how they are written.
    pub(super) heading: Option<Heading>,
    /// When the input was taken, of records without a time of their own.
    pub(super) captured: PathTime,
    /// Are the lines those of a container runtime?
    pub(super) is_partial: bool,
    /// Pieces of lines that are not whole yet.
    pub(super) pieces: Pieces,
    pub(super) part: Part,
    batch: Batch,
    /// Why the sink takes no more; what follows is only counted.
    refused: Option<SinkError>,
    pub(super) shown: Shown,
    pub(super) used: BTreeSet<&'a str>,
    pub(super) run: Option<OpenRun>,
    pub(super) last: Option<Timestamp>,
    pub(super) skipped_old: bool,
    carries: BTreeSet<String>,
    /// Ties of instances that were told already.
    pub(super) tied: BTreeSet<(LinkKind, String, String)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(origin: Origin, wanted: &'a Wanted, outlets: &'a ScanOutputs<'a>) -> Self {
        let sources = wanted.reading(&origin.as_path());
        let source = sources.source.map(|position| &wanted.rotation.plan.sources[position]);
        let folder = Folder::of(&origin.chain);
        let part = Part {
            input: origin.input,
            member: origin.member,
            path: origin.shown(),
            folder: folder.name(None),
            source: sources.source,
            ..Part::default()
        };
        Self {
            wanted,
            sources,
            source,
            outlets,
            folder,
            pool: Vec::new(),
            heading: None,
            captured: PathTime::of(&origin.shown()),
            is_partial: false,
            pieces: Pieces::default(),
            part,
            batch: Batch { input: origin.input, member: origin.member, ..Batch::default() },
            origin,
            refused: None,
            shown: Shown::default(),
            used: BTreeSet::new(),
            run: None,
            last: None,
            skipped_old: false,
            carries: BTreeSet::new(),
            tied: BTreeSet::new(),
        }
    }

    /// Which times can be true.
    pub(super) fn bounds(&self) -> Bounds<'a> {
        Bounds { beyond: Some(&self.outlets.beyond), ..self.wanted.bounds }
    }

    /// What a mapped record says to this rotation.
    pub(super) fn attribute_record(
        &mut self,
        frame: &Frame<'_>,
        (reading, outermost): (&Reading, &Reading),
        mapped: &Mapped<'_>,
        pointers: &dyn Pointers,
    ) -> RecordFate {
        if let Some(witness) = &self.outlets.witness {
            let place = frame.place(self.part.input);
            let (member, profile) = (self.origin.member, &reading.profile.name);
            witness.borrow_mut().see(&Sighting { place, member, profile, mapped });
        }
        let also = mapped.also.iter().map(|also| &also.uid);
        mapped.uids.iter().chain(also).for_each(|uid| self.part.asked.id(uid));
        let seen = Seen { mapped, pointers };
        let rotation = &self.wanted.rotation;
        let attributed = attribute::attribute(rotation, &self.wanted.learned, self.source, seen);
        let stream = self.stream(outermost, mapped);
        self.links(frame, mapped, attributed.kept.is_some());
        self.instances(frame, mapped, &attributed.classes);
        if let Some(reject) = self.flaw(outermost, mapped, &attributed) {
            return self.flawed(stream, (mapped, &attributed), reject);
        }
        let hidden = rows::unmapped(&rotation.markers, frame.bytes, &attributed);
        let RecordTime::At(when) = mapped.dated else {
            if hidden.is_none() {
                return RecordFate::Irrelevant;
            }
            let known = Known { stream: Some(stream), ..Known::default() };
            return RecordFate::Flawed(known, Reject::because("no-time"));
        };
        self.close_run(Some(when.earliest()));
        self.last = Some(when.earliest());
        self.dated(&stream, mapped, &attributed, when);
        if let Some(found) = hidden {
            self.unmapped(frame, &stream, when, found);
        }
        self.keep(frame, (reading, outermost), mapped, (&attributed, &stream));
        if attributed.kept.is_some() { RecordFate::Evidence } else { RecordFate::Irrelevant }
    }

    /// A record that would be evidence but for its time or outcome: its class is seen all the same.
    fn flawed(
        &mut self,
        stream: StreamName,
        (mapped, attributed): (&Mapped<'_>, &Attributed<'_>),
        reject: Reject,
    ) -> RecordFate {
        let mut rows = attributed.kept.iter().flat_map(|kept| &kept.rows);
        let shows_old = rows.any(|row| row.state == State::Old);
        let mut known = Known { shows_old, ..Known::default() };
        match mapped.dated {
            RecordTime::At(when) => {
                self.dated(&stream, mapped, attributed, when);
                known.at = Some(when.earliest());
            }
            RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => {
                let claims = attributed.classes.iter().map(|class| (stream.clone(), *class));
                self.part.claims.extend(claims);
            }
        }
        known.stream = Some(stream);
        RecordFate::Flawed(known, reject)
    }

    /// Why a record that would be evidence is none: its time, or a word of its outcome.
    fn flaw(
        &mut self,
        reading: &Reading,
        mapped: &Mapped<'_>,
        attributed: &Attributed<'_>,
    ) -> Option<Reject> {
        let kept = attributed.kept.as_ref()?;
        match mapped.dated {
            RecordTime::At(_) => {}
            RecordTime::Missing => return Some(Reject::because("no-time")),
            RecordTime::Unreadable => return Some(Reject::because("unreadable-time")),
            RecordTime::Implausible => return Some(Reject::because("implausible-time")),
        }
        match mapped.counted {
            Occurrences::Times(_) | Occurrences::Grown(_) | Occurrences::State => {}
            Occurrences::Unreadable => return Some(Reject::because("bad-count")),
            Occurrences::Unknown => return Some(Reject::because("unknown-counter")),
        }
        let word = match &mapped.told {
            ReportedOutcome::Unknown(word) => word,
            // A word of a field that often holds something else: no outcome, unless it may hide a new key's refusal.
            ReportedOutcome::Doubtful(word) => {
                let proves = |row: &attribute::RowSpec<'_>| {
                    row.kind.is_try() && row.state == State::New && row.binding.proves()
                };
                let hides = kept.rows.iter().any(proves);
                return hides.then(|| Reject::with("unknown-outcome", map::shown_text(word)));
            }
            ReportedOutcome::Known(_) | ReportedOutcome::Nothing => return None,
        };
        let key = action_key(&self.source_name(reading), mapped.text(Column::Action));
        let mut rows = kept.rows.iter().filter(|row| row.kind.is_try());
        rows.any(|row| match row.settle {
            attribute::Settle::Sure => true,
            attribute::Settle::IfDerived(_) => false,
            attribute::Settle::IfCarried(_) => {
                self.part.doubtful.insert(key.clone());
                self.part.asked.actions.insert(key.clone());
                self.wanted.learned.carries.contains(&key)
            }
        })
        .then(|| Reject::with("unknown-outcome", map::shown_text(word)))
    }

    fn source_name(&self, reading: &Reading) -> String {
        match self.sources.source {
            Some(position) => format!("{}#{}", reading.profile.name, position + 1),
            None => reading.profile.name.clone(),
        }
    }

    fn stream(&self, reading: &Reading, mapped: &Mapped<'_>) -> StreamName {
        let folder = self.folder.name(mapped.instance());
        stream::name(&self.source_name(reading), &folder, mapped.stream)
    }

    /// Counts a dated record: its stream recorded, and whoever it names was alive.
    fn dated(
        &mut self,
        stream: &str,
        mapped: &Mapped<'_>,
        attributed: &Attributed<'_>,
        when: When,
    ) {
        let at = when.earliest();
        let (first, last) = self.part.span.unwrap_or((at, at));
        self.part.span = Some((first.min(at), last.max(at)));
        if let Some(pulse) = self.part.pulses.get_mut(stream) {
            pulse.beat(when);
        } else {
            let mut pulse = Pulse::default();
            pulse.beat(when);
            self.part.pulses.insert(stream.to_owned(), pulse);
        }
        let instance = mapped.instance().map(|raw| self.shown.instance(raw));
        for class in &attributed.classes {
            self.part.presence.see(stream, *class, instance.as_deref(), when);
        }
    }

    /// An old marker that stands in a decoded record where no field is mapped.
    fn unmapped(
        &mut self,
        frame: &Frame<'_>,
        stream: &str,
        when: When,
        (version, pointer): (VersionId, String),
    ) {
        let found = (when.earliest(), self.place(frame));
        let key = (stream.to_owned(), pointer.clone(), version, found.0.hour());
        let entry = self.part.unmapped.entry(key).or_insert_with(|| Unmapped {
            stream: crate::model::coverage::StreamId::default(),
            version,
            pointer,
            count: 0,
            first: found,
            last: found,
        });
        entry.count += 1;
        entry.first = entry.first.min(found);
        entry.last = entry.last.max(found);
    }

    fn keep(
        &mut self,
        frame: &Frame<'_>,
        (reading, outermost): (&Reading, &Reading),
        mapped: &Mapped<'_>,
        (attributed, stream): (&Attributed<'_>, &str),
    ) {
        let Some(kept) = &attributed.kept else { return };
        let key = action_key(&self.source_name(outermost), mapped.text(Column::Action));
        if kept.rows.iter().any(|row| row.version.is_some() && row.kind.is_try())
            && !self.carries.contains(&key)
        {
            self.carries.insert(key.clone());
            let (kind, place) = (LinkKind::Carries, self.place(frame));
            let link = Link { kind, child: key.clone(), parent: String::new(), when: None, place };
            self.part.links.push(link);
        }
        let context = RowContext {
            family: &reading.profile.family,
            stream,
            action_key: &key,
            place: self.place(frame),
            path_series: reading.profile.dated_by_path.then_some(self.captured.series.as_str()),
        };
        rows::push(&mut self.batch, &mut self.shown, context, mapped, kept);
    }

    /// Hands the rows on if there are many; between records, so that those of one stay together.
    pub(super) fn between_records(&mut self) {
        if self.batch.rows.len() >= limits::BATCH_ROWS {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let next =
            Batch { input: self.origin.input, member: self.origin.member, ..Batch::default() };
        let batch = std::mem::replace(&mut self.batch, next);
        self.shown.forget_symbols();
        self.part.rows += batch.rows.len() as u64;
        if self.refused.is_none() {
            self.refused = self.outlets.sink.borrow_mut().batch(batch).err();
        }
    }

    pub(super) fn place(&self, frame: &Frame<'_>) -> Place {
        frame.place(self.part.input)
    }

    /// The part, once all records were seen.
    pub(super) fn finish(mut self) -> Result<Part, SinkError> {
        self.end_pieces();
        self.hand_on();
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        self.close_run(None);
        if self.skipped_old {
            self.part.damage.push(Damage {
                what: "bytes in no record hold an old marker".to_owned(),
                offset: 0,
                after: self.last,
                old_marker: true,
            });
        }
        let profile = self.used.iter().copied().collect::<Vec<_>>().join(", ");
        self.part.profile = profile;
        if let Some(source) = self.source {
            let name =
                self.sources.readings.last().map_or("", |reading| reading.profile.name.as_str());
            let position = self.sources.source.unwrap_or_default() + 1;
            let own = stream::name(&format!("{name}#{position}"), &self.folder.name(None), None);
            let names: Vec<StreamName> = if self.part.pulses.is_empty() {
                vec![own]
            } else {
                self.part.pulses.keys().cloned().collect()
            };
            for name in names {
                if let Some(gap) = source.max_gap {
                    self.part.max_gaps.insert(name.clone(), gap);
                }
                self.part.claims.extend(source.class.map(|class| (name, class)));
            }
        }
        Ok(self.part)
    }
}
