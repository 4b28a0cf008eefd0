/*! Waivers that were added, taken back or have ended. */

use crate::model::changes::{Change, Effect, Topic, Value};
use crate::wire::Waiver;

pub(super) fn compare(changes: &mut Vec<Change>, before: &[Waiver], after: &[Waiver]) {
    for is in after {
        let was = before.iter().find(|was| is_same(was, is));
        match (was.is_some_and(|was| was.in_force), is.in_force) {
            (false, true) => {
                let means = if was.is_none() {
                    "a new waiver: what it takes out of the verdict is accepted, not proven"
                } else {
                    "it is in force, and was not before"
                };
                let change = Change::new(Topic::Waiver, name(is), None, Some(terms(is)), means);
                changes.push(change.weakening());
            }
            (true, false) => {
                let means = "it has ended: what it took out of the verdict counts again";
                let change = Change::new(Topic::Waiver, name(is), Some(terms(is)), None, means);
                changes.push(change.with(Effect::Worse));
            }
            (false, false) if was.is_none() => {
                let means = "a new waiver that has already ended";
                changes.push(Change::new(Topic::Waiver, name(is), None, Some(terms(is)), means));
            }
            (false, false) | (true, true) => {}
        }
    }
    for was in before.iter().filter(|was| !after.iter().any(|is| is_same(was, is))) {
        let means = "it was taken back: what it took out of the verdict counts again";
        changes.push(Change::new(Topic::Waiver, name(was), Some(terms(was)), None, means));
    }
}

fn is_same(waiver: &Waiver, other: &Waiver) -> bool {
    (&waiver.rule, &waiver.class, &waiver.by) == (&other.rule, &other.class, &other.by)
}

fn name(waiver: &Waiver) -> String {
    match &waiver.class {
        Some(class) => format!("{}, {class}", waiver.rule),
        None => waiver.rule.clone(),
    }
}

fn terms(waiver: &Waiver) -> Value {
    let by = &waiver.by;
    format!("by {} until {}: {}", by.owner, by.until, by.reason).into()
}
