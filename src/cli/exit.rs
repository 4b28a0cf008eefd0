/*! Exit statuses: a promise to scripts and CI gates. All other numbers are reserved. */

use std::fmt::Write;

use crate::model::decision::Verdict;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every consumer is ready, or a command without a verdict succeeded.
    Ready,
    /// The environment failed, or there is a bug; no verdict.
    Failed,
    /// Wrong arguments.
    Usage,
    /// A plan, profile or query has mistakes.
    Invalid,
    /// Nothing readable was found.
    NoInput,
    /// The old version is still in use, or somebody would fail without it.
    NotReady,
    /// There is too little evidence to decide.
    Inconclusive,
}

impl Exit {
    /// All statuses, in the order of their numbers.
    pub(super) const ALL: [Self; 7] = [
        Self::Ready,
        Self::Failed,
        Self::Usage,
        Self::Invalid,
        Self::NoInput,
        Self::NotReady,
        Self::Inconclusive,
    ];

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

    /// The words of `--help`.
    fn short(self) -> &'static str {
        match self {
            Self::Ready => "ready (or a command without a verdict succeeded)",
            Self::Failed => "failed",
            Self::Usage => "wrong usage",
            Self::Invalid => "a plan, profile, query or report is invalid",
            Self::NoInput => "no readable input",
            Self::NotReady => "not ready",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The sentence of `explain` and of the reference, without its capital and full stop.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Ready => {
                "every consumer is ready, or a command without a verdict succeeded. A pipeline may revoke on this status \
                 alone. With `--exit-zero`, not ready and inconclusive end with 0 too"
            }
            Self::Failed => {
                "a file could not be opened or written, or holdover has a bug; there is no verdict"
            }
            Self::Usage => {
                "the arguments are wrong, or the files they name do not belong together, such as reports of two credentials or \
                 parts of another plan"
            }
            Self::Invalid => {
                "a plan, a profile, a query or a report is invalid, and each mistake is named with its place; or there is no plan"
            }
            Self::NoInput => "nothing readable was found",
            Self::NotReady => {
                "the old version is still in use, or a consumer would fail without it. From `verify`: the old version was \
                 used, and the report does not know it"
            }
            Self::Inconclusive => {
                "there is too little evidence to decide: a consumer was not seen on the new version, or was not logged. From \
                 `verify`: the report no longer holds, or not all of it could be checked. From `seal`: inputs have to be \
                 scanned again"
            }
        }
    }

    /// The last line of `--help`.
    pub(super) fn help() -> String {
        let mut text = String::from("Exit status: ");
        for (position, exit) in Self::ALL.into_iter().enumerate() {
            let comma = if position > 0 { ", " } else { "" };
            let _infallible = write!(text, "{comma}{} {}", exit.code(), exit.short());
        }
        text.push('.');
        text
    }
}
