/*! Jobs of several consumers that are one: they have one id, and were queued at one instant. */

use std::collections::HashMap;

use super::columns::JOB_ID;
use super::evidence::{Job, Seen};
use crate::model::Timestamp;
use crate::scan::Sym;

/// The jobs of each id and instant.
pub(super) struct SameJobs(HashMap<(Sym, Timestamp), Vec<Job>>);

impl SameJobs {
    pub(super) fn of<'r>(rows: impl Iterator<Item = (Job, Seen<'r>)>) -> Self {
        let mut same: HashMap<(Sym, Timestamp), Vec<Job>> = HashMap::new();
        for (job, seen) in rows {
            let Some(queued) = seen.measured.enqueued else { continue };
            let jobs = same.entry((seen.texts[JOB_ID], queued)).or_default();
            if !jobs.contains(&job) {
                jobs.push(job);
            }
        }
        Self(same)
    }

    /// The jobs, other than its own, that a row tells of.
    pub(super) fn others(&self, job: Job, seen: Seen<'_>) -> impl Iterator<Item = Job> {
        let queued = seen.measured.enqueued;
        let jobs = queued.and_then(|queued| self.0.get(&(seen.texts[JOB_ID], queued)));
        jobs.into_iter().flatten().copied().filter(move |other| *other != job)
    }
}
