/*! The three layers of evidence of one class: what its configuration says, what its processes have loaded, what it did.
 */

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
