/*! Jobs as facts: work that waits, crosses the change, or is handed from one step to the next. */

use super::class::ClassId;
use super::evidence::Outcome;
use super::place::At;
use super::time::{Duration, Timestamp};

/// Jobs of a class that were queued before the change and attempted after it.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// The class that attempted them.
    pub class: ClassId,
    /// The number of jobs.
    pub jobs: u64,
    /// One of their attempts after the change, to cite.
    pub example: At,
}

/// Jobs that were queued before the change and whose last attempt after it was refused, denied or made with an
/// old version.
#[derive(Clone, Copy, Debug)]
pub struct Boundary {
    /// The class that attempted them last.
    pub class: ClassId,
    /// How that attempt ended.
    pub outcome: Outcome,
    /// Was it made with an old version in the window?
    pub is_old: bool,
    /// How much later another stream logs an attempt at the same job that ended better: in whole minutes, at most a
    /// week.
    pub later: Duration,
    /// The number of jobs.
    pub jobs: u64,
    /// The first such attempt.
    pub first: At,
    /// The last such attempt.
    pub last: At,
}

/// How a job that was queued before the change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobEnd {
    /// It succeeded before the change.
    Before,
    /// It succeeded since.
    Since,
    /// It has not succeeded since it was queued last.
    Open,
}

/// Jobs of a class that were queued before the change and ended alike.
#[derive(Clone, Copy, Debug)]
pub struct Backlog {
    /// The class that had them last.
    pub class: ClassId,
    /// Were they queued in the seven days before the change?
    pub is_recent: bool,
    /// How they ended.
    pub end: JobEnd,
    /// Was any record of theirs seen after the change?
    pub is_seen_since: bool,
    /// For how long the jobs had been queued at the change, in whole hours: open jobs, and recent ones that were done
    /// since.
    pub age: Option<Duration>,
    /// How long jobs took that were done before the change, in whole minutes and at most 30 days.
    pub took: Option<Duration>,
    /// The number of jobs.
    pub jobs: u64,
    /// When the oldest of these jobs was queued.
    pub oldest: Timestamp,
    /// Of the last record of each job, the first.
    pub first: At,
    /// Of the last record of each job, the last.
    pub last: At,
}

/// Jobs that a class took in within one hour: their first record is a success of it.
#[derive(Clone, Copy, Debug)]
pub struct Handoff {
    /// The class that took them in.
    pub class: ClassId,
    /// Were they taken in before the change?
    pub is_baseline: bool,
    /// The start of that hour.
    pub hour: Timestamp,
    /// Did a later record of another class or action complete them?
    pub is_done: bool,
    /// How long that took, of jobs from before the change: in whole minutes and at most 30 days.
    pub took: Option<Duration>,
    /// The number of jobs.
    pub jobs: u64,
    /// The first record of the first job.
    pub first: At,
    /// The first record of the last job.
    pub last: At,
}
