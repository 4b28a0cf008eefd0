/*! The course of a rotation: what happened, in order of time, and what is still to come. */

use super::class::ClassId;
use super::finding::{Code, Severity};
use super::place::At;
use super::replay::CurvePoint;
use super::time::{Duration, Span, Timestamp};
use super::verdict::Verdict;

pub use super::replay::Readiness;

/// What the report draws and lists along the time axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// From the first to the last instant that is drawn.
    pub span: Span,
    /// One lane for each class in the plan's order, then one for undeclared consumers.
    pub lanes: Vec<Lane>,
    /// What happened, in order of time.
    pub timeline: Vec<Milestone>,
    /// After a revocation: the first cycle of each class.
    pub watch: Vec<Watch>,
    /// After a revocation: what broke, in order of time.
    pub broken: Vec<Broken>,
    /// What a revocation at each hour would have cost.
    pub what_if: Vec<CurvePoint>,
    /// The verdict at earlier hours, judged by the records up to then.
    pub readiness: Vec<Readiness>,
    /// What the records up to the revocation show.
    pub known: Option<KnownAtRevocation>,
}

/// The kinds of attempts that a lane tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trace {
    /// With the old version, whatever their outcome.
    Old,
    /// Successes with the new version.
    New,
    /// Through a fallback or a weaker path.
    Degraded,
    /// Without a known version.
    Unversioned,
    /// Refused, denied, or failed for another reason.
    Failure,
}

impl Trace {
    /// All kinds, in the order in which a lane shows them.
    pub const ALL: [Self; 5] =
        [Self::Old, Self::New, Self::Degraded, Self::Unversioned, Self::Failure];

    /// The words in reports.
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

/// Attempts of one kind that lie close together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Their kind.
    pub trace: Trace,
    /// From the first to the last of them.
    pub span: Span,
    /// How many there are.
    pub count: u64,
}

/// Which failures of a lane are drawn as an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alarm {
    /// All: a finding cites failures of the class, or it broke at the revocation.
    #[default]
    All,
    /// Those since the change: they are more frequent than before it, or there were none.
    SinceChange,
    /// None: they are as frequent as before the change.
    Never,
}

/// One class along the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The class; `None` for consumers that the plan does not declare.
    pub class: Option<ClassId>,
    /// Its attempts, by kind and time.
    pub marks: Vec<Mark>,
    /// Which of its failures are drawn as an alarm.
    pub alarm: Alarm,
    /// The intervals in which its streams did not record.
    pub holes: Vec<Span>,
    /// Its last days up to the report's time, the latest last. Empty for undeclared consumers.
    pub days: Vec<Day>,
}

/// What a class did in one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Day {
    /// It attempted nothing.
    #[default]
    Nothing,
    /// It used the old version, and did not succeed with the new one.
    Old,
    /// It succeeded with the new version, and did not use the old one.
    New,
    /// It used the old version and succeeded with the new one.
    Both,
    /// It made attempts, and neither used the old version nor succeeded with the new one.
    Neither,
}

/// The kinds of milestones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The new version became valid.
    Introduced,
    /// A class succeeded with the new version for the first time.
    FirstNewSuccess,
    /// A class used the old version for the last time.
    LastOldUse,
    /// A class was refused for the first time since the change.
    FirstFailure,
    /// A class was refused for the last time.
    LastFailure,
    /// A class succeeded with the new version again, and has not been refused since.
    Recovered,
    /// The old version is to be revoked.
    RevokeTarget,
    /// The old version was revoked.
    Revoked,
    /// The time for which the report is made.
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

/// An event at a time, of a class or of the rotation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Milestone {
    /// When it happened, or will happen.
    pub time: Timestamp,
    /// What happened.
    pub event: Event,
    /// The class; `None` if it concerns the whole rotation.
    pub class: Option<ClassId>,
    /// The record that says so.
    pub at: Option<At>,
}

/// Whether a class has run since the revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cycle {
    /// It should have run by now, and has not succeeded with the new version.
    Overdue,
    /// No cadence is known, so nothing says when it runs.
    Unknown,
    /// Its run is still to come.
    Due,
    /// It has succeeded with the new version.
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
    /// The class that is watched.
    pub class: ClassId,
    /// Whether it has run.
    pub cycle: Cycle,
    /// When it must have run; `None` if no cadence is known.
    pub due: Option<Timestamp>,
    /// Its first fresh success after the revocation.
    pub at: Option<At>,
}

/// What broke in one class after the revocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Broken {
    /// The class that failed.
    pub class: ClassId,
    /// The number of failed attempts.
    pub failures: u64,
    /// The first sign: work through a fallback, a failure, or a use of the old version.
    pub sign: At,
    /// The first failed attempt.
    pub first: At,
    /// The last failed attempt.
    pub last: At,
    /// The time from the revocation to the first failed attempt.
    pub delay: Duration,
    /// Successes through a fallback since the revocation. Without it they would have failed.
    pub hidden: u64,
    /// The success after which nothing failed.
    pub recovered: Option<At>,
}

/// The report as it would have been at the revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAtRevocation {
    /// When the old version was revoked.
    pub at: Timestamp,
    /// The verdict of that report.
    pub verdict: Verdict,
    /// The findings that kept it from ready.
    pub findings: Vec<KnownFinding>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFinding {
    /// The code of its rule.
    pub rule: Code,
    /// What it does to the verdict.
    pub severity: Severity,
    /// The class; `None` for the rotation.
    pub class: Option<ClassId>,
    /// Its sentence.
    pub summary: String,
}
