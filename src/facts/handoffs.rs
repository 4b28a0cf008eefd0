/*! Which jobs each consumer took in, hour by hour, and which of them a later step completed. */

use std::collections::{HashMap, HashSet};

use super::backlog::{in_minutes, rows_of_jobs};
use super::columns::ACTION;
use super::ends::{Ends, least};
use super::evidence::{Beginning, Job, Seen};
use super::groups::Groups;
use crate::model::facts::Handoff;
use crate::model::{ClassBasis, ClassId, Duration, Outcome, State, Timestamp};
use crate::scan::Sym;

/// Class, whether it is before the change, hour, whether it was completed, and how long that took.
type Key = (ClassId, bool, Timestamp, bool, Option<Duration>);

/// A record of a job.
#[derive(Clone, Copy)]
struct Step<'r> {
    class: ClassId,
    job: Job,
    action: Sym,
    seen: Seen<'r>,
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Handoff> {
    let mut by_id: HashMap<Sym, Vec<Step<'_>>> = HashMap::new();
    let mut begun: HashSet<Job> = HashSet::new();
    let mut taken: Vec<Step<'_>> = Vec::new();
    for (class, job, seen) in rows_of_jobs(asked) {
        let step = Step { class, job, action: asked.filled(seen.texts[ACTION]), seen };
        by_id.entry(job.id).or_default().push(step);
        if begun.insert(job) && takes_in(seen, asked.t0()) {
            taken.push(step);
        }
    }
    let mut groups: Groups<Key, (u64, Ends)> = Groups::default();
    for step in taken {
        let is_baseline = step.seen.earliest() < asked.t0();
        let done = done(step, by_id.get(&step.job.id).into_iter().flatten());
        let took = done.filter(|_| is_baseline).map(|done| in_minutes(done - step.seen.earliest()));
        let hour = step.seen.earliest().hour();
        let (jobs, ends) = groups.of((step.class, is_baseline, hour, done.is_some(), took));
        *jobs += 1;
        ends.add(step.seen);
    }
    groups.facts(|((class, is_baseline, hour, is_done, took), (jobs, ends))| Handoff {
        class,
        is_baseline,
        hour,
        is_done,
        took,
        jobs,
        first: ends.first(),
        last: ends.last(),
    })
}

/// Is it a success that proves nothing against its time?
fn takes_in(seen: Seen<'_>, t0: Timestamp) -> bool {
    let wrong = if seen.earliest() < t0 { State::New } else { State::Old };
    seen.basis == ClassBasis::Matched
        && seen.outcome == Outcome::Success
        && !seen.degraded
        && seen.state != wrong
}

/// When another step completed the job.
fn done<'r>(taken: Step<'_>, steps: impl Iterator<Item = &'r Step<'r>>) -> Option<Timestamp> {
    let mut done = None;
    for step in steps {
        let is_other = (step.class, step.action) != (taken.class, taken.action);
        let queued = step.seen.measured.enqueued;
        let is_queued_alike = queued.is_some() && queued == taken.seen.measured.enqueued;
        let is_same_job = step.job == taken.job || is_queued_alike;
        let is_success = step.seen.outcome == Outcome::Success;
        if step.seen.number > taken.seen.number && is_success && is_other && is_same_job {
            least(&mut done, Some(step.seen.latest()));
        }
    }
    done
}

pub(super) fn sort(handoffs: &mut [Handoff]) {
    handoffs.sort_by_key(|jobs| (jobs.class, jobs.hour, jobs.is_baseline, jobs.is_done, jobs.took));
}
