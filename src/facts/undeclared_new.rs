/*! Who uses a new version and matches no consumer of the plan. */

use std::cmp::Reverse;

use super::ends::Uses;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::State;
use crate::model::reads::UndeclaredNew;
use crate::scan::Sym;

pub(super) fn fold(asked: Beginning<'_>) -> Vec<UndeclaredNew> {
    let mut groups: Groups<[Sym; 5], Uses> = Groups::default();
    let uses = asked.known().filter(|seen| {
        seen.class.is_none()
            && seen.state == State::New
            && seen.binding.proves()
            && seen.kind.is_try()
            && seen.earliest() >= asked.t0()
    });
    for seen in uses {
        groups.of(seen.hints()).add(seen);
    }
    groups.facts(|(hints, uses)| UndeclaredNew {
        hints: asked.hints(hints),
        events: uses.events,
        first: uses.first(),
        last: uses.last(),
    })
}

/// Most uses first.
pub(super) fn sort(groups: &mut [UndeclaredNew]) {
    groups.sort_by(|left, right| {
        (Reverse(left.events), &left.hints).cmp(&(Reverse(right.events), &right.hints))
    });
}
