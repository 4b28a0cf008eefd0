/*! The three layers of evidence of one class: what its configuration says, what its processes have loaded, what it did.
 */

use std::collections::BTreeMap;

use super::activity::{self, ClockTime};
use super::case::Case;
use super::class::ClassCase;
use super::instance::InstanceCase;
use crate::model::facts::{Activity, Statement};
use crate::model::ledger::{LayerView, Truth};
use crate::model::{At, Duration, Kind, Layer, State};

/// The layers of a class, in the order of `Layer::ALL`.
pub fn of_class(class: &ClassCase) -> [LayerView; 3] {
    Layer::ALL.map(|layer| match layer {
        Layer::Configuration | Layer::Runtime => stated(class, layer),
        Layer::Behavior => {
            LayerView { truth: class.truth, last: last_use(class).map(|row| row.last) }
        }
    })
}

fn last_use<'a>(class: &ClassCase<'a>) -> Option<&'a Activity> {
    activity::latest(
        class.tries.iter().filter(|row| activity::is_old_use(row) || activity::is_new_use(row)),
    )
}

/// The last statement of each instance that is not gone, and the last one about the class itself.
fn stated(class: &ClassCase, layer: Layer) -> LayerView {
    let gone = |name: &str| {
        class.instances.iter().any(|instance| instance.name == name && instance.is_gone())
    };
    let mut latest: BTreeMap<Option<&str>, Vec<&Statement>> = BTreeMap::new();
    let statements = class.statements.iter().copied().filter(|statement| statement.layer == layer);
    for statement in statements.filter(|statement| !statement.instance.as_deref().is_some_and(gone))
    {
        let last_stated = latest.entry(statement.instance.as_deref()).or_default();
        let (at, best) =
            (statement.last.latest(), last_stated.first().map(|first| first.last.latest()));
        if best.is_none_or(|best| at > best) {
            last_stated.clear();
        }
        if best.is_none_or(|best| at >= best) {
            last_stated.push(statement);
        }
    }
    let stated: Vec<&Statement> = latest.into_values().flatten().collect();
    let truth = stated
        .iter()
        .fold(Truth::Unknown, |truth, statement| truth.with(activity::truth_of(statement.state)));
    let last = stated.iter().map(|statement| statement.last).max_by_key(|at| (at.latest(), at.row));
    LayerView { truth, last }
}

/// When an instance last stated that it holds the old version, if it has stated nothing else since.
pub fn loaded_old(class: &ClassCase, instance: &str) -> Option<ClockTime> {
    let of_it = |statement: &&&Statement| {
        statement.layer == Layer::Runtime && statement.instance.as_deref() == Some(instance)
    };
    let loaded = class.statements.iter().filter(of_it);
    let last =
        loaded.max_by_key(|statement| (statement.last.latest(), statement.state == State::Old))?;
    (last.state == State::Old).then_some(ClockTime { at: last.last, stream: last.stream })
}

/// Statements that the old version is held, about that class, or about nobody of the plan: made in the window, and
/// taken back by none since. Not those of instances that are gone or have used the new version since.
pub fn held_old<'a>(case: &Case<'a>, class: Option<&ClassCase>) -> Vec<&'a Statement> {
    let skew = class.map_or(case.plan.limits.skew, |class| class.consumer.limits.skew);
    let from = case.window.from - skew;
    let id = class.map(|class| class.id);
    let all: Vec<&Statement> = case
        .facts
        .statements
        .iter()
        .filter(|one| one.class == id && one.kind == Kind::Declare && tells_of_holding(case, one))
        .collect();
    let has_left = |one: &Statement| {
        let name = one.instance.as_deref();
        let known = class.and_then(|class| Some((class, class.instance(name?)?)));
        known.is_some_and(|(class, instance)| {
            instance.is_gone() || uses_new_after(class, instance, one)
        })
    };
    let held = all.iter().copied().filter(|one| {
        one.state == State::Old
            && one.last.latest() >= from
            && !has_left(one)
            && !all.iter().any(|other| takes_back(case, one, other) || is_inventory(one, other))
    });
    held.collect()
}

fn uses_new_after(class: &ClassCase, instance: &InstanceCase, stated: &Statement) -> bool {
    let new = activity::ends(&activity::keep(&instance.tries, activity::is_new_use));
    let stated = ClockTime { at: stated.last, stream: stated.stream };
    new.iter().any(|new| new.surely_after(stated, class.clocks))
}

/// What a process has loaded, or what a listing shows of the configuration that is in force. Who changed one holds
/// nothing.
fn tells_of_holding(case: &Case, stated: &Statement) -> bool {
    stated.layer == Layer::Runtime || is_listed(case, stated)
}

fn is_listed(case: &Case, stated: &Statement) -> bool {
    case.facts.streams.get(stated.stream.0 as usize).is_some_and(|stream| stream.is_snapshot)
}

/// Does a later statement of the same log source show that the one before no longer holds? It names another version, or
/// it is a listing that shows somebody of the class, and not this one. Of nobody of the plan no absence is known.
fn takes_back(case: &Case, old: &Statement, later: &Statement) -> bool {
    let is_same = later.instance == old.instance && later.layer == old.layer;
    let is_absent = !is_same && old.class.is_some() && is_listed(case, later);
    let is_said = is_same && later.state != State::Old || is_absent;
    // One process states one version at a time.
    let apart = if is_same && old.instance.is_some() { Duration::ZERO } else { SCRAPES_APART };
    later.stream == old.stream && is_said && later.last.latest() - old.last.latest() > apart
}

/// Does a stranger name another version at the same time? A process holds one; who issues credentials names all.
fn is_inventory(old: &Statement, other: &Statement) -> bool {
    old.class.is_none()
        && old.layer == Layer::Runtime
        && other.state != State::Old
        && (other.stream, &other.instance, other.layer) == (old.stream, &old.instance, old.layer)
        && old.last.latest() - other.last.latest() <= SCRAPES_APART
}

/// Statements of one log source that are closer to each other than this may be of one round of scrapes.
const SCRAPES_APART: Duration = Duration::HOUR;

/// Since when the configuration of the instance, or of its class, named the new version at the time of an old use.
/// `None` if it did not surely name it by then.
pub fn declared_new(class: &ClassCase, old: &Activity) -> Option<At> {
    let end = old.last.latest();
    let of_row = |statement: &&&Statement| {
        statement.layer == Layer::Configuration
            && (statement.instance.is_none() || statement.instance == old.instance)
            && statement.first.earliest() <= end
    };
    let configured: Vec<&Statement> = class.statements.iter().filter(of_row).copied().collect();
    let is_before = |statement: &&&Statement| {
        let apart = class.clocks.between(Some(statement.stream), old.stream);
        statement.first.latest() < end && end - statement.first.latest() >= apart
    };
    let new =
        configured.iter().filter(|statement| statement.state == State::New).find(is_before)?;
    let goes_back = |statement: &&Statement| {
        statement.state == State::Old && statement.last.latest() >= new.first.earliest()
    };
    (!configured.iter().any(goes_back)).then_some(new.first)
}
