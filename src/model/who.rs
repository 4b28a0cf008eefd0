/*! Who holds a credential, by what exports show of it: counted, without a plan and without a verdict. */

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::Column;
use super::credential::VersionId;
use super::evidence::Kind;
use super::facts::Stray;
use super::place::At;
use super::time::{Duration, Span, Timestamp};

/// What somebody does with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// Presents it, whatever the answer.
    Uses,
    /// Has a session or connection open that was made with it.
    Holds,
    /// Was handed it by the store that keeps it.
    Reads,
    /// Names it: lists it, makes or changes it, or starts with it.
    Names,
}

impl Does {
    /// All of them, in the order of answers.
    pub const ALL: [Self; 4] = [Self::Uses, Self::Holds, Self::Reads, Self::Names];

    /// What records of this kind show.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Auth | Kind::Work => Self::Uses,
            Kind::Open | Kind::Close => Self::Holds,
            Kind::Refresh => Self::Reads,
            Kind::Lookup | Kind::Job | Kind::Start | Kind::Stop | Kind::Declare => Self::Names,
        }
    }

    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Uses => "uses",
            Self::Holds => "holds",
            Self::Reads => "reads",
            Self::Names => "names",
        }
    }
}

/// Records of one minute in which the same somebody does the same with a credential.
#[derive(Clone, Debug)]
pub struct MarkerUse {
    /// The marker that they show, by its number in the question.
    pub version: VersionId,
    /// What they say.
    pub kind: Kind,
    /// The log source that holds them, by its number.
    pub stream: u32,
    /// Who it was, by each column that the records fill.
    pub facets: BTreeMap<Column, Arc<str>>,
    /// How many occurrences they stand for.
    pub events: u64,
    /// How many of them were refused or denied.
    pub refused: u64,
    /// How many show the credential through a link: a session key, a lease, a token that was issued from it.
    pub linked: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// A record that was seen, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it happened, if it says so.
    pub time: Option<Timestamp>,
    /// The input that holds it.
    pub input: String,
    /// Its number in the input.
    pub record: u64,
}

/// Somebody who has to do with a credential.
#[derive(Clone, Debug)]
pub struct MarkerHolder<P> {
    /// The marker, by its number in the question.
    pub version: VersionId,
    /// What they do with it.
    pub does: Does,
    /// The name that a plan would give the consumer, and the column that gives it; of records that name nobody, the log
    /// source.
    pub guess: (String, Option<Column>),
    /// Who it is, by each column in which they are told apart from others.
    pub facets: BTreeMap<Column, Arc<str>>,
    /// How many values the other columns have.
    pub many: BTreeMap<Column, u64>,
    /// How many occurrences.
    pub events: u64,
    /// How many of them were refused or denied.
    pub refused: u64,
    /// How many show the credential through a link.
    pub linked: u64,
    /// The first record.
    pub first: P,
    /// The last record.
    pub last: P,
    /// From the first to the last.
    pub span: Span,
    /// The usual and the longest time between two minutes with such records. Without a second minute there is none.
    pub gaps: Option<(Duration, Duration)>,
}

impl<P> MarkerHolder<P> {
    /// When the next one is expected, by the usual time between two.
    pub fn next_expected(&self) -> Option<Timestamp> {
        Some(self.span.to + self.gaps?.0)
    }

    /// Is the next one late: has more time gone by than there ever was between two?
    pub fn is_overdue(&self, at: Timestamp) -> bool {
        self.gaps.is_some_and(|(_, longest)| self.span.to + longest < at)
    }
}

/// Records that hold a marker where no field is read as the credential.
#[derive(Clone, Debug)]
pub struct UnmappedMarker {
    /// The marker, by its number in the question.
    pub version: VersionId,
    /// Why it is no use.
    pub why: Stray,
    /// The log source.
    pub stream: String,
    /// The field as JSON Pointer, empty where there is none; of a marker that is spelled otherwise, what is logged.
    pub place: String,
    /// How many records.
    pub records: u64,
    /// The first of them.
    pub first: Seen,
    /// The last of them.
    pub last: Seen,
}

/// What was not read, and could hide a use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// It holds the marker, so it does hide something.
    pub holds_marker: bool,
    /// The path that holds it.
    pub input: String,
    /// What is wrong with it.
    pub what: String,
    /// How many records, where they are known.
    pub records: Option<u64>,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// How many inputs.
    pub inputs: u64,
    /// How many records.
    pub records: u64,
    /// From the first dated record to the last.
    pub span: Option<Span>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The markers in question, as asked.
    pub markers: Vec<String>,
    /// The instant of the last record.
    pub as_of: Option<Timestamp>,
    /// Only what happened since then counts, if a stretch of time was asked for.
    pub since: Option<Timestamp>,
    /// Those who use it, then those who hold, read and name it; of each the latest first.
    pub holders: Vec<MarkerHolder<Seen>>,
    /// Where the marker stands in fields that are not read.
    pub unmapped: Vec<UnmappedMarker>,
    /// What was not read.
    pub unread: Vec<Unread>,
    /// What the sources that were read never record: profile and events.
    pub never: Vec<(String, Vec<String>)>,
    /// Inputs that were read and show the marker nowhere.
    pub without: Vec<String>,
    /// The folder of all inputs, with a slash at its end; empty if they share none.
    pub root: String,
    /// What was read.
    pub read: Read,
}
