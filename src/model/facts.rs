/*! The facts: everything that a verdict may rest on. They are the answers to questions: without opinions, and small
 * however large the input is. */

use std::sync::Arc;

use super::class::{ClassBasis, ClassId};
use super::continuity::{NumberSeries, OpenSessions, Sampled};
use super::coverage::{Present, Pulse, RejectRun, StreamId, Tally};
use super::credential::{Binding, MarkerShown, State, VersionId};
use super::evidence::{Kind, Layer, Outcome};
pub use super::holder::{Facet, Holder, LeftOut, OldMinute};
pub use super::jobs::{Backlog, Boundary, Crossing, Handoff, JobEnd};
use super::partial::Partial;
use super::place::{At, InputId};
use super::reads::{UndeclaredNew, UndeclaredReader};
use super::replay::OldHour;
pub use super::stray::{Stray, StrayMarker};
use super::time::{Duration, Span, Timestamp};

/// Everything the judge sees besides the plan.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The time for which the report is made: `A` in the rules.
    pub as_of: Timestamp,
    /// Classified rows, grouped by the hour and by everything that rules ask for.
    pub activity: Vec<Activity>,
    /// Minutes with attempts of a class.
    pub ticks: Vec<Tick>,
    /// When each instance was seen, and when it started.
    pub instances: Vec<Instance>,
    /// Which versions configuration and runtime records name for classes and instances.
    pub statements: Vec<Statement>,
    /// Streams with times that have no zone.
    pub zoneless: Vec<Zoneless>,
    /// The sources that were read, sorted by the name of their profile.
    pub sources: Vec<Source>,
    /// Old use that no class matches, grouped by its hints.
    pub undeclared: Vec<Undeclared>,
    /// Reads of the old version that no class matches, grouped by their hints.
    pub undeclared_reads: Vec<UndeclaredReader>,
    /// Use of the new version that no class matches, grouped by its hints; most uses first.
    pub undeclared_new: Vec<UndeclaredNew>,
    /// Jobs that were queued before the change and attempted after it.
    pub crossing: Vec<Crossing>,
    /// Jobs from before the change whose last attempt after it was refused, denied or made with an old version.
    pub boundary: Vec<Boundary>,
    /// How jobs from before the change ended.
    pub backlog: Vec<Backlog>,
    /// Jobs that classes took in, and what became of them.
    pub handoffs: Vec<Handoff>,
    /// First attempts and retries, before the change and with the new version.
    pub attempts: Vec<Attempts>,
    /// How long successes without a fallback took, and how much they returned.
    pub amounts: Vec<Amount>,
    /// Uses of the old version, hour by hour.
    pub old_hours: Vec<OldHour>,
    /// Uses of the old version since the change, minute by minute.
    pub old_minutes: Vec<OldMinute>,
    /// Who used the old version within each class, at most 1,000 values of a class and facet.
    pub holders: Vec<Holder>,
    /// How many values more there are.
    pub holders_left_out: Vec<LeftOut>,
    /// The streams, in the order of `StreamId`.
    pub streams: Vec<Stream>,
    /// By how much clocks differ, where two streams log the same requests.
    pub skews: Vec<Skew>,
    /// Rejected records, grouped by the dated records around them.
    pub rejects: Vec<RejectRun>,
    /// Old markers that stand where no field is mapped.
    pub stray_markers: Vec<StrayMarker>,
    /// What exports say themselves about records that they do not hold.
    pub partials: Vec<Partial>,
    /// Running numbers of log sources.
    pub numbers: Vec<NumberSeries>,
    /// Records that say that they are a sample.
    pub samples: Vec<Sampled>,
    /// Sessions with an old version that no record ended.
    pub open_sessions: Vec<OpenSessions>,
    /// The inputs, in the order of `InputId`.
    pub inputs: Vec<Input>,
    /// The fates of records, summed over all inputs.
    pub accounting: Tally,
}

/// Rows of evidence that are alike, within one hour. `T0` and the ends of the window split groups, so that all rows of
/// a group lie on the same side of each.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The class that the rows count for or against.
    pub class: ClassId,
    /// By what the rows belong to it.
    pub basis: ClassBasis,
    /// The stream that holds them.
    pub stream: StreamId,
    /// The running copy that they name, if logged.
    pub instance: Option<Arc<str>>,
    /// The deployment environment, if logged.
    pub environment: Option<Arc<str>>,
    /// The version, if it is one of the plan.
    pub version: Option<VersionId>,
    /// Whether that version is to be revoked.
    pub state: State,
    /// How the version is known.
    pub binding: Binding,
    /// Which kind of marker they show.
    pub shown: MarkerShown,
    /// What happened, according to the records.
    pub kind: Kind,
    /// How the attempts ended.
    pub outcome: Outcome,
    /// Through a fallback or a weaker path?
    pub degraded: bool,
    /// Is each row one event at an instant (not an aggregate, not an interval)?
    pub single: bool,
    /// How many occurrences the rows stand for.
    pub count: u64,
    /// The row that comes first by time.
    pub first: At,
    /// The row that comes last by time.
    pub last: At,
}

/// The attempts of a class in one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// The class that made them.
    pub class: ClassId,
    /// Did they go through a fallback or a weaker path?
    pub degraded: bool,
    /// Is this the class's own use of the rotated credential? False if several classes match, if another credential was
    /// used, or if a new version was used before it was introduced.
    pub own: bool,
    /// The number of attempts.
    pub count: u64,
    /// The time of the first attempt.
    pub first: Timestamp,
    /// The time of the last attempt.
    pub last: Timestamp,
    /// The latest end of any attempt. It is later than `last` only if times are coarse.
    pub end: Timestamp,
}

/// The least by which the clocks of two streams differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// The two streams, the smaller number first.
    pub streams: (StreamId, StreamId),
    /// The number of requests that both logged.
    pub requests: u64,
    /// The smallest difference between the two times of a request.
    pub offset: Duration,
}

/// One running copy of a class.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// The class that it is a copy of.
    pub class: ClassId,
    /// Its main name, after aliases are resolved.
    pub name: Arc<str>,
    /// When records of it were seen. An hour without records starts a new span.
    pub presence: Vec<Span>,
    /// The latest logged start, from a start record or from the start time on other records.
    pub started: Option<At>,
    /// The stream that logged this start.
    pub started_in: Option<StreamId>,
    /// The number of different starts.
    pub starts: u64,
    /// The last time that it read the credential again.
    pub refreshed: Option<At>,
    /// The latest logged stop.
    pub stopped: Option<At>,
    /// The stream that logged this stop.
    pub stopped_in: Option<StreamId>,
    /// When a whole listing showed other members of its class and no longer this one, which it had shown before.
    pub missing_since: Option<Timestamp>,
}

/// Records of which version a class or an instance should use or has loaded. They use no version.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The class that they name; `None` if no class of the plan matches them.
    pub class: Option<ClassId>,
    /// Whether they match that class alone.
    pub basis: ClassBasis,
    /// The kind of record: a declaration, a read, a start.
    pub kind: Kind,
    /// The instance; `None` if they name the class as a whole.
    pub instance: Option<Arc<str>>,
    /// The stream that holds them.
    pub stream: StreamId,
    /// Configuration or runtime, never behavior.
    pub layer: Layer,
    /// Whether the version is to be revoked.
    pub state: State,
    /// The number of records.
    pub records: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// Records of a stream whose times have no zone and were read as UTC.
#[derive(Clone, Copy, Debug)]
pub struct Zoneless {
    /// The stream that holds them.
    pub stream: StreamId,
    /// The number of records.
    pub records: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// A kind of export that was read.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The name of the profile that reads it.
    pub profile: String,
    /// Its blind spots: what such a source never records.
    pub never: Vec<String>,
    /// The streams that were read with this profile.
    pub streams: Vec<StreamId>,
}

/// Old use that no class matches.
#[derive(Clone, Debug, Default)]
pub struct Undeclared {
    /// Column and value of each hint that the rows share.
    pub hints: Vec<(&'static str, Arc<str>)>,
    /// The number of uses.
    pub events: u64,
    /// The row of the first use.
    pub first: Option<At>,
    /// The row of the last use.
    pub last: Option<At>,
    /// The number of uses at or after `T0`.
    pub since: u64,
    /// The first use at or after `T0`.
    pub since_first: Option<At>,
    /// The number of different instances.
    pub instances: u64,
    /// The number of different hours of the clock.
    pub hours: u64,
    /// An estimate of the longest gap between two runs, from these hours.
    pub cadence: Option<Duration>,
}

/// Attempts of a class: in the baseline, or with the new version since the change.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    /// The class that made them.
    pub class: ClassId,
    /// Were they made with the new version since the change? Otherwise they belong to the baseline.
    pub is_new: bool,
    /// On how many days there were such attempts, counted back from the change.
    pub days: u64,
    /// Are they retries?
    pub is_retry: bool,
    /// Did they succeed without a fallback?
    pub has_worked: bool,
    /// The number of attempts.
    pub events: u64,
    /// The first attempt.
    pub first: At,
    /// The last attempt.
    pub last: At,
}

/// A quantity by which the quality of work is compared before and after the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// How long the work took, in milliseconds.
    Duration,
    /// How much the work returned: bytes, tokens, rows.
    Size,
}

impl Measure {
    /// All measures, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Duration, Self::Size];
}

/// A stretch of time before or after the change, with the work that counts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Before the change; work with the new version does not count.
    Baseline,
    /// From the change to the window; only work with the new version counts.
    Since,
    /// The part of the window's first half that follows the change; work with the old version does not count.
    FirstHalf,
    /// The second half of the window, under the same conditions.
    SecondHalf,
}

/// Successes of a class without a fallback that have the same measured value, to three digits.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// The class that succeeded.
    pub class: ClassId,
    /// The quantity.
    pub measure: Measure,
    /// The stretch of time that they lie in.
    pub period: Period,
    /// The value, in hundred-thousandths of the unit.
    pub value: u64,
    /// The number of successes.
    pub events: u64,
    /// The first success.
    pub first: At,
    /// The last success.
    pub last: At,
}

/// The records of one source that share a clock and a cadence.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// The name in reports. Streams are numbered in the order of their names.
    pub name: String,
    /// The classes that it holds records of, or that its source names; sorted.
    pub carries: Vec<ClassId>,
    /// Is it a series of listings, each of which shows all that there is at one instant? Then silence means nothing.
    pub is_snapshot: bool,
    /// Does it hold dated records of no class?
    pub holds_others: bool,
    /// Which classes and instances its dated records name, and from when to when.
    pub present: Vec<Present>,
    /// The minutes with records.
    pub pulse: Pulse,
    /// The length from which a silence counts as a hole, if its source declares one.
    pub max_gap: Option<Duration>,
    /// Instants after which records are missing, up to the next record.
    pub breaks: Vec<Timestamp>,
    /// Periods whose files are missing from a series of files.
    pub missing: Vec<Span>,
    /// The inputs that hold its records.
    pub inputs: Vec<InputId>,
}

/// What was read from one input.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The path as the user gave it, with the member inside an archive.
    pub path: String,
    /// The size as stored, before decompression.
    pub bytes: u64,
    /// The digest of the bytes as stored, as `DigestKind` writes it.
    pub digest: Option<String>,
    /// Container and framing, such as `gzip, lines`.
    pub format: String,
    /// The profile that read it.
    pub profile: String,
    /// The fates of its records.
    pub tally: Tally,
    /// The earliest time in it.
    pub first_time: Option<Timestamp>,
    /// The latest time in it.
    pub last_time: Option<Timestamp>,
    /// The parts that could not be read.
    pub damage: Vec<super::damage::Damage>,
    /// The streams that its records belong to.
    pub streams: Vec<StreamId>,
}

/// The folder of all inputs, with a slash at its end; empty if they share no folder or if there is only one input.
pub fn common_folder(inputs: &[Input]) -> &str {
    let Some((first, rest)) = inputs.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return "";
    };
    let mut root = first.path.rfind('/').map_or("", |end| &first.path[..=end]);
    for input in rest {
        while !input.path.starts_with(root) {
            let above = root.trim_end_matches('/').rfind('/');
            root = above.map_or("", |end| &root[..=end]);
        }
    }
    if root == "/" { "" } else { root }
}
