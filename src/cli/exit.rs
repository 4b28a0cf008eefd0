/*! Exit statuses: a promise to scripts and CI gates. All others are reserved. */

use crate::model::decision::Verdict;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every class is ready, or a command without a verdict succeeded.
    Ready,
    /// The environment failed, or a bug; no verdict was given.
    Failed,
    /// Wrong arguments.
    Usage,
    /// A plan, profile or query has mistakes.
    Invalid,
    /// Nothing readable was found.
    NoInput,
    /// Evidence says that the old version is still needed.
    NotReady,
    /// Evidence or coverage is too thin to say.
    Inconclusive,
}

impl Exit {
    /// The status of a verdict.
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Ready => Self::Ready,
            Verdict::NotReady => Self::NotReady,
            Verdict::Inconclusive => Self::Inconclusive,
        }
    }

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Ready => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::NoInput => 4,
            Self::NotReady => 10,
            Self::Inconclusive => 11,
        }
    }
}
