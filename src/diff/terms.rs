/*! The terms of both reports: instants, measures, and what they show of the plan. */

use super::Notes;
use super::read::{Report, Time};
use crate::model::Duration;
use crate::model::changes::{Effect, Topic};

pub(super) fn compare(notes: &mut Notes, before: &Report, after: &Report) {
    instants(notes, before, after);
    limits(notes, before, after);
    credential(notes, before, after);
    rotation(notes, before, after);
}

/// What it means that a time of an earliest revocation is another one.
pub(super) fn moved(was: Option<Time>, is: Option<Time>) -> (Effect, &'static str) {
    match (was, is) {
        (Some(was), Some(is)) if is > was => (Effect::Worse, "it is put off"),
        (Some(_), Some(_)) => (Effect::Better, "it comes sooner"),
        (None, Some(_)) => (Effect::Better, "waiting is enough now"),
        (Some(_), None) => (Effect::Worse, "waiting alone does not help any more"),
        (None, None) => (Effect::Neutral, "it is as it was"),
    }
}

fn instants(notes: &mut Notes, before: &Report, after: &Report) {
    let (was, is) = (before.as_of, after.as_of);
    let sides = (was.0.to_string(), is.0.to_string());
    if is < was {
        let means =
            "the newer report speaks of an earlier instant: are the files in the right order?";
        notes.weakened(Topic::Terms, "as of", (Some(&sides.0), Some(&sides.1)), means);
    } else if is > was {
        let length = (is.0 - was.0).hours_minutes();
        notes.turned(Topic::Terms, "as of", (&sides.0, &sides.1), &format!("{length} later"));
    }
    let length = |report: &Report| (report.window.to.0 - report.window.from.0).max(Duration::ZERO);
    let (was, is) = (length(before), length(after));
    let sides = (was.hours_minutes(), is.hours_minutes());
    if is < was {
        let means = "old use is looked for in a shorter window than before";
        notes.weakened(Topic::Terms, "window", (Some(&sides.0), Some(&sides.1)), means);
    } else if is > was {
        let means = "old use is looked for in a longer window than before";
        notes.turned(Topic::Terms, "window", (&sides.0, &sides.1), means);
    }
    if before.mode != after.mode {
        let means = "the reports look from different sides of the revocation";
        notes.turned(Topic::Terms, "mode", (&before.mode, &after.mode), means);
    }
    let (was, is) = (&before.tool.version, &after.tool.version);
    if was != is {
        let means = "another version of the program: its rules may decide otherwise";
        notes.weakened(Topic::Terms, "program", (Some(was), Some(is)), means);
    }
}

fn limits(notes: &mut Notes, before: &Report, after: &Report) {
    let mut names: Vec<&String> = before.limits.keys().chain(after.limits.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        let (was, is) = (before.limits.get(name), after.limits.get(name));
        if was != is {
            let sides = (was.map(ToString::to_string), is.map(ToString::to_string));
            let means = "another measure: a rule may fire or stay silent for that alone";
            let subject = format!("limit {name}");
            notes.weakened(Topic::Terms, &subject, (sides.0.as_deref(), sides.1.as_deref()), means);
        }
    }
}

fn credential(notes: &mut Notes, before: &Report, after: &Report) {
    let (was, is) = (&before.credential, &after.credential);
    for (word, was, is) in
        [("old versions", &was.old, &is.old), ("new versions", &was.new, &is.new)]
    {
        if was != is {
            let sides = (was.join(", "), is.join(", "));
            let means = "the plan calls other versions so: the same record may count otherwise";
            notes.weakened(Topic::Plan, word, (Some(&sides.0), Some(&sides.1)), means);
        }
    }
    changed(notes, "dependency", (was.dependency.as_deref(), is.dependency.as_deref()));
}

fn rotation(notes: &mut Notes, before: &Report, after: &Report) {
    let (was, is) = (&before.rotation, &after.rotation);
    if was.introduced != is.introduced {
        let sides = (was.introduced.0.to_string(), is.introduced.0.to_string());
        let means =
            "another start of the rotation: what is baseline and what came after is divided anew";
        notes.weakened(Topic::Plan, "introduced", (Some(&sides.0), Some(&sides.1)), means);
    }
    let time = |time: Option<Time>| time.map(|time| time.0.to_string());
    let times = [
        ("revoke_target", was.revoke_target, is.revoke_target),
        ("revoked", was.revoked, is.revoked),
    ];
    for (word, was, is) in times {
        changed(notes, word, (time(was).as_deref(), time(is).as_deref()));
    }
    let lists = [
        ("model", &was.model, &is.model),
        ("required_evidence", &was.required_evidence, &is.required_evidence),
    ];
    for (word, was, is) in lists {
        changed(notes, word, (Some(&was.join(", ")), Some(&is.join(", "))));
    }
    let texts = [
        ("rollback", &was.rollback, &is.rollback),
        ("decision_owner", &was.decision_owner, &is.decision_owner),
    ];
    for (word, was, is) in texts {
        changed(notes, word, (was.as_deref(), is.as_deref()));
    }
    if was.in_flight != is.in_flight {
        let sides = (was.in_flight.as_deref(), is.in_flight.as_deref());
        let means = "work that crosses the change is judged by another promise";
        notes.weakened(Topic::Plan, "in_flight", sides, means);
    }
}

/// A word of the plan that says otherwise, and takes nothing from the proof.
fn changed(notes: &mut Notes, word: &str, (was, is): (Option<&str>, Option<&str>)) {
    if was != is {
        let sides = (was.unwrap_or("none"), is.unwrap_or("none"));
        notes.turned(Topic::Plan, word, sides, "the plan says otherwise");
    }
}
