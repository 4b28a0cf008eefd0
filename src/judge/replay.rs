/*! What would have failed if the old version had been revoked at another time: each use of it after that time. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::replay::{ClassReplay, CurvePoint, Failing, OldHour, Replay};
use crate::model::{ClassId, Duration, Timestamp};
use crate::plan::Plan;

/// What would fail if the old version were revoked at this instant. `failing` are its uses from then on.
pub fn at(plan: &Plan, revoke_at: Timestamp, failing: &[Failing]) -> Replay {
    let mut by_class: BTreeMap<Option<ClassId>, Vec<&Failing>> = BTreeMap::new();
    for uses in failing {
        by_class.entry(uses.class).or_default().push(uses);
    }
    let classes = by_class.iter().map(|(class, failing)| of_class(plan, *class, failing));
    let mut classes: Vec<ClassReplay> = classes.collect();
    classes.sort_by(|left, right| (left.first, &left.class).cmp(&(right.first, &right.class)));
    let counted = failing.iter().map(|uses| (uses.class, uses.shared, uses.events));
    Replay { revoke_at: Some(revoke_at), events: events(counted), classes, ..Replay::default() }
}

fn of_class(plan: &Plan, class: Option<ClassId>, failing: &[&Failing]) -> ClassReplay {
    let consumer = class.map(|class| plan.consumer(class));
    let instances: BTreeSet<&str> =
        failing.iter().filter_map(|uses| uses.instance.as_deref()).collect();
    let degraded = failing.iter().any(|uses| uses.degraded > 0);
    ClassReplay {
        class: consumer.map(|consumer| consumer.class.clone()),
        events: failing.iter().map(|uses| uses.events).sum(),
        instances: instances.len() as u64,
        effects: consumer.map(|consumer| consumer.effects.clone()).unwrap_or_default(),
        first: failing.iter().map(|uses| uses.first).min().unwrap_or_default(),
        hidden: degraded || consumer.is_some_and(|consumer| !consumer.fallback.is_empty()),
    }
}

/// Counts uses. Records that match several classes count once, as many as the class with the most of them has.
fn events(uses: impl Iterator<Item = (Option<ClassId>, bool, u64)>) -> u64 {
    let mut unshared = 0;
    let mut shared: BTreeMap<Option<ClassId>, u64> = BTreeMap::new();
    for (class, is_shared, events) in uses {
        if is_shared {
            *shared.entry(class).or_default() += events;
        } else {
            unshared += events;
        }
    }
    unshared + shared.into_values().max().unwrap_or(0)
}

/// What would fail for a revocation at each full hour, from the change to the hour after the last use.
pub fn curve(plan: &Plan, hours: &[OldHour]) -> Vec<CurvePoint> {
    let Some(last) = hours.iter().map(|old| old.hour).max() else { return Vec::new() };
    let mut points = Vec::new();
    let mut at = plan.rotation.introduced.hour();
    while at <= last + Duration::HOUR {
        let after: Vec<&OldHour> = hours.iter().filter(|old| old.hour >= at).collect();
        let classes: BTreeSet<Option<ClassId>> = after.iter().map(|old| old.class).collect();
        let counted = after.iter().map(|old| (old.class, old.shared, old.events));
        points.push(CurvePoint {
            revoke_at: at,
            events: events(counted),
            classes: classes.len() as u64,
        });
        at = at + Duration::HOUR;
    }
    points
}
