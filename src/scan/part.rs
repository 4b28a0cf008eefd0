/*! What one input gives beside its rows: sums, pulses, presence, links, rejects, damage. */

use std::collections::{BTreeMap, BTreeSet};

use super::link_queries::LinkQueries;
use crate::model::coverage::{Cell, Damage, Pulse, RejectRow, RejectRun, Tally};
use crate::model::facts::Unmapped;
use crate::model::link::Link;
use crate::model::{ClassId, Duration, InputId, Timestamp, VersionId, When};

/// A stream before it has a number: its name.
pub type StreamName = String;

/// Who was seen when: hours with any record of a class and instance in a stream. The empty instance is none.
#[derive(Clone, Debug, Default)]
pub struct Presence(pub BTreeMap<(StreamName, ClassId, String), BTreeMap<Timestamp, Cell>>);

impl Presence {
    /// Counts one dated record.
    pub fn see(&mut self, stream: &str, class: ClassId, instance: Option<&str>, when: When) {
        let key = (stream.to_owned(), class, instance.unwrap_or_default().to_owned());
        let cell = Cell::one(when.earliest());
        self.0
            .entry(key)
            .or_default()
            .entry(cell.first.hour())
            .and_modify(|own| own.join(cell))
            .or_insert(cell);
    }
}

/// Rejected records that follow each other, before streams have numbers.
#[derive(Clone, Debug)]
pub struct RejectedRun {
    /// The streams that some of them name.
    pub streams: BTreeSet<StreamName>,
    /// Some of them name none: they may belong to any stream of the input.
    pub unplaced: bool,
    /// The rest.
    pub run: RejectRun,
}

/// What a scan of one input gives. Nothing in it depends on another input, except through what was wanted.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The input.
    pub input: InputId,
    /// The member of it; 0: the input itself.
    pub member: u32,
    /// Its path as given; of a member with the path in the archive: `logs.zip!app/a.jsonl`.
    pub path: String,
    /// Its folder as it stands in the names of its streams.
    pub folder: String,
    /// The source of the plan that reads it.
    pub source: Option<usize>,
    /// Bytes as stored.
    pub bytes: u64,
    /// SHA-256 of these.
    pub sha256: Option<String>,
    /// Container and framing.
    pub format: String,
    /// The profile that read it.
    pub profile: String,
    /// Records and rejects so far; the rest is settled later.
    pub tally: Tally,
    /// When its streams recorded.
    pub pulses: BTreeMap<StreamName, Pulse>,
    /// Streams that its source names for a class, whether or not a record of it was seen.
    pub claims: BTreeSet<(StreamName, ClassId)>,
    /// Declared longest silence of its streams.
    pub max_gaps: BTreeMap<StreamName, Duration>,
    /// Streams of the members of an archive: what is wrong with it may be wrong with each.
    pub within: BTreeSet<StreamName>,
    /// Who was seen.
    pub presence: Presence,
    /// Ties between ids.
    pub links: Vec<Link>,
    /// Ids that stand in records which were not kept, of sources whose ids can be linked.
    pub ids: BTreeSet<String>,
    /// There were more of these than are kept: any id may stand in it.
    pub ids_full: bool,
    /// Names of the instances that its records speak of.
    pub names: BTreeSet<String>,
    /// Of these, those of records that no class matches.
    pub strangers: BTreeSet<String>,
    /// What was asked of what links taught.
    pub asked: LinkQueries,
    /// The earliest stamp that was taken for too late to be true.
    pub beyond: Option<Timestamp>,
    /// Sources and actions of records that are rejects if these carry markers elsewhere.
    pub doubtful: BTreeSet<String>,
    /// Runs of rejected records.
    pub rejects: Vec<RejectedRun>,
    /// Rejected records one by one, up to `limits::REJECT_ROWS`.
    pub reject_rows: Vec<RejectRow>,
    /// Old markers where no field is mapped, by stream, pointer, version and hour.
    pub unmapped: BTreeMap<(StreamName, String, VersionId, Timestamp), Unmapped>,
    /// What was not read.
    pub damage: Vec<Damage>,
    /// The earliest and the latest time.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How many rows it gave.
    pub rows: u64,
}

impl Part {
    /// Gives the part the number that it has among all that was read. All its places stand in it.
    pub fn renumber(&mut self, input: InputId) {
        self.member = 0;
        self.stand_in(input);
    }

    /// Gives the part the number of its input in this run.
    pub fn stand_in(&mut self, input: InputId) {
        self.input = input;
        self.links.iter_mut().for_each(|link| link.place.input = input);
        self.reject_rows.iter_mut().for_each(|row| row.place.input = input);
        for unmapped in self.unmapped.values_mut() {
            unmapped.first.1.input = input;
            unmapped.last.1.input = input;
        }
        for run in self.rejects.iter_mut().map(|rejected| &mut rejected.run) {
            (run.input, run.first.input) = (input, input);
            if let Some((_, first)) = &mut run.old_marker {
                first.input = input;
            }
        }
    }
}
