/*! What should be, what is loaded, what was done: the three layers of evidence of one class. */

use std::collections::BTreeMap;

use super::activity::{self, ClockTime};
use super::class::ClassCase;
use crate::model::facts::{Activity, Statement};
use crate::model::ledger::{LayerView, Truth};
use crate::model::{At, Layer, State};

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

/// What each instance that is not gone states last, and what is stated of the class itself.
fn stated(class: &ClassCase, layer: Layer) -> LayerView {
    let gone = |name: &str| class.instances.iter().any(|one| one.name == name && one.is_gone);
    let mut latest: BTreeMap<Option<&str>, Vec<&Statement>> = BTreeMap::new();
    let own = class.statements.iter().copied().filter(|one| one.layer == layer);
    for statement in own.filter(|one| !one.instance.as_deref().is_some_and(gone)) {
        let known = latest.entry(statement.instance.as_deref()).or_default();
        let (at, best) = (statement.last.latest(), known.first().map(|one| one.last.latest()));
        if best.is_none_or(|best| at > best) {
            known.clear();
        }
        if best.is_none_or(|best| at >= best) {
            known.push(statement);
        }
    }
    let all: Vec<&Statement> = latest.into_values().flatten().collect();
    let truth =
        all.iter().fold(Truth::Unknown, |truth, one| truth.with(activity::truth_of(one.state)));
    let last = all.iter().map(|one| one.last).max_by_key(|at| (at.latest(), at.row));
    LayerView { truth, last }
}

/// When an instance said last that it holds the old version, if it said nothing else since.
pub fn loaded_old(class: &ClassCase, instance: &str) -> Option<ClockTime> {
    let of_it = |one: &&&Statement| {
        one.layer == Layer::Runtime && one.instance.as_deref() == Some(instance)
    };
    let own = class.statements.iter().filter(of_it);
    let last = own.max_by_key(|one| (one.last.latest(), one.state == State::Old))?;
    (last.state == State::Old).then_some(ClockTime { at: last.last, stream: last.stream })
}

/// What its configuration, or that of its class, said at the time of an old use, if that was new and had been for sure.
pub fn declared_new(class: &ClassCase, old: &Activity) -> Option<At> {
    let end = old.last.latest();
    let of_row = |one: &&&Statement| {
        one.layer == Layer::Configuration
            && (one.instance.is_none() || one.instance == old.instance)
            && one.first.earliest() <= end
    };
    let said: Vec<&Statement> = class.statements.iter().filter(of_row).copied().collect();
    let is_before = |one: &&&Statement| {
        let apart = class.clocks.between(Some(one.stream), old.stream);
        one.first.latest() < end && end - one.first.latest() >= apart
    };
    let new = said.iter().filter(|one| one.state == State::New).find(is_before)?;
    let goes_back =
        |one: &&Statement| one.state == State::Old && one.last.latest() >= new.first.earliest();
    (!said.iter().any(goes_back)).then_some(new.first)
}
