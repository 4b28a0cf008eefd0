/*! What both reports were made with: times, limits, and what they show of the plan. */

use crate::model::changes::{Change, Effect, Topic, Value};
use crate::wire::{Credential, Length, Report, Rotation, Time};
use crate::wording;

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    as_of(changes, before, after);
    window(changes, before, after);
    program(changes, before, after);
    missing_keys(changes, before, after);
    limits(changes, before, after);
    credential(changes, &before.credential, &after.credential);
    rotation(changes, &before.rotation, &after.rotation);
}

/// What it means that an earliest revocation moved.
pub(super) fn moved(was: Option<Time>, is: Option<Time>) -> (Effect, String) {
    let by = |from: Time, to: Time| wording::length(to.0 - from.0);
    match (was, is) {
        (Some(was), Some(is)) if is > was => {
            (Effect::Worse, format!("moved later by {}", by(was, is)))
        }
        (Some(was), Some(is)) => (Effect::Better, format!("moved earlier by {}", by(is, was))),
        (None, Some(_)) => (Effect::Better, "waiting is enough now".to_owned()),
        (Some(_), None) => (Effect::Worse, "waiting alone is no longer enough".to_owned()),
        (None, None) => (Effect::Neutral, "unchanged".to_owned()),
    }
}

fn as_of(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let (was, is) = (before.as_of, after.as_of);
    let change =
        |means: &str| Change::new(Topic::Terms, "as of", Some(was.into()), Some(is.into()), means);
    if is < was {
        let means = "the newer report is as of an earlier time: are the files in the right order?";
        changes.push(change(means).weakening());
    } else if is > was {
        changes.push(change(&format!("{} later", wording::length(is.0 - was.0))));
    }
    if before.mode != after.mode {
        let means =
            "one report is from before the revocation, or the introduction, and the other is not";
        let [before, after] = [before, after].map(|report| Some(report.mode.0.word().into()));
        changes.push(Change::new(Topic::Terms, "mode", before, after, means));
    }
}

fn window(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let span = |report: &Report| {
        let window = report.window.to.0 - report.window.from.0;
        (window, length(Length::rounded_down(window)))
    };
    let ((was, before), (is, after)) = (span(before), span(after));
    if was == is {
        return;
    }
    let means = if is < was {
        "the window that must be free of old use is shorter than before"
    } else {
        "the window that must be free of old use is longer than before"
    };
    let change = Change::new(Topic::Terms, "window", Some(before), Some(after), means);
    changes.push(if is < was { change.weakening() } else { change });
}

fn program(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let (was, is) = (&before.tool.version, &after.tool.version);
    if was != is {
        let means = "another version of the program: its rules may decide differently";
        let (was, is) = (Some(was.into()), Some(is.into()));
        changes.push(Change::new(Topic::Terms, "program", was, is, means).weakening());
    }
}

/// Keys that one of the reports lacks, since an older program wrote it.
fn missing_keys(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let (was, is) = (before.lacks(), after.lacks());
    if was.is_empty() && is.is_empty() {
        return;
    }
    let value =
        |keys: &[&str]| (!keys.is_empty()).then(|| format!("lacks {}", keys.join(", ")).into());
    let means = "these keys are not in both reports, so they cannot be compared";
    let change = Change::new(Topic::Terms, "keys", value(&was), value(&is), means);
    changes.push(if is.is_empty() { change } else { change.weakening() });
}

fn limits(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let both = before.limits.0.iter().chain(&after.limits.0);
    let mut names: Vec<&str> = both.map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (was, is) = (before.limits.get(name), after.limits.get(name));
        if was != is {
            let means = "another limit: for that alone a rule may or may not fire";
            let subject = format!("limit {name}");
            let (was, is) = (was.map(Value::from), is.map(Value::from));
            changes.push(Change::new(Topic::Terms, subject, was, is, means).weakening());
        }
    }
}

fn credential(changes: &mut Vec<Change>, was: &Credential, is: &Credential) {
    let versions = [("old versions", &was.old, &is.old), ("new versions", &was.new, &is.new)];
    for (subject, was, is) in versions.into_iter().filter(|(_, was, is)| was != is) {
        let means = "the plan lists other versions here: the same record may count differently";
        let (was, is) = (Some(was.join(", ").into()), Some(is.join(", ").into()));
        changes.push(Change::new(Topic::Plan, subject, was, is, means).weakening());
    }
    let (was, is) = (was.dependency.as_deref(), is.dependency.as_deref());
    restated(changes, "dependency", was, is);
}

fn rotation(changes: &mut Vec<Change>, was: &Rotation, is: &Rotation) {
    if was.introduced != is.introduced {
        let means = "another start of the rotation: what counts as before and as after it is divided differently";
        let (was, is) = (Some(was.introduced.into()), Some(is.introduced.into()));
        changes.push(Change::new(Topic::Plan, "introduced", was, is, means).weakening());
    }
    restated(changes, "revoke_target", was.revoke_target, is.revoke_target);
    restated(changes, "revoked", was.revoked, is.revoked);
    restated(changes, "model", Some(was.model.join(", ")), Some(is.model.join(", ")));
    let texts = [was, is].map(|rotation| Some(rotation.required_evidence.join(", ")));
    let [before, after] = texts;
    restated(changes, "required_evidence", before, after);
    restated(changes, "rollback", was.rollback.as_deref(), is.rollback.as_deref());
    let owners = (was.decision_owner.as_deref(), is.decision_owner.as_deref());
    restated(changes, "decision_owner", owners.0, owners.1);
    if was.in_flight != is.in_flight {
        let means = "work that was queued before the change is judged by another promise";
        let (was, is) = (was.in_flight.as_deref(), is.in_flight.as_deref());
        let (was, is) = (was.map(Value::from), is.map(Value::from));
        changes.push(Change::new(Topic::Plan, "in_flight", was, is, means).weakening());
    }
}

/// A key of the plan that says something else, and takes nothing from the proof.
fn restated<T: PartialEq + Into<Value>>(
    changes: &mut Vec<Change>,
    key: &str,
    was: Option<T>,
    is: Option<T>,
) {
    if was != is {
        let value = |of: Option<T>| Some(of.map_or_else(|| "none".into(), Into::into));
        let means = "the plan says something else";
        changes.push(Change::new(Topic::Plan, key, value(was), value(is), means));
    }
}

/// A length of time for people and for programs.
pub(super) fn length(length: Length) -> Value {
    Value { text: wording::length(length.duration()), machine: length.to_string() }
}
