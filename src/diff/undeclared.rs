/*! Consumers that the plan does not name. */

use crate::model::changes::{Change, Effect, Topic, Value};
use crate::wire::Undeclared;
use crate::wording::count;

pub(super) fn compare(changes: &mut Vec<Change>, before: &[Undeclared], after: &[Undeclared]) {
    for is in after {
        match before.iter().find(|was| was.hints == is.hints) {
            None => {
                let means = "a consumer that the plan does not name uses the old version";
                let change = Change::new(Topic::Undeclared, name(is), None, Some(uses(is)), means);
                changes.push(change.with(Effect::Worse));
            }
            Some(was) => repeated(changes, was, is),
        }
    }
    for was in before.iter().filter(|was| !after.iter().any(|is| is.hints == was.hints)) {
        let means =
            "either a class of the plan matches it now, or its records are missing: find out which";
        let change = Change::new(Topic::Undeclared, name(was), Some(uses(was)), None, means);
        changes.push(change.weakening());
    }
}

fn repeated(changes: &mut Vec<Change>, was: &Undeclared, is: &Undeclared) {
    let change = |means: &str| {
        Change::new(Topic::Undeclared, name(is), Some(uses(was)), Some(uses(is)), means)
    };
    if was.last < is.last {
        changes.push(change("it used the old version again").with(Effect::Worse));
    } else if was.last > is.last || was.events > is.events {
        let means = "uses that the older report counted are not in the newer one";
        changes.push(change(means).weakening());
    }
}

fn name(consumer: &Undeclared) -> String {
    let hints = consumer.hints.0.iter().map(|(hint, value)| format!("{hint} {value}"));
    let hints: Vec<String> = hints.collect();
    if hints.is_empty() { "without any hint".to_owned() } else { hints.join(", ") }
}

fn uses(consumer: &Undeclared) -> Value {
    let (events, last) = (consumer.events, consumer.last);
    Value {
        text: format!("{}, the last at {last}", count(events, "use")),
        machine: format!("{events} uses, the last {last}"),
    }
}
