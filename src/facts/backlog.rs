/*! How the jobs that were queued before the change ended, and how long they took. */

use super::crossing::queued_at;
use super::ends::{Ends, least, most};
use super::evidence::{Beginning, Job, Seen};
use super::groups::Groups;
use super::same_jobs::SameJobs;
use crate::model::facts::{Backlog, JobEnd};
use crate::model::{ClassId, Duration, Kind, Outcome, Timestamp};

/// A job that was queued so long before the change is recent.
const RECENT: Duration = Duration(7 * Duration::DAY.0);

/// Longer times are not told apart.
pub(super) const TOOK_MAX: Duration = Duration(30 * Duration::DAY.0);

/// What all records of a job say.
#[derive(Clone, Copy, Default)]
struct Whole {
    queued: Option<Timestamp>,
    /// The last time that it was queued before the change.
    last_queued: Option<Timestamp>,
    /// The same, as records state it.
    stated: Option<Timestamp>,
    done: Option<Timestamp>,
    seen: Option<Timestamp>,
    last_row: u64,
}

/// The rows that tell of jobs, with their consumers and jobs.
pub(super) fn rows_of_jobs(asked: Beginning<'_>) -> impl Iterator<Item = (ClassId, Job, Seen<'_>)> {
    let told = asked.known().filter(|seen| seen.kind.is_try() || seen.kind == Kind::Job);
    told.filter_map(move |seen| Some((seen.class?, asked.job(seen)?, seen)))
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Backlog> {
    let mut groups: Groups<Alike, (u64, Option<Timestamp>, Ends)> = Groups::default();
    for (_, whole) in jobs(asked).iter() {
        let Some(last) = asked.row(whole.last_row) else { continue };
        let Some(alike) = last.class.and_then(|class| alike(class, *whole, asked.t0())) else {
            continue;
        };
        let (jobs, oldest, ends) = groups.of(alike);
        *jobs += 1;
        least(oldest, whole.queued);
        ends.add(last);
    }
    groups.facts(|(alike, (jobs, oldest, ends))| Backlog {
        class: alike.class,
        is_recent: alike.is_recent,
        end: alike.end,
        is_seen_since: alike.is_seen_since,
        age: alike.age,
        took: alike.took,
        jobs,
        oldest: oldest.unwrap_or_default(),
        first: ends.first(),
        last: ends.last(),
    })
}

fn jobs(asked: Beginning<'_>) -> Groups<Job, Whole> {
    let t0 = asked.t0();
    let same = SameJobs::of(rows_of_jobs(asked).map(|(_, job, seen)| (job, seen)));
    let mut jobs: Groups<Job, Whole> = Groups::default();
    for (_, job, seen) in rows_of_jobs(asked) {
        let queued = queued_at(seen);
        let is_done = seen.outcome == Outcome::Success && seen.kind.is_try();
        let done = is_done.then(|| seen.latest());
        let whole = jobs.of(job);
        least(&mut whole.queued, Some(queued));
        most(&mut whole.last_queued, Some(queued).filter(|queued| *queued < t0));
        most(&mut whole.stated, seen.measured.enqueued.filter(|queued| *queued < t0));
        most(&mut whole.done, done);
        most(&mut whole.seen, Some(seen.latest()));
        whole.last_row = whole.last_row.max(seen.number);
        if is_done {
            for other in same.others(job, seen) {
                most(&mut jobs.of(other).done, done);
            }
        }
    }
    jobs
}

/// What jobs of a group share.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Alike {
    class: ClassId,
    is_recent: bool,
    end: JobEnd,
    is_seen_since: bool,
    age: Option<Duration>,
    took: Option<Duration>,
}

/// None if it was not queued before the change.
fn alike(class: ClassId, whole: Whole, t0: Timestamp) -> Option<Alike> {
    let last_queued = whole.last_queued?;
    let end = match whole.done {
        Some(done) if whole.stated.is_none_or(|stated| done >= stated) => {
            if done < t0 {
                JobEnd::Before
            } else {
                JobEnd::Since
            }
        }
        _ => JobEnd::Open,
    };
    let age = t0 - last_queued;
    let age = Duration(age.0 - age.0 % Duration::HOUR.0);
    let took = whole.done.zip(whole.queued).map(|(done, queued)| done - queued);
    let took = took.filter(|took| *took >= Duration::ZERO).map(in_minutes);
    let is_recent = last_queued >= t0 - RECENT;
    let is_compared = end == JobEnd::Open || end == JobEnd::Since && is_recent;
    Some(Alike {
        class,
        is_recent,
        end,
        is_seen_since: whole.seen >= Some(t0),
        age: Some(age).filter(|_| is_compared),
        took: took.filter(|_| end == JobEnd::Before),
    })
}

/// In whole minutes, begun ones too.
pub(super) fn in_minutes(took: Duration) -> Duration {
    if took >= TOOK_MAX {
        return TOOK_MAX;
    }
    Duration(took.0 - took.0 % Duration::MINUTE.0) + Duration::MINUTE
}

pub(super) fn sort(backlog: &mut [Backlog]) {
    backlog.sort_by_key(|jobs| {
        (jobs.class, jobs.end, jobs.is_recent, jobs.is_seen_since, jobs.age, jobs.took)
    });
}
