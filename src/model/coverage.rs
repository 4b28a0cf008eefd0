/*! What was read, what was not, and when a stream provably recorded. */

use std::collections::BTreeMap;

use super::place::{InputId, Place};
use super::time::{Timestamp, When};

/// The number of a stream in a run, in the order of stream names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u32);

/// The records of one minute of a stream: how many, the first, the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Records in this minute.
    pub records: u64,
    /// The first of them.
    pub first: Timestamp,
    /// The last of them.
    pub last: Timestamp,
}

impl Cell {
    /// A cell of one record.
    pub fn one(at: Timestamp) -> Self {
        Self { records: 1, first: at, last: at }
    }

    /// Both cells as one; in any order the same.
    pub fn join(&mut self, other: Self) {
        self.records += other.records;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// When a stream recorded: a cell for each minute that has any record. Union is associative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse(pub BTreeMap<Timestamp, Cell>);

impl Pulse {
    /// Counts one dated record; an interval counts at both ends.
    pub fn beat(&mut self, when: When) {
        self.join_cell(Cell::one(when.earliest()));
    }

    /// Adds the cells of another pulse.
    pub fn join(&mut self, other: &Self) {
        for cell in other.0.values() {
            self.join_cell(*cell);
        }
    }

    fn join_cell(&mut self, cell: Cell) {
        self.0.entry(cell.first.minute()).and_modify(|own| own.join(cell)).or_insert(cell);
    }

    /// The latest instant before that one that is known; of a minute's records the first and the last are.
    pub fn last_before(&self, at: Timestamp) -> Option<Timestamp> {
        let cells = self.0.range(..=at.minute()).rev().map(|(_, cell)| cell);
        let known = cells.flat_map(|cell| [cell.last, cell.first]);
        known.into_iter().find(|known| *known < at)
    }

    /// The latest instant of the stream.
    pub fn last(&self) -> Option<Timestamp> {
        self.0.values().next_back().map(|cell| cell.last)
    }
}

/// Something read but not understood: why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The cause in kebab-case: `bad-json`, `no-time`, `unknown-outcome`.
    pub reason: &'static str,
    /// More about it, without bytes of the record.
    pub detail: String,
}

impl Reject {
    /// A reject without more to say than its cause.
    pub fn because(reason: &'static str) -> Self {
        Self { reason, detail: String::new() }
    }

    /// A reject with what was found.
    pub fn with(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// Rejected records that follow each other without a dated one between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectRun {
    /// The input.
    pub input: InputId,
    /// The streams they may belong to: the record's, else all of the input's.
    pub streams: Vec<StreamId>,
    /// How many follow each other.
    pub count: u64,
    /// The causes with their counts.
    pub reasons: BTreeMap<String, u64>,
    /// The nearest dated record before.
    pub before: Option<Timestamp>,
    /// The nearest dated record after.
    pub after: Option<Timestamp>,
    /// How many hold the bytes of an old marker, and where the first of these stands.
    pub old_marker: Option<(u64, Place)>,
    /// Where the first stands.
    pub first: Place,
}

/// One rejected record, for whoever wants to mend the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectRow {
    /// Where it stands.
    pub place: Place,
    /// Its stream, if known.
    pub stream: Option<String>,
    /// The cause.
    pub reason: String,
    /// More about it.
    pub detail: String,
    /// The nearest dated record before.
    pub before: Option<Timestamp>,
    /// The nearest dated record after.
    pub after: Option<Timestamp>,
    /// Does it hold the bytes of an old marker?
    pub old_marker: bool,
    /// Its first characters, masked.
    pub excerpt: String,
}

/// Something that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What happened, for people: `gzip stream ends early after 4096 bytes`.
    pub what: String,
    /// Bytes of the uncompressed stream that were read before it.
    pub offset: u64,
    /// The last dated record before it, in its input.
    pub after: Option<Timestamp>,
    /// Do the bytes read, but not framed, hold an old marker?
    pub old_marker: bool,
}

/// What became of the records of an input. The sums balance: `records` is the sum of the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All records.
    pub records: u64,
    /// Those that attribute_record.
    pub evidence: u64,
    /// Those that say nothing about this rotation.
    pub irrelevant: u64,
    /// Those not understood.
    pub rejected: u64,
    /// Those delivered twice.
    pub duplicate: u64,
}

impl Tally {
    /// Do the sums add up?
    pub fn balances(self) -> bool {
        self.records == self.evidence + self.irrelevant + self.rejected + self.duplicate
    }

    /// Adds the counts of another tally.
    pub fn add(&mut self, other: Self) {
        self.records += other.records;
        self.evidence += other.evidence;
        self.irrelevant += other.irrelevant;
        self.rejected += other.rejected;
        self.duplicate += other.duplicate;
    }
}
