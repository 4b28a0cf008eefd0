/*! What was read, what was not, and when a stream was provably recording. */

use std::collections::BTreeMap;

use super::class::ClassId;
use super::place::{InputId, Place};
use super::time::{Span, Timestamp, When};

/// The number of a stream in a run. Numbers follow the order of the names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u32);

/// The records of a stream in one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How many there are.
    pub records: u64,
    /// When the first happened.
    pub first: Timestamp,
    /// When the last happened.
    pub last: Timestamp,
}

impl Cell {
    /// The cell of a single record.
    pub fn one(at: Timestamp) -> Self {
        Self { records: 1, first: at, last: at }
    }

    /// Adds the records of another cell. The order of additions does not matter.
    pub fn join(&mut self, other: Self) {
        self.records += other.records;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// When a stream was recording: a cell for each minute with a record. The order of joins does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse(pub BTreeMap<Timestamp, Cell>);

impl Pulse {
    /// Counts one dated record, at the start of its interval.
    pub fn beat(&mut self, when: When) {
        self.join_cell(Cell::one(when.earliest()));
    }

    /// Adds the cells of another pulse.
    pub fn join(&mut self, other: &Self) {
        for cell in other.0.values() {
            self.join_cell(*cell);
        }
    }

    /// Counts the records of one minute.
    pub fn join_cell(&mut self, cell: Cell) {
        self.0.entry(cell.first.minute()).and_modify(|minute| minute.join(cell)).or_insert(cell);
    }

    /// The latest known instant before `at`. Of the records in a minute only the first and the last are known.
    pub fn last_before(&self, at: Timestamp) -> Option<Timestamp> {
        let cells = self.0.range(..=at.minute()).rev().map(|(_, cell)| cell);
        let known = cells.flat_map(|cell| [cell.last, cell.first]);
        known.into_iter().find(|known| *known < at)
    }

    /// When the last record happened.
    pub fn last(&self) -> Option<Timestamp> {
        self.0.values().next_back().map(|cell| cell.last)
    }
}

/// The dated records of a stream that name one class and instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// The class that they name.
    pub class: ClassId,
    /// The running copy that they name, if any.
    pub instance: Option<String>,
    /// From the first of them to the last.
    pub span: Span,
}

/// Why a record was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The cause in kebab-case: `bad-json`, `no-time`, `unknown-outcome`.
    pub reason: &'static str,
    /// More about it, without bytes of the record.
    pub detail: String,
}

impl Reject {
    /// A reject without details.
    pub fn because(reason: &'static str) -> Self {
        Self { reason, detail: String::new() }
    }

    /// A reject with details.
    pub fn with(reason: &'static str, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// Rejected records without a dated record between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectRun {
    /// The input that holds them.
    pub input: InputId,
    /// The streams they may belong to: those of the records if known, otherwise all of the input.
    pub streams: Vec<StreamId>,
    /// How many there are.
    pub count: u64,
    /// The causes with their counts.
    pub reasons: BTreeMap<String, u64>,
    /// The nearest dated record before.
    pub before: Option<Timestamp>,
    /// The nearest dated record after.
    pub after: Option<Timestamp>,
    /// How many hold an old marker, and where the first of these is.
    pub old_marker: Option<(u64, Place)>,
    /// Where the first record is.
    pub first: Place,
}

/// One rejected record, for people who want to fix the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectRow {
    /// Where the record is.
    pub place: Place,
    /// Its stream, if it is known.
    pub stream: Option<String>,
    /// The cause.
    pub reason: String,
    /// More about it.
    pub detail: String,
    /// The nearest dated record before.
    pub before: Option<Timestamp>,
    /// The nearest dated record after.
    pub after: Option<Timestamp>,
    /// It holds an old marker.
    pub old_marker: bool,
    /// Its first characters, masked.
    pub excerpt: String,
}

/// How many records of an input had each fate. `records` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All records.
    pub records: u64,
    /// Those that gave rows of evidence.
    pub evidence: u64,
    /// Those that say nothing about this rotation.
    pub irrelevant: u64,
    /// Those that were rejected.
    pub rejected: u64,
    /// Those that were delivered twice.
    pub duplicate: u64,
}

impl Tally {
    /// Whether the counts add up.
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
