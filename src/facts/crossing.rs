/*! For how many jobs that were queued before the change each consumer made attempts after it. */

use super::columns::JOB_ID;
use super::ends::{Ends, least};
use super::evidence::{Beginning, Job, Seen};
use super::groups::Groups;
use crate::model::facts::Crossing;
use crate::model::{ClassId, Timestamp};
use crate::scan::Sym;

/// When each job was queued: as stated, or when it was first seen.
pub(super) fn queued(asked: Beginning<'_>) -> Groups<Job, Option<Timestamp>> {
    let mut queued: Groups<Job, Option<Timestamp>> = Groups::default();
    for seen in asked.rows().filter(|seen| seen.texts[JOB_ID] != Sym::NONE) {
        if let Some(job) = asked.job(seen) {
            least(queued.of(job), Some(queued_at(seen)));
        }
    }
    queued
}

/// When a row says that its job was queued, or when it was seen.
pub(super) fn queued_at(seen: Seen<'_>) -> Timestamp {
    seen.measured.enqueued.unwrap_or_else(|| seen.earliest())
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Crossing> {
    let queued = queued(asked);
    let mut tried: Groups<(ClassId, Job), Ends> = Groups::default();
    for seen in asked.known().filter(|seen| seen.kind.is_try() && seen.earliest() >= asked.t0()) {
        let (Some(class), Some(job)) = (seen.class, asked.job(seen)) else { continue };
        let known = queued.get(job).copied().flatten();
        if seen.measured.enqueued.or(known).is_some_and(|queued| queued < asked.t0()) {
            tried.of((class, job)).add(seen);
        }
    }
    let mut classes: Groups<ClassId, (u64, Ends)> = Groups::default();
    for ((class, _), ends) in tried.iter() {
        let (jobs, examples) = classes.of(*class);
        *jobs += 1;
        let first = ends.first();
        examples.extend(first.earliest(), first.latest(), first.row);
    }
    classes.facts(|(class, (jobs, examples))| Crossing { class, jobs, example: examples.first() })
}

pub(super) fn sort(crossing: &mut [Crossing]) {
    crossing.sort_by_key(|crossing| crossing.class);
}
