/*! What would have failed, had the old version gone at another time: each use of it after that. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::replay::{ClassReplay, CurvePoint, Failing, OldHour, Replay};
use crate::model::{ClassId, Duration, Timestamp};
use crate::plan::Plan;

/// Of uses at or after an instant.
pub fn at(plan: &Plan, revoke_at: Timestamp, failing: &[Failing]) -> Replay {
    let mut by_class: BTreeMap<Option<ClassId>, Vec<&Failing>> = BTreeMap::new();
    for one in failing {
        by_class.entry(one.class).or_default().push(one);
    }
    let classes = by_class.iter().map(|(class, all)| of_class(plan, *class, all));
    let mut classes: Vec<ClassReplay> = classes.collect();
    classes.sort_by(|one, two| (one.first, &one.class).cmp(&(two.first, &two.class)));
    let counted = failing.iter().map(|one| (one.class, one.shared, one.events));
    Replay { revoke_at: Some(revoke_at), events: events(counted), classes, ..Replay::default() }
}

fn of_class(plan: &Plan, class: Option<ClassId>, all: &[&Failing]) -> ClassReplay {
    let consumer = class.map(|class| plan.consumer(class));
    let instances: BTreeSet<&str> = all.iter().filter_map(|one| one.instance.as_deref()).collect();
    let degraded = all.iter().any(|one| one.degraded > 0);
    ClassReplay {
        class: consumer.map(|consumer| consumer.class.clone()),
        events: all.iter().map(|one| one.events).sum(),
        instances: instances.len() as u64,
        effects: consumer.map(|consumer| consumer.effects.clone()).unwrap_or_default(),
        first: all.iter().map(|one| one.first).min().unwrap_or_default(),
        hidden: degraded || consumer.is_some_and(|consumer| !consumer.fallback.is_empty()),
    }
}

/// Records that several classes match count once: at least as many as the class with the most of them has.
fn events(all: impl Iterator<Item = (Option<ClassId>, bool, u64)>) -> u64 {
    let mut own = 0;
    let mut shared: BTreeMap<Option<ClassId>, u64> = BTreeMap::new();
    for (class, is_shared, events) in all {
        if is_shared {
            *shared.entry(class).or_default() += events;
        } else {
            own += events;
        }
    }
    own + shared.into_values().max().unwrap_or(0)
}

/// At each full hour from the change to the hour after the last use.
pub fn curve(plan: &Plan, hours: &[OldHour]) -> Vec<CurvePoint> {
    let Some(last) = hours.iter().map(|one| one.hour).max() else { return Vec::new() };
    let mut points = Vec::new();
    let mut at = plan.rotation.introduced.hour();
    while at <= last + Duration::HOUR {
        let after: Vec<&OldHour> = hours.iter().filter(|one| one.hour >= at).collect();
        let classes: BTreeSet<Option<ClassId>> = after.iter().map(|one| one.class).collect();
        let counted = after.iter().map(|one| (one.class, one.shared, one.events));
        points.push(CurvePoint {
            revoke_at: at,
            events: events(counted),
            classes: classes.len() as u64,
        });
        at = at + Duration::HOUR;
    }
    points
}
