/*! Record after record: decode, map, attribute, count. Bad data is counted, with its place, and reading goes on. */

use std::collections::BTreeSet;

use crate::attribute::{self, Attributed, Pointers, Seen, Source};
use crate::ingest::decode::json;
use crate::ingest::{Fields, Frame, Input, Visit};
use crate::limits;
use crate::map::{self, Bounds, Dated, Mapped, Reading, Told};
use crate::model::columns::Column;
use crate::model::coverage::{Damage, Pulse, Reject, RejectRow, RejectRun};
use crate::model::facts::Unmapped;
use crate::model::link::{Link, LinkKind, action_key, process_key};
use crate::model::{Kind, Micros, Place, When};

use super::batch::{Batch, Sink, SinkError};
use super::part::Part;
use super::rows::{self, RowContext, Shown};
use super::stream::{self, Folder};
use super::wanted::{SourceReading, Wanted};
use super::{StreamName, Watch};

pub(super) struct Reader<'a> {
    wanted: &'a Wanted,
    sources: &'a SourceReading,
    source: Option<&'a Source>,
    watch: &'a Watch<'a>,
    folder: Folder,
    fields: Fields<'static>,
    part: Part,
    batch: Batch,
    sink: &'a mut dyn Sink,
    /// Why the sink takes no more; what follows is only counted.
    refused: Option<SinkError>,
    shown: Shown,
    used: BTreeSet<&'a str>,
    run: Option<(BTreeSet<StreamName>, RejectRun)>,
    last: Option<Micros>,
    skipped_old: bool,
    carries: BTreeSet<String>,
}

/// The fields of a record, as match tables ask for them.
struct AtPointers<'f, 'b> {
    reading: &'f Reading,
    fields: &'f Fields<'b>,
}

impl Pointers for AtPointers<'_, '_> {
    fn pointer(&self, pointer: &str) -> Option<&str> {
        self.reading.slot(pointer).and_then(|slot| map::scalar(self.fields, slot))
    }
}

impl Visit for Reader<'_> {
    fn frame(&mut self, frame: Frame<'_>) {
        self.part.tally.records += 1;
        let mut fields = std::mem::take(&mut self.fields).recycle();
        match self.decode(&frame, &mut fields) {
            Ok(reading) => self.record(&frame, reading, &fields),
            Err(reject) => self.reject_one(&frame, None, reject),
        }
        self.fields = fields.recycle();
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.part.tally.records += 1;
        self.reject_one(&frame, None, reject);
    }

    fn skipped(&mut self, bytes: &[u8]) {
        self.skipped_old |= self.wanted.rotation.markers.holds_old(bytes);
    }

    fn progress(&mut self, stored_bytes: u64) {
        (self.watch.progress)(stored_bytes);
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        input: &Input,
        wanted: &'a Wanted,
        (sources, watch): (&'a SourceReading, &'a Watch<'a>),
        sink: &'a mut dyn Sink,
    ) -> Self {
        let source = sources.source.map(|position| &wanted.rotation.plan.sources[position]);
        let part = Part { input: input.id, path: input.path.clone(), ..Part::default() };
        Self {
            wanted,
            sources,
            source,
            watch,
            folder: Folder::of(&input.path),
            fields: Fields::default(),
            part,
            batch: Batch { input: input.id, ..Batch::default() },
            sink,
            refused: None,
            shown: Shown::default(),
            used: BTreeSet::new(),
            run: None,
            last: None,
            skipped_old: false,
            carries: BTreeSet::new(),
        }
    }

    /// The first reading that the record fits; the last fits anything.
    fn decode<'f>(
        &mut self,
        frame: &Frame<'f>,
        fields: &mut Fields<'f>,
    ) -> Result<&'a Reading, Reject> {
        let (last, specific) = self.sources.readings.split_last().expect("a source has a reading");
        for reading in specific {
            if rows::may_fit(reading, frame.bytes) {
                json::pick(frame.bytes, &reading.picks, fields)?;
                if map::fits(reading, fields) {
                    return Ok(reading);
                }
            }
        }
        json::pick(frame.bytes, &last.picks, fields)?;
        Ok(last)
    }

    fn record(&mut self, frame: &Frame<'_>, reading: &'a Reading, fields: &Fields<'_>) {
        self.used.insert(&reading.profile.name);
        let mapped = map::apply(reading, fields, Bounds { latest: self.wanted.latest });
        let pointers = AtPointers { reading, fields };
        let seen = Seen { mapped: &mapped, pointers: &pointers };
        let rotation = &self.wanted.rotation;
        let attributed = attribute::attribute(rotation, &self.wanted.learned, self.source, seen);
        let stream = self.stream(reading, &mapped);
        self.links(frame, reading, &mapped, attributed.kept.is_some());
        if let Some(reject) = self.flaw(reading, &mapped, &attributed) {
            self.reject_one(frame, Some(stream), reject);
            return;
        }
        match attributed.kept {
            Some(_) => self.part.tally.evidence += 1,
            None => self.part.tally.irrelevant += 1,
        }
        let Dated::At(when) = mapped.dated else { return };
        self.dated(&stream, &mapped, &attributed, when);
        self.unmapped(frame, &stream, &mapped, &attributed);
        self.keep(frame, reading, &mapped, (&attributed, &stream));
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
            Dated::At(_) => {}
            Dated::Missing => return Some(Reject::because("no-time")),
            Dated::Implausible => return Some(Reject::because("implausible-time")),
        }
        let Told::Unknown(word) = &mapped.told else { return None };
        let key = action_key(&self.source_name(reading), mapped.text(Column::Action));
        let mut rows = kept.rows.iter().filter(|row| row.kind.is_try());
        rows.any(|row| match row.settle {
            attribute::Settle::Sure => true,
            attribute::Settle::IfCarried(_) => {
                self.part.doubtful.insert(key.clone());
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
        if let Some((streams, mut run)) = self.run.take() {
            run.after = Some(at);
            let since =
                self.part.reject_rows.iter_mut().rev().take_while(|row| row.after.is_none());
            since.for_each(|row| row.after = Some(at));
            self.part.rejects.push((streams, run));
        }
        self.last = Some(at);
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

    /// Ties between ids stand in records of any class, dated or not.
    fn links(&mut self, frame: &Frame<'_>, reading: &Reading, mapped: &Mapped<'_>, kept: bool) {
        let when = match mapped.dated {
            Dated::At(when) => Some(when),
            Dated::Missing | Dated::Implausible => None,
        };
        let place = self.place(frame);
        for (child, parent) in &mapped.links {
            let (child, parent) = ((*child).to_owned(), (*parent).to_owned());
            self.part.links.push(Link { kind: LinkKind::Session, child, parent, when, place });
        }
        let reads =
            mapped.also.iter().filter(|also| also.kind == Kind::Refresh).map(|also| &also.uid);
        let own = mapped.uids.iter().filter(|_| mapped.kind == Some(Kind::Refresh));
        if let Some(instance) = mapped.instance() {
            let instance = self.shown.instance(instance);
            let child = process_key(&instance, mapped.instance_start.map(|start| start.0));
            for parent in reads.chain(own) {
                let (child, parent) = (child.clone(), parent.to_string());
                self.part.links.push(Link { kind: LinkKind::Process, child, parent, when, place });
            }
        }
        if !reading.profile.links.is_empty() && !kept {
            let markers = &self.wanted.rotation.markers;
            let unknown = mapped.uids.iter().filter(|uid| markers.version(uid).is_none());
            self.part.ids.extend(unknown.map(ToString::to_string));
        }
    }

    /// An old marker that stands in a decoded record where no field is mapped.
    fn unmapped(
        &mut self,
        frame: &Frame<'_>,
        stream: &str,
        mapped: &Mapped<'_>,
        attributed: &Attributed<'_>,
    ) {
        let markers = &self.wanted.rotation.markers;
        let Some((version, pointer)) = rows::unmapped(markers, frame.bytes, mapped, attributed)
        else {
            return;
        };
        let Dated::At(when) = mapped.dated else { return };
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
        reading: &Reading,
        mapped: &Mapped<'_>,
        (attributed, stream): (&Attributed<'_>, &str),
    ) {
        let Some(kept) = &attributed.kept else { return };
        let key = action_key(&self.source_name(reading), mapped.text(Column::Action));
        if kept
            .rows
            .iter()
            .any(|row| row.version.is_some() && row.settle == attribute::Settle::Sure)
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
        };
        rows::push(&mut self.batch, &mut self.shown, context, mapped, kept);
        if self.batch.rows.len() >= limits::BATCH_ROWS {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let next = Batch { input: self.batch.input, ..Batch::default() };
        let batch = std::mem::replace(&mut self.batch, next);
        self.shown.forget_symbols();
        self.part.rows += batch.rows.len() as u64;
        if self.refused.is_none() {
            self.refused = self.sink.batch(batch).err();
        }
    }

    fn place(&self, frame: &Frame<'_>) -> Place {
        frame.place(self.part.input)
    }

    fn reject_one(&mut self, frame: &Frame<'_>, stream: Option<StreamName>, reject: Reject) {
        self.part.tally.rejected += 1;
        let place = self.place(frame);
        let holds_old = std::mem::take(&mut self.skipped_old)
            || self.wanted.rotation.markers.holds_old(frame.bytes);
        let before = self.last;
        let (streams, run) = self.run.get_or_insert_with(|| {
            let run = RejectRun {
                input: place.input,
                streams: Vec::new(),
                count: 0,
                reasons: std::collections::BTreeMap::new(),
                before,
                after: None,
                old_marker: None,
                first: place,
            };
            (BTreeSet::new(), run)
        });
        run.count += 1;
        streams.extend(stream.clone());
        *run.reasons.entry(reject.reason.to_owned()).or_insert(0) += 1;
        if holds_old {
            let (count, first) = run.old_marker.unwrap_or((0, place));
            run.old_marker = Some((count + 1, first));
        }
        if self.part.reject_rows.len() < limits::REJECT_ROWS {
            let (excerpt, old_marker) = (rows::excerpt(frame.bytes), holds_old);
            let row = RejectRow {
                place,
                stream,
                reason: reject,
                before,
                after: None,
                old_marker,
                excerpt,
            };
            self.part.reject_rows.push(row);
        }
    }

    /// The part, once all records were seen.
    pub(super) fn finish(mut self) -> Result<Part, SinkError> {
        self.hand_on();
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        self.part.rejects.extend(self.run.take());
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
