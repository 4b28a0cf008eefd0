/*! The adoption ledger: one row for each class, with the facts on which its verdict rests. */

use super::class::{ClassId, PathKind, Refresh, Use};
use super::holder::Facet;
use super::place::At;
use super::time::{Duration, Timestamp};
use super::verdict::Verdict;
use super::why_ready::WhyReady;

/// The version in use by a class or an instance, according to the evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It uses only old versions.
    Old,
    /// It uses only new versions.
    New,
    /// It uses both.
    Mixed,
    /// No evidence shows a version.
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

    /// The version in use of two parts taken together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, known) | (known, Self::Unknown) => known,
            (left, right) if left == right => left,
            (_, _) => Self::Mixed,
        }
    }
}

/// What the silence of a class means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SilenceState {
    /// There is no evidence of the class at any time.
    NeverSeen,
    /// No log of the class covers the window.
    Unobservable,
    /// There are attempts in the window.
    Active,
    /// Its next run is due after the report's time.
    NotDue,
    /// Its next run was due before the report's time, and there was none.
    Overdue,
    /// It is silent, and without a known cadence nothing says whether a run is due.
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

/// What became of a member of a class that used the old version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderState {
    /// It used the new version after its last old use.
    Moved,
    /// Its end is recorded.
    Stopped,
    /// It has been silent for long enough by its own rhythm.
    Silent,
    /// It has not been silent for long enough yet.
    Waiting,
    /// It is gone, and no record shows its end.
    Lost,
    /// It has no rhythm by which to judge its silence.
    Unknown,
}

impl HolderState {
    /// All states, in the order of reports.
    pub const ALL: [Self; 6] =
        [Self::Moved, Self::Stopped, Self::Silent, Self::Waiting, Self::Lost, Self::Unknown];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Stopped => "stopped",
            Self::Silent => "silent",
            Self::Waiting => "waiting",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
        }
    }

    /// May it still hold the old version?
    pub fn is_open(self) -> bool {
        match self {
            Self::Waiting | Self::Lost | Self::Unknown => true,
            Self::Moved | Self::Stopped | Self::Silent => false,
        }
    }
}

/// A member of a class that used the old version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// What tells it apart.
    pub facet: Facet,
    /// The value of that facet.
    pub value: String,
    /// What became of it.
    pub state: HolderState,
    /// When it last used the old version.
    pub last_old_use: Option<At>,
    /// Its first success with the new version since the change.
    pub first_new_success: Option<Timestamp>,
    /// The longest pause between two of its runs.
    pub rhythm: Option<Duration>,
    /// How long it must be silent, if that is known.
    pub needed: Option<Duration>,
    /// Until when silence will do, if it will.
    pub until: Option<Timestamp>,
    /// The rows that show it.
    pub cited: Vec<At>,
}

/// How long a class must be silent on the old version, and how long it has been.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Silence {
    /// What the silence means; `None` for indirect and disabled classes.
    pub state: Option<SilenceState>,
    /// The last attempt.
    pub last_seen: Option<Timestamp>,
    /// How much logged time without old use is needed.
    pub needed: Duration,
    /// How much logged time there was since the last old use.
    pub elapsed: Duration,
    /// The longest gap between two runs according to the plan.
    pub declared: Option<Duration>,
    /// The longest gap between two runs that was learned from the baseline.
    pub learned: Option<Duration>,
    /// Is one fresh success enough, however long the silence was?
    pub settled: bool,
    /// Independent occasions since the last old use on which the class could have used the old version and used the new
    /// one.
    pub chances: u64,
    /// The upper bound of the share of uses that still go to the old version, at 95 % confidence.
    pub bound: Option<f64>,
    /// Whatever still uses the old version unseen does so less often than once in this time (99 %, at a constant rate).
    pub residual: Option<Duration>,
}

/// Was the exception path exercised?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExceptionTest {
    /// It has a fresh success.
    Passed,
    /// It was refused, and has no fresh success after that.
    Failed,
    /// It has neither succeeded nor been refused.
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

/// `n` of `of`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many have the property.
    pub n: u64,
    /// How many there are.
    pub of: u64,
}

/// What one layer of evidence shows about a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerView {
    /// The version in use according to this layer.
    pub truth: Truth,
    /// The last row of this layer.
    pub last: Option<At>,
}

/// The facts about one class.
#[derive(Clone, Debug)]
pub struct LedgerRow {
    /// Its number in the plan.
    pub class: ClassId,
    /// Its name in the plan.
    pub name: String,
    /// How often and when it runs.
    pub path: PathKind,
    /// Does it authenticate itself?
    pub usage: Use,
    /// The owner that the plan names.
    pub owner: Option<String>,
    /// When it takes a new value of the credential.
    pub refresh: Option<Refresh>,
    /// Does the plan declare it switched off?
    pub disabled: bool,
    /// The business effects at risk, from the plan.
    pub effects: Vec<String>,
    /// What is made from the credential and outlives a change, such as session keys.
    pub derived: Vec<String>,
    /// May the old version be revoked, judging by this class alone?
    pub verdict: Verdict,
    /// The version in use.
    pub truth: Truth,
    /// What each layer shows, in the order of `Layer::ALL`.
    pub layers: [LayerView; 3],
    /// The last old use up to the report's time.
    pub last_old_use: Option<At>,
    /// The first successful attempt with the new version.
    pub first_new_success: Option<At>,
    /// The last successful attempt with the new version.
    pub last_new_success: Option<At>,
    /// Whether the exception path was exercised.
    pub exception_test: ExceptionTest,
    /// Attempts by state and outcome, in the orders of `State::ALL` and `Outcome::ALL`.
    pub events: [[u64; 5]; 3],
    /// Attempts through a fallback in the baseline.
    pub degraded_before: Share,
    /// Attempts through a fallback after the baseline.
    pub degraded_after: Share,
    /// Failed attempts in the baseline: refused, denied, or failed for another reason.
    pub failed_before: Share,
    /// Failed attempts after the baseline.
    pub failed_after: Share,
    /// The number of instances by version in use: old, new, mixed, unknown.
    pub instances: [u64; 4],
    /// Who used the old version, and what became of each.
    pub holders: Vec<HolderRow>,
    /// How many more values of a facet used the old version than are followed.
    pub holders_left_out: u64,
    /// How long it must be silent, and how long it has been.
    pub silence: Silence,
    /// When the old version may be revoked at the earliest, if waiting alone is enough.
    pub earliest: Option<Timestamp>,
    /// The findings about this class, as positions in the decision's list.
    pub findings: Vec<usize>,
    /// What its proof is made of, if it is ready.
    pub why_ready: Option<WhyReady>,
}
