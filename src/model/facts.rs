/*! The facts: all that a verdict may rest on. The answers of queries, small whatever the input, no opinions. */

use std::sync::Arc;

use super::class::{ClassBasis, ClassId};
use super::coverage::{Pulse, RejectRun, StreamId, Tally};
use super::credential::{Binding, MarkerShown, State, VersionId};
use super::evidence::{Kind, Layer, Outcome};
use super::place::{At, InputId, Place};
use super::replay::OldHour;
use super::time::{Duration, Span, Timestamp};

/// Everything the judge sees besides the plan.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// `A`: the instant that the report speaks of.
    pub as_of: Timestamp,
    /// Classified rows, grouped by all that rules ask for and by the hour.
    pub activity: Vec<Activity>,
    /// Minutes with tries of a class.
    pub ticks: Vec<Tick>,
    /// Who was alive when, and when it started.
    pub instances: Vec<Instance>,
    /// What configuration and runtime records state of classes and instances.
    pub statements: Vec<Statement>,
    /// Streams with times that name no zone.
    pub zoneless: Vec<Zoneless>,
    /// The sources that were read, by the name of their profile.
    pub sources: Vec<Source>,
    /// Old use that no class matches, grouped by its hints.
    pub undeclared: Vec<Undeclared>,
    /// Jobs that were queued before the change and tried after it.
    pub crossing: Vec<Crossing>,
    /// Jobs from before the change whose last try since ended badly.
    pub boundary: Vec<Boundary>,
    /// Jobs from before the change that never succeeded.
    pub backlog: Vec<Backlog>,
    /// First tries and retries, before the change and with the new version.
    pub attempts: Vec<Attempts>,
    /// How long undegraded successes took, and how much they gave.
    pub amounts: Vec<Amount>,
    /// Uses of the old version, hour by hour.
    pub old_hours: Vec<OldHour>,
    /// The streams, in the order of `StreamId`.
    pub streams: Vec<Stream>,
    /// By how much clocks differ, as far as shared requests tell.
    pub skews: Vec<Skew>,
    /// Runs of rejected records.
    pub rejects: Vec<RejectRun>,
    /// Old markers in places that no field maps.
    pub unmapped: Vec<Unmapped>,
    /// The inputs, in the order of `InputId`.
    pub inputs: Vec<Input>,
    /// The sums over all inputs.
    pub accounting: Tally,
}

/// Rows of evidence that are alike, within one hour. Cut also at `T0` and at the ends of the
/// window, so that all rows of a group lie on one side of each.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The class.
    pub class: ClassId,
    /// By what the rows belong to it.
    pub basis: ClassBasis,
    /// Their stream.
    pub stream: StreamId,
    /// Their instance, if logged.
    pub instance: Option<Arc<str>>,
    /// Their environment, if logged.
    pub environment: Option<Arc<str>>,
    /// The version of the plan.
    pub version: Option<VersionId>,
    /// Its state.
    pub state: State,
    /// How they are tied to it.
    pub binding: Binding,
    /// Which marker they show.
    pub shown: MarkerShown,
    /// What they state.
    pub kind: Kind,
    /// What came of it.
    pub outcome: Outcome,
    /// Through a fallback or a weaker path?
    pub degraded: bool,
    /// Is each row one event at an instant (not an aggregate, not an interval)?
    pub single: bool,
    /// How many occurrences the rows stand for.
    pub count: u64,
    /// The first row.
    pub first: At,
    /// The last row.
    pub last: At,
}

/// The tries of a class in one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The class.
    pub class: ClassId,
    /// Were they degraded?
    pub degraded: bool,
    /// Are they the class's own use of what is to be replaced: of no other class, with no other credential, not new
    /// before its time?
    pub own: bool,
    /// How many.
    pub count: u64,
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// The latest end of any; later than `last` only where times are coarse.
    pub end: Timestamp,
}

/// By how much the clocks of two streams differ at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Both streams, the smaller number first.
    pub streams: (StreamId, StreamId),
    /// How many requests stand in both.
    pub requests: u64,
    /// The smallest difference of any of these.
    pub offset: Duration,
}

/// One running copy of a class.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// The class.
    pub class: ClassId,
    /// Its name.
    pub name: Arc<str>,
    /// When any record of it was seen; split at an hour without any.
    pub presence: Vec<Span>,
    /// The latest start that is logged (a start record, or the start time on other records).
    pub started: Option<At>,
    /// The stream in which that start is logged.
    pub started_in: Option<StreamId>,
    /// How many different starts are logged.
    pub starts: u64,
    /// The latest refresh that is logged.
    pub refreshed: Option<At>,
    /// The latest stop that is logged.
    pub stopped: Option<At>,
}

/// Records that state, without using it, which version a class or an instance should use or has loaded.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The class.
    pub class: ClassId,
    /// The instance; none: the class itself.
    pub instance: Option<Arc<str>>,
    /// Their stream.
    pub stream: StreamId,
    /// Configuration or runtime.
    pub layer: Layer,
    /// The state of the version.
    pub state: State,
    /// How many records.
    pub records: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// Records of a stream whose times name no zone: UTC was assumed.
#[derive(Clone, Copy, Debug)]
pub struct Zoneless {
    /// The stream.
    pub stream: StreamId,
    /// How many records.
    pub records: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// A kind of export that was read.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The profile that reads it.
    pub profile: String,
    /// What it never records.
    pub never: Vec<String>,
    /// The streams that were read by it.
    pub streams: Vec<StreamId>,
}

/// Old use that no class matches.
#[derive(Clone, Debug, Default)]
pub struct Undeclared {
    /// Column and value of each hint that the rows share.
    pub hints: Vec<(&'static str, Arc<str>)>,
    /// How many occurrences.
    pub events: u64,
    /// The first row.
    pub first: Option<At>,
    /// The last row.
    pub last: Option<At>,
    /// How many at or after `T0`, with the first and last of these.
    pub since: u64,
    /// The first at or after `T0`.
    pub since_first: Option<At>,
    /// Different instances.
    pub instances: u64,
    /// Different hours of the clock.
    pub hours: u64,
    /// A guess at the longest gap between two runs, from the hours.
    pub cadence: Option<Duration>,
}

/// Jobs of a class that were queued before the change and tried after it.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// The class.
    pub class: ClassId,
    /// How many jobs.
    pub jobs: u64,
    /// One of their tries after the change.
    pub example: At,
}

/// Jobs that were queued before the change and whose last try since was refused, denied or made with an old version.
#[derive(Clone, Copy, Debug)]
pub struct Boundary {
    /// The class that tried them last.
    pub class: ClassId,
    /// What came of that try.
    pub outcome: Outcome,
    /// Was it made with an old version in the window?
    pub is_old: bool,
    /// How much later another stream shows a better try of each, in whole minutes; at most a day.
    pub later: Duration,
    /// How many jobs.
    pub jobs: u64,
    /// The first such try.
    pub first: At,
    /// The last.
    pub last: At,
}

/// Jobs of a class that were queued in the days before the change and did not succeed since.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    /// The class that had them last.
    pub class: ClassId,
    /// How many jobs.
    pub jobs: u64,
    /// When the oldest was queued.
    pub oldest: Timestamp,
    /// The first of the last records of each.
    pub first: At,
    /// The last of these.
    pub last: At,
}

/// Tries of a class: of the baseline, or with the new version since the change.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    /// The class.
    pub class: ClassId,
    /// With the new version since the change, or of the baseline?
    pub is_new: bool,
    /// Are they retries?
    pub is_retry: bool,
    /// Are they undegraded successes?
    pub has_worked: bool,
    /// How many.
    pub events: u64,
    /// The first.
    pub first: At,
    /// The last.
    pub last: At,
}

/// What is measured of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// How long it took, in milliseconds.
    Duration,
    /// How much it gave: bytes, tokens, rows.
    Size,
}

impl Measure {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Duration, Self::Size];
}

/// A stretch of time around the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// Before it; what is not new.
    Baseline,
    /// From it to the window; what is new.
    Since,
    /// The first half of the window, as far as it follows the change; what is not old.
    FirstHalf,
    /// The second.
    SecondHalf,
}

/// Undegraded successes of a class that took as long, or gave as much, to three digits.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// The class.
    pub class: ClassId,
    /// What is measured.
    pub measure: Measure,
    /// When.
    pub period: Period,
    /// How much, in hundred-thousandths.
    pub value: u64,
    /// How many successes.
    pub events: u64,
    /// The first.
    pub first: At,
    /// The last.
    pub last: At,
}

/// The records of one source that share a clock and a cadence.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// Its name.
    pub name: String,
    /// The classes of which it holds a record, or that its source names; sorted.
    pub carries: Vec<ClassId>,
    /// When it recorded.
    pub pulse: Pulse,
    /// The silence that its source declares to be a hole.
    pub max_gap: Option<Duration>,
    /// Where records are known to be missing: after this instant up to the next record.
    pub breaks: Vec<Timestamp>,
    /// Periods of a series of files that are missing.
    pub missing: Vec<Span>,
    /// The inputs it was read from.
    pub inputs: Vec<InputId>,
}

/// Records that hold an old marker where no field is mapped.
#[derive(Clone, Debug)]
pub struct Unmapped {
    /// The stream.
    pub stream: StreamId,
    /// The old version whose marker it is.
    pub version: VersionId,
    /// The JSON Pointer under which it stands, if the format has pointers.
    pub pointer: String,
    /// How many records.
    pub count: u64,
    /// The first of them.
    pub first: (Timestamp, Place),
    /// The last of them.
    pub last: (Timestamp, Place),
}

/// What was read from one input.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The path as given, and the member inside an archive.
    pub path: String,
    /// Bytes as stored.
    pub bytes: u64,
    /// SHA-256 of the bytes as stored, in hexadecimal.
    pub sha256: Option<String>,
    /// Container and framing: `gzip, lines`.
    pub format: String,
    /// The profile that read it.
    pub profile: String,
    /// What became of its records.
    pub tally: Tally,
    /// The earliest time in it.
    pub first_time: Option<Timestamp>,
    /// The latest time in it.
    pub last_time: Option<Timestamp>,
    /// What was not read.
    pub damage: Vec<super::coverage::Damage>,
    /// The streams it belongs to.
    pub streams: Vec<StreamId>,
}
