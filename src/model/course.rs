/*! The course of a rotation: what happened when, in the order of the clock, and what is still to come. */

use super::class::ClassId;
use super::finding::{Code, Severity};
use super::place::At;
use super::replay::CurvePoint;
use super::time::{Duration, Span, Timestamp};
use super::verdict::Verdict;

pub use super::replay::Readiness;

/// What the report draws and lists along the axis of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// From the first to the last instant of which it speaks.
    pub span: Span,
    /// One a class, in the plan's order.
    pub lanes: Vec<Lane>,
    /// What happened, by time.
    pub timeline: Vec<Milestone>,
    /// After a revocation: the first cycle of each class.
    pub watch: Vec<Watch>,
    /// After a revocation: what broke, the first first.
    pub broken: Vec<Broken>,
    /// What a revocation at each hour would have cost.
    pub what_if: Vec<CurvePoint>,
    /// What the verdict was at the end of each of these hours, as far as records up to then tell.
    pub readiness: Vec<Readiness>,
    /// What the records up to the revocation already showed.
    pub known: Option<KnownAtRevocation>,
}

/// What tries of a class have in common, on its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trace {
    /// With the old version, whatever came of them.
    Old,
    /// Successes with the new version.
    New,
    /// Through a fallback or a weaker path.
    Degraded,
    /// Without a version that is known.
    Unversioned,
    /// Refused, not allowed, or failed.
    Failure,
}

impl Trace {
    /// All of them, in the order in which a lane shows them.
    pub const ALL: [Self; 5] =
        [Self::Old, Self::New, Self::Degraded, Self::Unversioned, Self::Failure];

    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Old => "old use",
            Self::New => "new success",
            Self::Degraded => "degraded work",
            Self::Unversioned => "work without a version",
            Self::Failure => "failure",
        }
    }
}

/// Tries of one kind that lie close together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What they have in common.
    pub trace: Trace,
    /// From the first to the last.
    pub span: Span,
    /// How many.
    pub count: u64,
}

/// One class along the axis of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which; none: consumers that nobody declared.
    pub class: Option<ClassId>,
    /// Its tries, by kind and time.
    pub marks: Vec<Mark>,
    /// Where its streams did not record.
    pub holes: Vec<Span>,
    /// Its last days up to the report's instant, the latest last; of undeclared consumers none are told.
    pub days: Vec<Day>,
}

/// What a class did in one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Day {
    /// It tried nothing.
    #[default]
    Nothing,
    /// It used the old version alone.
    Old,
    /// It succeeded with the new version, and did not use the old one.
    New,
    /// Both.
    Both,
    /// It tried, and neither used the old version nor succeeded with the new one.
    Neither,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The new version became valid.
    Introduced,
    /// A class worked with it for the first time.
    FirstNewSuccess,
    /// A class used the old version for the last time.
    LastOldUse,
    /// A class was refused for the first time since the change.
    FirstFailure,
    /// A class was refused for the last time.
    LastFailure,
    /// A class worked with the new version again, and was not refused since.
    Recovered,
    /// The old version is to go.
    RevokeTarget,
    /// It went.
    Revoked,
    /// The instant of which the report speaks.
    AsOf,
}

impl Event {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Introduced => "introduced",
            Self::FirstNewSuccess => "first-new-success",
            Self::LastOldUse => "last-old-use",
            Self::FirstFailure => "first-failure",
            Self::LastFailure => "last-failure",
            Self::Recovered => "recovered",
            Self::RevokeTarget => "revoke-target",
            Self::Revoked => "revoked",
            Self::AsOf => "as-of",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Milestone {
    /// When.
    pub time: Timestamp,
    /// What.
    pub event: Event,
    /// To which class; none: to the rotation.
    pub class: Option<ClassId>,
    /// The record that says so.
    pub at: Option<At>,
}

/// How the first cycle of a class after the revocation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cycle {
    /// It should have run by now, and did not on the new version.
    Overdue,
    /// Nobody knows when it runs.
    Unknown,
    /// It is still to come.
    Due,
    /// It worked.
    Passed,
}

impl Cycle {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Unknown => "unknown",
            Self::Due => "due",
            Self::Passed => "passed",
        }
    }
}

/// The first cycle of one class after the revocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// The class.
    pub class: ClassId,
    /// How it stands.
    pub cycle: Cycle,
    /// By when it is to have run; none: no cadence is known.
    pub due: Option<Timestamp>,
    /// Its first fresh success after the revocation.
    pub at: Option<At>,
}

/// What broke in one class after the revocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Broken {
    /// The class.
    pub class: ClassId,
    /// How many tries failed.
    pub failures: u64,
    /// The first sign: degraded work, a failure, or a use of the old version.
    pub sign: At,
    /// The first try that failed.
    pub first: At,
    /// The last.
    pub last: At,
    /// How long after the revocation the first one failed.
    pub delay: Duration,
    /// Degraded successes since the revocation: what a fallback hid.
    pub hidden: u64,
    /// The success after which nothing failed.
    pub recovered: Option<At>,
}

/// The report as it was at the revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAtRevocation {
    /// The instant of the revocation.
    pub at: Timestamp,
    /// What the report said then.
    pub verdict: Verdict,
    /// The findings that stood against it.
    pub findings: Vec<KnownFinding>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFinding {
    /// The code of its rule.
    pub rule: Code,
    /// What it does to the verdict.
    pub severity: Severity,
    /// The class; none: the rotation.
    pub class: Option<ClassId>,
    /// What it says.
    pub summary: String,
}
