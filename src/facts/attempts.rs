/*! How many attempts of each consumer were retries, before the change and with the new version since. */

use std::collections::HashSet;

use super::ends::Uses;
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::facts::Attempts;
use crate::model::{ClassBasis, ClassId, Duration, Outcome, State, Timestamp};

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Attempts> {
    let t0 = asked.t0();
    let mut days: Groups<(ClassId, bool, bool), HashSet<i64>> = Groups::default();
    let mut groups: Groups<(ClassId, bool, bool, bool), Uses> = Groups::default();
    for seen in asked.known().filter(|seen| seen.kind.is_try() && counts(*seen, t0)) {
        let Some(class) = seen.class else { continue };
        let is_new = seen.state == State::New;
        let is_retry = seen.measured.attempt.is_some_and(|attempt| attempt > 1);
        let has_worked = seen.outcome == Outcome::Success && !seen.degraded;
        let apart = (seen.earliest() - t0).0.abs();
        days.of((class, is_new, is_retry)).insert(apart / Duration::DAY.0);
        groups.of((class, is_new, is_retry, has_worked)).add(seen);
    }
    groups.facts(|((class, is_new, is_retry, has_worked), uses)| Attempts {
        class,
        is_new,
        days: days.get((class, is_new, is_retry)).map_or(0, |days| days.len() as u64),
        is_retry,
        has_worked,
        events: uses.events,
        first: uses.first(),
        last: uses.last(),
    })
}

fn counts(seen: Seen<'_>, t0: Timestamp) -> bool {
    if seen.earliest() < t0 {
        return seen.state != State::New && seen.is_own();
    }
    seen.state == State::New && seen.basis == ClassBasis::Matched && seen.binding.proves()
}

pub(super) fn sort(attempts: &mut [Attempts]) {
    attempts.sort_by_key(|group| (group.class, group.is_new, group.is_retry, group.has_worked));
}
