/*! What the verdicts rest on: log sources, inputs by digest, and the sums. */

use std::collections::{BTreeMap, BTreeSet};

use crate::model::DigestKind;
use crate::model::changes::{Change, Effect, Topic, Value};
use crate::wire::{Coverage, Input, Interval, Report};
use crate::wording::{self, count, number};

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    for was in &before.coverage {
        let Some(is) = after.coverage.iter().find(|source| source.stream == was.stream) else {
            let means = "a log source is missing: what it would show is not in the newer report";
            let change = Change::new(Topic::Coverage, &was.stream, Some(span(was)), None, means);
            changes.push(change.weakening());
            continue;
        };
        logged_time(changes, was, is);
        holes(changes, was, is);
        classes(changes, was, is);
    }
    for is in &after.coverage {
        if !before.coverage.iter().any(|source| source.stream == is.stream) {
            let means = "one more log source was read";
            changes.push(Change::new(Topic::Coverage, &is.stream, None, Some(span(is)), means));
        }
    }
    inputs(changes, &before.inputs, &after.inputs);
    sums(changes, before, after);
}

fn span(source: &Coverage) -> Value {
    match (source.from, source.to) {
        (Some(from), Some(to)) => format!("{from} to {to}").into(),
        (_, _) => "no time at all".into(),
    }
}

fn logged_time(changes: &mut Vec<Change>, was: &Coverage, is: &Coverage) {
    let starts_later = was.from.is_some() && is.from.is_none_or(|from| Some(from) > was.from);
    let ends_sooner = was.to.is_some() && is.to < was.to;
    if starts_later || ends_sooner {
        let means = "it logged a shorter time than before, so its silence proves less";
        let (before, after) = (Some(span(was)), Some(span(is)));
        let change = Change::new(Topic::Coverage, &is.stream, before, after, means);
        changes.push(change.weakening());
    }
}

fn holes(changes: &mut Vec<Change>, was: &Coverage, is: &Coverage) {
    let is_new = |hole: &&Interval| {
        !was.holes.iter().any(|known| known.from <= hole.from && hole.to <= known.to)
    };
    let holes = is.holes.iter().filter(is_new);
    let holes: Vec<String> = holes
        .map(|hole| format!("{} for {}", hole.from, wording::length(hole.to.0 - hole.from.0)))
        .collect();
    if !holes.is_empty() {
        let subject = format!("{}, holes", is.stream);
        let means = "new holes: what happened in them is not known";
        let holes = Some(holes.join("; ").into());
        changes.push(Change::new(Topic::Coverage, subject, None, holes, means).weakening());
    }
}

fn classes(changes: &mut Vec<Change>, was: &Coverage, is: &Coverage) {
    let lost = was.classes.iter().filter(|class| !is.classes.contains(class));
    let lost: Vec<&str> = lost.map(String::as_str).collect();
    if !lost.is_empty() {
        let subject = format!("{}, classes", is.stream);
        let means = "it no longer has records of these classes, so it does not show their silence";
        let lost = Some(lost.join(", ").into());
        changes.push(Change::new(Topic::Coverage, subject, lost, None, means).weakening());
    }
}

fn inputs(changes: &mut Vec<Change>, before: &[Input], after: &[Input]) {
    let (old, new) = (by_place(before), by_place(after));
    let digests = |inputs: &[Input]| -> BTreeSet<String> {
        inputs.iter().filter_map(Input::digest).collect()
    };
    let (old_digests, new_digests) = (digests(before), digests(after));
    let is_in = |digest: &Option<String>, digests: &BTreeSet<String>| {
        digest.as_ref().is_some_and(|digest| digests.contains(digest))
    };
    for (place, was) in &old {
        if let Some(is) = new.get(place) {
            input(changes, was, is);
            continue;
        }
        let is_moved = is_in(&was.digest(), &new_digests);
        let means = if is_moved {
            "it was moved: another input has the same content"
        } else {
            "it is missing: the newer report does not know what it held"
        };
        let change = Change::new(Topic::Input, &was.path, Some(size(was)), None, means);
        changes.push(if is_moved { change } else { change.weakening() });
    }
    for is in new.iter().filter(|(place, _)| !old.contains_key(*place)).map(|(_, is)| is) {
        if !is_in(&is.digest(), &old_digests) {
            let means = "it was read in addition";
            changes.push(Change::new(Topic::Input, &is.path, None, Some(size(is)), means));
        }
        damage(changes, None, is);
    }
    let kinds = before.iter().chain(after).map(|input| Some(DigestKind::of(&input.digest()?).0));
    let kinds: BTreeSet<Option<DigestKind>> = kinds.collect();
    if kinds.contains(&None) || kinds.len() > 1 {
        let means =
            "inputs without digests of one kind: it is not known whether their content changed";
        changes.push(Change::new(Topic::Input, "digests", None, None, means).weakening());
    }
}

/// By path; members of one name are told apart by their order.
fn by_place(inputs: &[Input]) -> BTreeMap<(&str, usize), &Input> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut placed = BTreeMap::new();
    for input in inputs {
        let count = counts.entry(&input.path).or_default();
        *count += 1;
        placed.insert((input.path.as_str(), *count), input);
    }
    placed
}

fn size(input: &Input) -> Value {
    let (bytes, records) = (input.bytes, input.tally.records);
    Value {
        text: format!("{}, {}", count(bytes, "byte"), count(records, "record")),
        machine: format!("{bytes} bytes, {records} records"),
    }
}

fn input(changes: &mut Vec<Change>, was: &Input, is: &Input) {
    let is_same = match (was.digest(), is.digest()) {
        (Some(was), Some(is)) if DigestKind::of(&was).0 == DigestKind::of(&is).0 => was == is,
        (_, _) => was.bytes == is.bytes,
    };
    let change =
        |means: &str| Change::new(Topic::Input, &is.path, Some(size(was)), Some(size(is)), means);
    let is_larger = is.bytes > was.bytes && is.tally.records >= was.tally.records;
    if !is_same && is_larger {
        changes.push(change("it grew"));
    } else if !is_same {
        let means = "its content is different, and it did not only grow: records may be missing";
        changes.push(change(means).weakening());
    } else if was.tally.records != is.tally.records {
        let means = "the same content is read differently: a profile or the program changed";
        changes.push(change(means).weakening());
    }
    damage(changes, was.damage.as_deref(), is);
}

fn damage(changes: &mut Vec<Change>, was: Option<&str>, is: &Input) {
    let change = |before: Option<&str>, after: Option<&str>, means: &str| {
        let subject = format!("{}, damage", is.path);
        let (before, after) = (before.map(Value::from), after.map(Value::from));
        Change::new(Topic::Input, subject, before, after, means)
    };
    match (was, is.damage.as_deref()) {
        (None, Some(damage)) => {
            let means = "it is damaged: a part of it was not read";
            changes.push(change(None, Some(damage), means).weakening());
        }
        (Some(damage), None) => {
            let means = "all of it was read";
            changes.push(change(Some(damage), None, means).with(Effect::Better));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

fn sums(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    let (was, is) = (&before.accounting, &after.accounting);
    let (was_share, is_share) = (
        u128::from(was.rejected) * u128::from(is.records.max(1)),
        u128::from(is.rejected) * u128::from(was.records.max(1)),
    );
    let sums = [
        ("records", was.records, is.records, "fewer records were read"),
        ("evidence", was.evidence, is.evidence, "less evidence was found"),
    ];
    let lower = sums.into_iter().filter(|(_, was, is, _)| is < was);
    let rejected =
        ("rejected", was.rejected, is.rejected, "a larger share of the records could not be read");
    for (name, was, is, means) in lower.chain((is_share > was_share).then_some(rejected)) {
        let value = |n: u64| Some(Value { text: number(n), machine: n.to_string() });
        changes.push(Change::new(Topic::Input, name, value(was), value(is), means).weakening());
    }
}
