/*! Exit statuses: a promise to scripts and CI gates. All others are reserved. */

use std::fmt::Write;

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
    /// All, by their numbers.
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

    /// A few words, as help gives them.
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

    /// What it means to whoever called.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Ready => {
                "every class is ready, or a command without a verdict succeeded. Only this one lets a pipeline revoke. \
                 With `--exit-zero` it also stands for not ready and inconclusive"
            }
            Self::Failed => {
                "the surroundings failed, such as a file that cannot be opened or written, or there is a bug; no \
                 verdict was given"
            }
            Self::Usage => {
                "the arguments are wrong, or what they name does not belong together, such as reports of two credentials"
            }
            Self::Invalid => {
                "a plan, a profile, a query or a report does not hold; each mistake is named with its place"
            }
            Self::NoInput => "nothing readable was found",
            Self::NotReady => {
                "there is proof that the old version is still needed. Of `verify`: old use that the report does not know"
            }
            Self::Inconclusive => {
                "proof is missing: evidence or coverage is too thin to say. Of `verify`: the report does not hold any more"
            }
        }
    }

    /// All in one line, for help.
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
