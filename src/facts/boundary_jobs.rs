/*! For which jobs from before the change the last attempt in the window was refused, denied or made with an old
 * version.
 */

use std::collections::HashSet;

use super::crossing::queued;
use super::ends::{Ends, most};
use super::evidence::{Beginning, Job, Seen};
use super::groups::Groups;
use super::same_jobs::SameJobs;
use crate::model::facts::Boundary;
use crate::model::{ClassId, Duration, Outcome, State, Timestamp};
use crate::scan::Sym;

/// More than this is not told apart.
const LATER_MAX: Duration = Duration(7 * Duration::DAY.0);

/// Class, outcome, whether it is old use in the window, and how much later a better attempt is.
type Key = (ClassId, Outcome, bool, Duration);

/// An attempt at a job.
struct Attempt<'r> {
    seen: Seen<'r>,
    class: ClassId,
    job: Job,
    is_old: bool,
    /// It was refused, denied or made with an old version: until when.
    bad: Option<Timestamp>,
    /// It ended better: since when.
    good: Option<Timestamp>,
}

/// The last bad and the last good attempt.
#[derive(Clone, Copy, Default)]
struct Side {
    bad: Option<Timestamp>,
    good: Option<Timestamp>,
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Boundary> {
    let attempts = attempts(asked);
    let mut sides: Groups<(Job, Sym), Side> = Groups::default();
    let mut ends: Groups<Job, Option<Timestamp>> = Groups::default();
    let same = SameJobs::of(attempts.iter().map(|attempt| (attempt.job, attempt.seen)));
    for attempt in &attempts {
        let side = sides.of((attempt.job, attempt.seen.stream));
        most(&mut side.bad, attempt.bad);
        most(&mut side.good, attempt.good);
        most(ends.of(attempt.job), attempt.good);
        if attempt.good.is_some() {
            for other in same.others(attempt.job, attempt.seen) {
                most(&mut sides.of((other, attempt.seen.stream)).good, attempt.good);
                most(ends.of(other), attempt.good);
            }
        }
    }
    let mut groups: Groups<Key, (HashSet<Sym>, Ends)> = Groups::default();
    for attempt in &attempts {
        let side = sides.get((attempt.job, attempt.seen.stream)).copied().unwrap_or_default();
        let is_unrecovered = side.good <= side.bad;
        let Some(bad) = attempt.bad.filter(|_| is_unrecovered && attempt.bad == side.bad) else {
            continue;
        };
        let later = later(bad, ends.get(attempt.job).copied().flatten());
        let key = (attempt.class, attempt.seen.outcome, attempt.is_old, later);
        let (jobs, ends) = groups.of(key);
        jobs.insert(attempt.job.id);
        ends.add(attempt.seen);
    }
    groups.facts(|((class, outcome, is_old, later), (jobs, ends))| Boundary {
        class,
        outcome,
        is_old,
        later,
        jobs: jobs.len() as u64,
        first: ends.first(),
        last: ends.last(),
    })
}

fn attempts(asked: Beginning<'_>) -> Vec<Attempt<'_>> {
    let queued = queued(asked);
    let tried = asked
        .known()
        .filter(|seen| seen.kind.is_try() && seen.is_own() && seen.latest() >= asked.t0());
    let attempt = |seen: Seen<'_>| {
        let (class, job) = (seen.class?, asked.job(seen)?);
        let queued = seen.measured.enqueued.or(queued.get(job).copied().flatten());
        let crosses = queued.is_some_and(|queued| queued < asked.t0());
        let is_old = seen.state == State::Old
            && seen.binding.proves()
            && seen.latest() >= asked.window_from();
        let is_refused = matches!(seen.outcome, Outcome::AuthFailure | Outcome::Denied);
        let is_good = !is_old && matches!(seen.outcome, Outcome::Success | Outcome::Failure);
        let is_bad = crosses && (is_old || is_refused);
        let bad = is_bad.then(|| seen.latest());
        let good = is_good.then(|| seen.earliest());
        Some((class, job, is_old, bad, good))
    };
    let attempts = tried.filter_map(|seen| {
        let (class, job, is_old, bad, good) = attempt(seen)?;
        Some(Attempt { seen, class, job, is_old, bad, good })
    });
    attempts.collect()
}

/// How much later any log source has a better attempt: in whole minutes.
fn later(bad: Timestamp, good: Option<Timestamp>) -> Duration {
    let later = good.map_or(Duration::ZERO, |good| good - bad).max(Duration::ZERO);
    let later = later.min(LATER_MAX);
    Duration(later.0 - later.0 % Duration::MINUTE.0)
}

pub(super) fn sort(boundary: &mut [Boundary]) {
    boundary
        .sort_by_key(|jobs| (jobs.class, jobs.first.row, jobs.outcome, jobs.is_old, jobs.later));
}
