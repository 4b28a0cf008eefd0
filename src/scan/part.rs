/*! What one input gives besides its rows: counts, pulses, presence, links, rejects, damage. */

use std::collections::{BTreeMap, BTreeSet};

use super::continuity::Continuity;
use super::link_queries::LinkQueries;
use super::page::Page;
use super::statements::Statement;
use super::stream::StreamName;
use super::unread_markers::{FoundMarker, StrayEntry};
use crate::model::coverage::{Cell, Pulse, RejectRow, RejectRun, Tally};
use crate::model::damage::Damage;
use crate::model::link::Link;
use crate::model::noticed::{DatedPlace, Noticed};
use crate::model::{ClassId, Duration, InputId, Timestamp};

/// The hours with any record of a class and instance in a stream. Records without an instance have the empty name.
#[derive(Clone, Debug, Default)]
pub struct Presence(pub BTreeMap<(StreamName, ClassId, String), BTreeMap<Timestamp, Cell>>);

impl Presence {
    /// Counts dated records of one hour.
    pub fn see(&mut self, stream: &str, class: ClassId, instance: Option<&str>, cell: Cell) {
        let key = (stream.to_owned(), class, instance.unwrap_or_default().to_owned());
        self.0
            .entry(key)
            .or_default()
            .entry(cell.first.hour())
            .and_modify(|hour| hour.join(cell))
            .or_insert(cell);
    }
}

/// Rejected records in a row, before streams have numbers.
#[derive(Clone, Debug)]
pub struct RejectedRun {
    /// The streams of those whose stream is known.
    pub streams: BTreeSet<StreamName>,
    /// The stream of some is unknown: these may belong to any stream of the input.
    pub unplaced: bool,
    /// What is known of the run.
    pub run: RejectRun,
}

/// The result of a scan of one input. It depends on other inputs only through `Wanted`.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The number of the input.
    pub input: InputId,
    /// The member of the input; 0 is the input itself.
    pub member: u32,
    /// The path as given. For a member, with the path in the archive: `logs.zip!app/a.jsonl`.
    pub path: String,
    /// The folder as it appears in the names of its streams.
    pub folder: String,
    /// The position of its source in the plan.
    pub source: Option<usize>,
    /// Bytes as stored.
    pub bytes: u64,
    /// The digest of the stored bytes.
    pub digest: Option<String>,
    /// Container and framing.
    pub format: String,
    /// The profiles that read it.
    pub profile: String,
    /// How many records there are of each fate. Sealing finds the duplicates.
    pub tally: Tally,
    /// When its streams recorded.
    pub pulses: BTreeMap<StreamName, Pulse>,
    /// The streams that hold dated records of no class.
    pub with_others: BTreeSet<StreamName>,
    /// The streams of a class, by the plan or by a record, whether or not a dated record was seen.
    pub claims: BTreeSet<(StreamName, ClassId)>,
    /// How long its streams may be silent, by the plan.
    pub max_gaps: BTreeMap<StreamName, Duration>,
    /// For an archive, the streams of its members: damage of the archive may affect each.
    pub within: BTreeSet<StreamName>,
    /// Which classes and instances were active in which hours.
    pub presence: Presence,
    /// The links between ids that its records state.
    pub links: Vec<Link>,
    /// The link lookups on which the scan rests.
    pub asked: LinkQueries,
    /// The earliest stamp that was too late to be true.
    pub beyond: Option<Timestamp>,
    /// Runs of rejected records.
    pub rejects: Vec<RejectedRun>,
    /// The first `limits::REJECT_ROWS` rejected records.
    pub reject_rows: Vec<RejectRow>,
    /// Old markers in fields that are not mapped, by stream, pointer, version and hour.
    pub stray_markers: BTreeMap<StrayEntry, Noticed>,
    /// Records that say that others were lost, by stream and hour.
    pub lost: BTreeMap<(StreamName, Timestamp), Noticed>,
    /// Running numbers, samples, ends of sessions, listings.
    pub continuity: Continuity,
    /// What its last page says of those that follow.
    pub page: Option<Page>,
    /// What was not read.
    pub damage: Vec<Damage>,
    /// The earliest and the latest time of its records.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Its records were all received within an hour and are spread over more than a day: they were loaded in bulk, so
    /// their arrival says nothing about their clocks.
    pub is_bulk_load: bool,
    /// How many rows it gave to the sink.
    pub rows: u64,
}

impl Part {
    /// Counts dated records of one minute: their classes and their instance were active.
    pub(super) fn see(
        &mut self,
        stream: &str,
        classes: &[ClassId],
        instance: Option<&str>,
        cell: Cell,
    ) {
        let (first, last) = self.span.unwrap_or((cell.first, cell.last));
        self.span = Some((first.min(cell.first), last.max(cell.last)));
        for class in classes {
            self.presence.see(stream, *class, instance, cell);
        }
    }

    /// Counts dated records of one minute: their stream was recording.
    pub(super) fn beat(&mut self, stream: &str, cell: Cell) {
        match self.pulses.get_mut(stream) {
            Some(pulse) => pulse.join_cell(cell),
            None => self.pulses.entry(stream.to_owned()).or_default().join_cell(cell),
        }
    }

    /// Counts records of one minute that made a statement.
    pub(super) fn add_statement(&mut self, statement: &Statement, stream: &str, cell: Cell) {
        let instance = statement.instance.as_ref().map(|named| named.masked.as_ref());
        self.see(stream, &statement.classes, instance, cell);
        self.beat(stream, cell);
    }

    /// Counts a record that says that others were lost.
    pub(super) fn note_loss(&mut self, stream: &str, found: DatedPlace) {
        let (key, found) = ((stream.to_owned(), found.0.hour()), Noticed::one(found));
        self.lost.entry(key).and_modify(|sum| sum.join(found)).or_insert(found);
    }

    /// Counts an old marker in a decoded record that does not show it as its credential. The answer is its entry.
    pub(super) fn note_stray(
        &mut self,
        stream: &str,
        marker: FoundMarker,
        found: Noticed,
    ) -> StrayEntry {
        let FoundMarker { version, why, place, .. } = marker;
        let key = (stream.to_owned(), why, place, version, found.first.0.hour());
        self.stray_markers.entry(key.clone()).and_modify(|sum| sum.join(found)).or_insert(found);
        key
    }

    /// Gives the part its number among all inputs and members that were read.
    pub fn renumber(&mut self, input: InputId) {
        self.member = 0;
        self.stand_in(input);
    }

    /// Gives the part the number of its input in this run, in all its places.
    pub fn stand_in(&mut self, input: InputId) {
        self.input = input;
        self.links.iter_mut().for_each(|link| link.place.input = input);
        self.reject_rows.iter_mut().for_each(|row| row.place.input = input);
        let noticed = self.lost.values_mut().chain(self.stray_markers.values_mut());
        noticed.for_each(|found| found.stand_in(input));
        self.continuity.stand_in(input);
        if let Some(page) = &mut self.page {
            page.place.input = input;
        }
        for run in self.rejects.iter_mut().map(|rejected| &mut rejected.run) {
            (run.input, run.first.input) = (input, input);
            if let Some((_, first)) = &mut run.old_marker {
                first.input = input;
            }
        }
    }
}
