/*! What each consumer did in each hour, with which version, and with which outcome. */

use std::collections::HashSet;

use super::columns::ENVIRONMENT;
use super::ends::Uses;
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::facts::Activity;
use crate::model::{
    Binding, ClassBasis, ClassId, Kind, MarkerShown, Outcome, State, TimeBasis, Timestamp,
    VersionId,
};
use crate::scan::Sym;

/// What rows of a group share.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Alike {
    class: ClassId,
    basis: ClassBasis,
    /// Stream, instance and environment.
    texts: [Sym; 3],
    version: Option<VersionId>,
    state: State,
    binding: Binding,
    shown: MarkerShown,
    kind: Kind,
    outcome: Outcome,
    degraded: bool,
    single: bool,
    hour: Timestamp,
    /// On which side of each instant they lie.
    sides: [bool; 4],
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Activity> {
    let foreign = foreign_before(asked);
    let mut groups: Groups<Alike, Uses> = Groups::default();
    for seen in asked.rows() {
        let Some(class) = seen.class else { continue };
        let judged = if seen.state == State::Old { seen.latest() } else { seen.earliest() };
        let alike = Alike {
            class,
            basis: seen.basis,
            texts: [seen.stream, seen.instance(), seen.texts[ENVIRONMENT]],
            version: seen.version,
            state: seen.state,
            binding: seen.binding,
            shown: shown(seen, class, &foreign),
            kind: seen.kind,
            outcome: seen.outcome,
            degraded: seen.degraded,
            single: seen.count == 1 && seen.when.basis != TimeBasis::Coarse,
            hour: judged.hour(),
            sides: [
                judged < asked.t0(),
                judged < asked.window_from(),
                judged <= asked.as_of(),
                judged < asked.revoked(),
            ],
        };
        groups.of(alike).add(seen);
    }
    groups.facts(|(alike, uses)| Activity {
        class: alike.class,
        basis: alike.basis,
        stream: asked.stream(alike.texts[0]),
        instance: asked.shared(alike.texts[1]),
        environment: asked.shared(alike.texts[2]),
        version: alike.version,
        state: alike.state,
        binding: alike.binding,
        shown: alike.shown,
        kind: alike.kind,
        outcome: alike.outcome,
        degraded: alike.degraded,
        single: alike.single,
        count: uses.events,
        first: uses.first(),
        last: uses.last(),
    })
}

/// Markers outside the plan that consumers showed before the change.
fn foreign_before(asked: Beginning<'_>) -> HashSet<(Sym, ClassId)> {
    let before = asked.rows().filter(|seen| {
        seen.uid != Sym::NONE && seen.version.is_none() && seen.earliest() < asked.t0()
    });
    before.filter_map(|seen| Some((seen.uid, seen.class?))).collect()
}

fn shown(seen: Seen<'_>, class: ClassId, foreign: &HashSet<(Sym, ClassId)>) -> MarkerShown {
    if seen.binding.proves() {
        MarkerShown::Plan
    } else if seen.uid == Sym::NONE {
        MarkerShown::None
    } else if foreign.contains(&(seen.uid, class)) {
        MarkerShown::Foreign
    } else {
        MarkerShown::Novel
    }
}

pub(super) fn sort(activity: &mut [Activity]) {
    activity.sort_by_key(|cell| (cell.class, cell.first.row, cell.last.row, cell.instance.clone()));
}
