/*! How to plan a rotation better: which model fits, who moves first, where one credential would be better split, and
 * which field to log. There is no verdict in it.
 */

use super::class::PathKind;
use super::cutover::ModelState;
use super::time::{Duration, Timestamp};
use super::who::Unread;

/// A way of cutting over, held against the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelAdvice {
    /// The model, as plans name it.
    pub model: &'static str,
    /// Does the plan declare it?
    pub is_declared: bool,
    /// Whether the records fit it.
    pub state: ModelState,
    /// The condition that decides.
    pub why: String,
}

/// Why a consumer moves at its place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Its attempts are refused now.
    Refused,
    /// It is on the primary path and uses the old version.
    PrimaryOnOld,
    /// It is on the background path and uses the old version.
    BackgroundOnOld,
    /// It is on the exception path and uses the old version.
    ExceptionOnOld,
    /// It works on the new version, and a member of it was not seen to.
    Member,
    /// Its version is not known.
    Unseen,
}

impl Turn {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::PrimaryOnOld => "primary_on_old",
            Self::BackgroundOnOld => "background_on_old",
            Self::ExceptionOnOld => "exception_on_old",
            Self::Member => "member",
            Self::Unseen => "unseen",
        }
    }
}

/// A consumer that is still to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextMove {
    /// Its name in the plan.
    pub consumer: String,
    /// How important its path is.
    pub path: PathKind,
    /// Why it moves at this place.
    pub turn: Turn,
    /// How many of its members that used the old version were not seen to move.
    pub members: u64,
    /// The longest time between two of its runs, if known.
    pub every: Option<Duration>,
    /// How long it must be free of old use after its move.
    pub needed: Duration,
    /// What makes it take the new version.
    pub step: String,
}

/// What tells the groups of a split apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitBy {
    /// How often they run.
    Rhythm,
    /// How they take a new value.
    Refresh,
    /// Who answers for them.
    Owner,
    /// The importance of their path.
    Path,
}

impl SplitBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rhythm, Self::Refresh, Self::Owner, Self::Path];

    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rhythm => "rhythm",
            Self::Refresh => "refresh",
            Self::Owner => "owner",
            Self::Path => "path",
        }
    }
}

/// Consumers that could share a credential of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitGroup {
    /// What they have in common.
    pub name: String,
    /// Their names, in the plan's order.
    pub consumers: Vec<String>,
    /// How long the slowest of them must be free of old use: what a rotation of their own would have to wait.
    pub wait: Duration,
}

/// One way to split the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// By what.
    pub by: SplitBy,
    /// The groups, the one with the shortest wait first.
    pub groups: Vec<SplitGroup>,
}

/// Attempts of a consumer in a log source that show no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmarked {
    /// Whose attempts they are.
    pub consumer: String,
    /// Where they are logged.
    pub source: String,
    /// The profile that reads it, and the fields in which it looks for a marker.
    pub profile: String,
    /// As JSON Pointers, columns or named groups.
    pub fields: Vec<String>,
    /// How many of its attempts there show none.
    pub attempts: u64,
    /// How many attempts it has there, those through a fallback not counted.
    pub of: u64,
}

/// The answer of `plan advise`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What is rotated.
    pub credential: String,
    /// The latest instant that was looked at.
    pub as_of: Timestamp,
    /// Each way of cutting over, in the order of plans.
    pub models: Vec<ModelAdvice>,
    /// The one that fits best, if any consumer has moved.
    pub fitting: Option<&'static str>,
    /// Who is still to move, the first first.
    pub order: Vec<NextMove>,
    /// Who was seen on the new version and has no member left on the old one.
    pub moved: Vec<String>,
    /// How long the whole rotation must wait with one credential.
    pub wait: Duration,
    /// The ways to split the credential that shorten the wait of somebody, the best first.
    pub splits: Vec<Split>,
    /// Where no marker is logged, the most attempts first.
    pub unmarked: Vec<Unmarked>,
    /// What was not read, and may hide a consumer.
    pub unread: Vec<Unread>,
}
