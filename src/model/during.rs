/*! A rotation while it goes wrong: which instance is on what, and what to do first. There is no verdict in it. */

use super::class::PathKind;
use super::ledger::Truth;
use super::time::{Duration, Timestamp};
use super::who::Unread;

/// What an instance does now, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Now {
    /// Its attempts are refused.
    Refused,
    /// It uses both versions.
    Mixed,
    /// It uses the old version.
    Old,
    /// It works through a fallback.
    Degraded,
    /// It made no attempt lately.
    Silent,
    /// It works, and shows no version.
    Unknown,
    /// It uses the new version.
    New,
}

impl Now {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Refused,
        Self::Mixed,
        Self::Old,
        Self::Degraded,
        Self::Silent,
        Self::Unknown,
        Self::New,
    ];

    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Mixed => "mixed",
            Self::Old => "old",
            Self::Degraded => "degraded",
            Self::Silent => "silent",
            Self::Unknown => "unknown",
            Self::New => "new",
        }
    }
}

/// Attempts, counted by what they show. A refused attempt counts by its version too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempted {
    /// With the old version.
    pub old: u64,
    /// With the new version.
    pub new: u64,
    /// Without a version.
    pub unversioned: u64,
    /// Refused or denied.
    pub refused: u64,
    /// Through a fallback.
    pub degraded: u64,
}

impl Attempted {
    /// All attempts.
    pub fn all(self) -> u64 {
        self.old + self.new + self.unversioned
    }
}

/// One instance of a consumer, or a consumer whose records name no instance.
#[derive(Clone, Debug)]
pub struct InstanceNow {
    /// The consumer: its name in the plan, or the hints of one that the plan does not declare.
    pub consumer: String,
    /// How often and when it runs; of a consumer that the plan declares.
    pub path: Option<PathKind>,
    /// The name of the instance.
    pub instance: Option<String>,
    /// What it does now.
    pub now: Now,
    /// The versions that it used last.
    pub last_used: Truth,
    /// Its attempts in the last minutes.
    pub recent: Attempted,
    /// Its attempts since the change.
    pub since: Attempted,
    /// Its last attempt.
    pub last: Option<Timestamp>,
    /// What to do with it, if anything.
    pub step: Option<String>,
    /// Whether starting it again is that step.
    pub restart: bool,
}

/// A consumer that uses the old version, and what a revocation this minute does to it.
#[derive(Clone, Debug)]
pub struct Breaks {
    /// The consumer, as in [`InstanceNow`].
    pub consumer: String,
    /// How often and when it runs; of a consumer that the plan declares.
    pub path: Option<PathKind>,
    /// Its last use of the old version.
    pub last_old_use: Timestamp,
    /// The longest time between two of its runs, if it is known.
    pub every: Option<Duration>,
    /// When it fails at the latest: with its next run.
    pub fails_by: Option<Timestamp>,
    /// How many of its instances are on the old version, where they are logged.
    pub instances: u64,
    /// The business effects at risk.
    pub effects: Vec<String>,
    /// What moves it.
    pub fix: String,
}

/// What breaks if the old version is revoked this minute.
#[derive(Clone, Debug, Default)]
pub struct Leaked {
    /// Those that break, in the order in which to move them.
    pub breaks: Vec<Breaks>,
    /// Consumers that were seen on the new version alone.
    pub moved: Vec<String>,
    /// Consumers of which no record shows a version.
    pub unknown: Vec<String>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub struct During {
    /// The credential and its old versions.
    pub credential: String,
    /// The names of the old versions.
    pub old: Vec<String>,
    /// The instant of the last record, or the one that was asked for.
    pub as_of: Timestamp,
    /// When the new version became valid.
    pub introduced: Timestamp,
    /// Since when attempts count as recent.
    pub recent_from: Timestamp,
    /// The instances, the most urgent first.
    pub instances: Vec<InstanceNow>,
    /// What to leave as it is: action and consumers.
    pub freeze: Vec<(String, Vec<String>)>,
    /// What a revocation would break, if that was asked.
    pub leaked: Option<Leaked>,
    /// What was not read.
    pub unread: Vec<Unread>,
}
