/*! In which minutes each consumer made attempts, and with the credential that is replaced or another. */

use super::ends::Uses;
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::facts::Tick;
use crate::model::{ClassBasis, ClassId, State, Timestamp};

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Tick> {
    let mut groups: Groups<(ClassId, bool, bool, Timestamp), Uses> = Groups::default();
    for seen in asked.known().filter(|seen| seen.kind.is_try()) {
        let Some(class) = seen.class else { continue };
        let key = (class, seen.degraded, is_own(seen, asked.t0()), seen.earliest().minute());
        groups.of(key).add(seen);
    }
    groups.facts(|((class, degraded, own, _), uses)| Tick {
        class,
        degraded,
        own,
        count: uses.events,
        first: uses.first().earliest(),
        last: uses.last().earliest(),
        end: uses.last().latest(),
    })
}

fn is_own(seen: Seen<'_>, t0: Timestamp) -> bool {
    let is_too_early = seen.state == State::New && seen.earliest() < t0;
    seen.basis == ClassBasis::Matched && !is_too_early && seen.is_own()
}

pub(super) fn sort(ticks: &mut [Tick]) {
    ticks.sort_by_key(|tick| (tick.class, tick.first, tick.degraded, tick.own));
}
