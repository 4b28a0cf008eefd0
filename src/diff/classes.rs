/*! The classes of both reports, one by one. */

use super::terms::{self, length};
use super::verdict::effect;
use crate::model::changes::{Change, Effect, Topic, Value};
use crate::model::decision::Verdict;
use crate::model::{PathKind, Use};
use crate::wire::{Class, Instant, Report, Word};
use crate::wording;

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    for was in &before.classes {
        let Some(is) = after.classes.iter().find(|class| class.name == was.name) else {
            let means = "it is no longer in the plan, so no proof is asked of it, whether it still runs or not";
            let verdict = wording::verdict(was.verdict.0).into();
            let change = Change::new(Topic::Class, &was.name, Some(verdict), None, means);
            changes.push(change.weakening());
            continue;
        };
        verdict(changes, was, is);
        old_use(changes, was, is);
        new_success(changes, was, is);
        states(changes, was, is);
        earliest(changes, was, is);
        plan(changes, was, is);
        required_silence(changes, was, is);
    }
    for is in &after.classes {
        if !before.classes.iter().any(|class| class.name == is.name) {
            let means = "it is new in the plan, so proof is asked of it from now on";
            let is_ready = is.verdict.0 == Verdict::Ready;
            let verdict = wording::verdict(is.verdict.0).into();
            let change = Change::new(Topic::Class, &is.name, None, Some(verdict), means);
            changes.push(change.with(if is_ready { Effect::Neutral } else { Effect::Worse }));
        }
    }
}

fn verdict(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    if was.verdict == is.verdict {
        return;
    }
    let means = match is.verdict.0 {
        Verdict::Ready => "it no longer keeps the old version from being revoked",
        Verdict::Inconclusive => "its proof is not complete",
        Verdict::NotReady => "it still needs the old version",
    };
    let values = [was, is].map(|class| Some(wording::verdict(class.verdict.0).into()));
    let [before, after] = values;
    let change = Change::new(Topic::Class, &is.name, before, after, means);
    changes.push(change.with(effect(was.verdict.0, is.verdict.0)));
}

fn old_use(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    let time = |at: &Option<Instant>| at.as_ref().map(|at| at.time);
    let (first, second) = (time(&was.last_old_use), time(&is.last_old_use));
    let change = |means: &str| {
        let subject = format!("{}, last old use", is.name);
        let (before, after) = (first.map(Value::from), second.map(Value::from));
        Change::new(Topic::Class, subject, before, after, means)
    };
    if second > first {
        let means = "it used the old version again after the last use in the older report";
        changes.push(change(means).with(Effect::Worse));
    } else if second < first {
        let means = "an old use that the older report cites is not in the newer one: its record is missing, or is \
                     read differently";
        changes.push(change(means).weakening());
    }
}

fn new_success(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    let change = |before: Option<&Instant>, after: Option<&Instant>, means: &str| {
        let subject = format!("{}, new success", is.name);
        let (before, after) = (before.map(|at| at.time.into()), after.map(|at| at.time.into()));
        Change::new(Topic::Class, subject, before, after, means)
    };
    match (&was.last_new_success, &is.last_new_success) {
        (None, after @ Some(_)) => {
            let means = "it succeeded on the new version for the first time";
            changes.push(change(None, after.as_ref(), means).with(Effect::Better));
        }
        (before @ Some(_), None) => {
            let means = "the newer report has no success on the new version";
            changes.push(change(before.as_ref(), None, means).with(Effect::Worse));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

/// Which versions it uses, and what its silence means.
fn states(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    if was.truth != is.truth {
        let value = |class: &Class| Value {
            text: wording::version_in_use(class.truth.0).to_owned(),
            machine: class.truth.0.word().to_owned(),
        };
        let subject = format!("{}, version in use", is.name);
        let (before, after) = (Some(value(was)), Some(value(is)));
        let means = "it uses another version than before";
        changes.push(Change::new(Topic::Class, subject, before, after, means));
    }
    if was.silence.state != is.silence.state {
        let value = |class: &Class| match class.silence.state {
            None => Value::from("none"),
            Some(Word(state)) => {
                Value { text: wording::silence(state).to_owned(), machine: state.word().to_owned() }
            }
        };
        let subject = format!("{}, silence", is.name);
        let (before, after) = (Some(value(was)), Some(value(is)));
        let means = "its silence means something else now";
        changes.push(Change::new(Topic::Class, subject, before, after, means));
    }
}

fn earliest(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    if was.earliest_revocation == is.earliest_revocation {
        return;
    }
    let (effect, means) = terms::moved(was.earliest_revocation, is.earliest_revocation);
    let subject = format!("{}, earliest revocation", is.name);
    let [before, after] = [was, is].map(|class| class.earliest_revocation.map(Value::from));
    changes.push(Change::new(Topic::Class, subject, before, after, means).with(effect));
}

/// Words the value of one key of the plan, as the report shows it for a class.
type PlanKeyText = fn(&Class) -> Value;

/// What the report shows of the plan's entry for a class.
fn plan(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    let every = |class: &Class| class.silence.cadence.declared;
    let is_exception = was.path.0 == PathKind::Exception;
    let is_indirect = is.usage.0 == Use::Indirect;
    let is_rarer = every(was) > every(is);
    let yes_no = |yes: bool| Value::from(if yes { "yes" } else { "no" });
    let keys: [(&str, PlanKeyText, bool); 6] = [
        ("path", |class| class.path.0.word().into(), is_exception),
        ("use", |class| class.usage.0.word().into(), is_indirect),
        (
            "refresh",
            |class| class.refresh.map_or("none", |Word(refresh)| refresh.word()).into(),
            was.refresh.is_some(),
        ),
        ("owner", |class| class.owner.as_deref().unwrap_or("none").into(), false),
        ("effects", |class| class.effects.join(", ").into(), false),
        ("derived", |class| class.derived.join(", ").into(), false),
    ];
    let mut values: Vec<(&str, Value, Value, bool)> = keys
        .into_iter()
        .map(|(key, value, weakens)| (key, value(was), value(is), weakens))
        .collect();
    values.push(("disabled", yes_no(was.disabled), yes_no(is.disabled), is.disabled));
    let declared = |class: &Class| every(class).map_or_else(|| Value::from("none"), length);
    values.push(("every", declared(was), declared(is), is_rarer));
    for (key, before, after, weakens) in values {
        if before == after {
            continue;
        }
        let means = if weakens {
            "the plan asks for less proof, or other proof, than before"
        } else {
            "the plan says something else"
        };
        let subject = format!("{}, {key}", is.name);
        let change = Change::new(Topic::Plan, subject, Some(before), Some(after), means);
        changes.push(if weakens { change.weakening() } else { change });
    }
}

fn required_silence(changes: &mut Vec<Change>, was: &Class, is: &Class) {
    let (before, after) = (was.silence.needed, is.silence.needed);
    if before == after {
        return;
    }
    let is_less = after < before;
    let means = if is_less {
        "it has to be silent on the old version for a shorter time than before"
    } else {
        "it has to be silent on the old version for a longer time than before"
    };
    let subject = format!("{}, required silence", is.name);
    let (before, after) = (Some(length(before)), Some(length(after)));
    let change = Change::new(Topic::Class, subject, before, after, means);
    changes.push(if is_less { change.weakening() } else { change });
}
