/*! The adoption ledger: one row a class, the facts on which its verdict stands. */

use super::class::{ClassId, PathKind, Refresh, Use};
use super::place::At;
use super::time::{Duration, Timestamp};
use super::verdict::Verdict;

/// Which versions a class or an instance acts on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Old only.
    Old,
    /// New only.
    New,
    /// Both.
    Mixed,
    /// Neither is shown.
    #[default]
    Unknown,
}

impl Truth {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
            Self::Mixed => "mixed",
            Self::Unknown => "unknown",
        }
    }

    /// What both together are.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, one) | (one, Self::Unknown) => one,
            (one, two) if one == two => one,
            (_, _) => Self::Mixed,
        }
    }
}

/// What the silence of a class means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SilenceState {
    /// No evidence ever.
    NeverSeen,
    /// Nothing in the window could have been seen.
    Unobservable,
    /// There are tries in the window.
    Active,
    /// Its next run lies after `A`.
    NotDue,
    /// Its next run should have been.
    Overdue,
    /// No cadence is known.
    Silent,
}

impl SilenceState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::NeverSeen => "never-seen",
            Self::Unobservable => "unobservable",
            Self::Active => "active",
            Self::NotDue => "not-due",
            Self::Overdue => "overdue",
            Self::Silent => "silent",
        }
    }
}

/// How long a class must be quiet, and how long it was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Silence {
    /// What it means; none for indirect and disabled classes.
    pub state: Option<SilenceState>,
    /// The last try.
    pub last_seen: Option<Timestamp>,
    /// How much covered time without old use is needed.
    pub needed: Duration,
    /// How much there was.
    pub elapsed: Duration,
    /// The longest gap between two runs by the plan.
    pub declared: Option<Duration>,
    /// The longest gap between two runs as learned from the baseline.
    pub learned: Option<Duration>,
    /// Does one fresh run settle it?
    pub settled: bool,
    /// Independent chances to show old since the last old use that all showed new.
    pub chances: u64,
    /// Upper bound of the share still on old, at 95 %.
    pub bound: Option<f64>,
}

/// Was the exception path exercised?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExceptionTest {
    /// A fresh success.
    Passed,
    /// An authentication failure without one after it.
    Failed,
    /// Neither.
    Missing,
    /// The class is not on the exception path.
    #[default]
    NotApplicable,
}

impl ExceptionTest {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub n: u64,
    /// The whole.
    pub of: u64,
}

/// What one layer of evidence says of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerView {
    /// Which versions it names.
    pub truth: Truth,
    /// Its last record.
    pub last: Option<At>,
}

/// One class.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// Which.
    pub class: ClassId,
    /// Its name.
    pub name: String,
    /// How often and when it runs.
    pub path: PathKind,
    /// Does it authenticate itself?
    pub usage: Use,
    /// Who owns it.
    pub owner: Option<String>,
    /// When it takes a new value.
    pub refresh: Option<Refresh>,
    /// Is the path switched off?
    pub disabled: bool,
    /// Business effects at risk.
    pub effects: Vec<String>,
    /// State made from the credential that outlives a change.
    pub derived: Vec<String>,
    /// May the old version go, as far as this class is concerned?
    pub verdict: Verdict,
    /// On which truth it stands.
    pub truth: Truth,
    /// What each layer says: configuration, runtime, behavior.
    pub layers: [LayerView; 3],
    /// The last old use up to `A`.
    pub last_old_use: Option<At>,
    /// The first new success.
    pub first_new_success: Option<At>,
    /// The last new success.
    pub last_new_success: Option<At>,
    /// Was the exception path exercised?
    pub exception_test: ExceptionTest,
    /// Tries by state and outcome, in the orders of `State::ALL` and `Outcome::ALL`.
    pub events: [[u64; 5]; 3],
    /// Degraded tries of the baseline.
    pub degraded_before: Share,
    /// Degraded tries after it.
    pub degraded_after: Share,
    /// Failed tries of the baseline: refused, not allowed, or failed.
    pub failed_before: Share,
    /// Failed tries after it.
    pub failed_after: Share,
    /// Instances by truth: old, new, mixed, unknown.
    pub instances: [u64; 4],
    /// What its silence means.
    pub silence: Silence,
    /// When it may go at the earliest, if waiting alone settles it.
    pub earliest: Option<Timestamp>,
    /// The findings on it, as positions in the decision's list.
    pub findings: Vec<usize>,
}
