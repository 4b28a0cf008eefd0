/*! What the verdicts stand on: streams, inputs by digest, and the sums. */

use std::collections::{BTreeMap, BTreeSet};

use super::Notes;
use super::read::{Coverage, Input, Report};

use crate::model::changes::{Effect, Topic};

pub(super) fn compare(notes: &mut Notes, before: &Report, after: &Report) {
    for was in &before.coverage {
        match after.coverage.iter().find(|stream| stream.stream == was.stream) {
            Some(is) => stream(notes, was, is),
            None => notes.weakened(
                Topic::Coverage,
                &was.stream,
                (Some(&span(was)), None),
                "a stream is gone: what it would have shown is not in the newer report",
            ),
        }
    }
    for is in &after.coverage {
        if !before.coverage.iter().any(|stream| stream.stream == is.stream) {
            let means = "a stream more was read";
            notes.came(Topic::Coverage, &is.stream, Effect::Neutral, (&span(is), means));
        }
    }
    inputs(notes, &before.inputs, &after.inputs);
    sums(notes, before, after);
}

fn span(stream: &Coverage) -> String {
    match (stream.from, stream.to) {
        (Some(from), Some(to)) => format!("{} to {}", from.0, to.0),
        (_, _) => "no time at all".to_owned(),
    }
}

fn stream(notes: &mut Notes, was: &Coverage, is: &Coverage) {
    let starts_later = was.from.is_some() && is.from.is_none_or(|from| Some(from) > was.from);
    let ends_sooner = was.to.is_some() && is.to < was.to;
    if starts_later || ends_sooner {
        let means = "it covers less than before: its silence proves less";
        let sides = (span(was), span(is));
        notes.weakened(Topic::Coverage, &is.stream, (Some(&sides.0), Some(&sides.1)), means);
    }
    let known = |hole: &&super::read::Interval| {
        was.holes.iter().any(|old| old.from <= hole.from && hole.to <= old.to)
    };
    let fresh: Vec<String> = (is.holes.iter().filter(|hole| !known(hole)))
        .map(|hole| format!("{} for {}", hole.from.0, (hole.to.0 - hole.from.0).hours_minutes()))
        .collect();
    if !fresh.is_empty() {
        let subject = format!("{}, holes", is.stream);
        let means = "new holes: what happened in them is not known";
        notes.weakened(Topic::Coverage, &subject, (None, Some(&fresh.join("; "))), means);
    }
    let lost: Vec<&str> = (was.classes.iter().filter(|class| !is.classes.contains(class)))
        .map(String::as_str)
        .collect();
    if !lost.is_empty() {
        let subject = format!("{}, classes", is.stream);
        let means = "it does not carry these classes any more: their silence is not measured by it";
        notes.weakened(Topic::Coverage, &subject, (Some(&lost.join(", ")), None), means);
    }
}

fn inputs(notes: &mut Notes, before: &[Input], after: &[Input]) {
    let (old, new) = (by_place(before), by_place(after));
    let digests = |all: &[Input]| -> BTreeSet<String> {
        all.iter().filter_map(|input| input.sha256.clone()).collect()
    };
    let (old_digests, new_digests) = (digests(before), digests(after));
    let is_in = |digest: &Option<String>, all: &BTreeSet<String>| {
        digest.as_ref().is_some_and(|digest| all.contains(digest))
    };
    for (place, was) in &old {
        match new.get(place) {
            Some(is) => input(notes, was, is),
            None if is_in(&was.sha256, &new_digests) => {
                let means = "it was moved: an input of the same content stands elsewhere";
                notes.went(Topic::Input, &was.path, Effect::Neutral, (&size(was), means));
            }
            None => {
                let means = "it is gone: nothing in the newer report knows what it held";
                notes.weakened(Topic::Input, &was.path, (Some(&size(was)), None), means);
            }
        }
    }
    for is in new.iter().filter(|(place, _)| !old.contains_key(*place)).map(|(_, is)| is) {
        if !is_in(&is.sha256, &old_digests) {
            notes.came(
                Topic::Input,
                &is.path,
                Effect::Neutral,
                (&size(is), "it was read in addition"),
            );
        }
        damage(notes, None, is);
    }
    if before.iter().chain(after).any(|input| input.sha256.is_none()) {
        let means = "inputs without a digest: whether their content changed is not known";
        notes.weakened(Topic::Input, "digests", (None, None), means);
    }
}

/// By path; members of one name are told apart by their order.
fn by_place(inputs: &[Input]) -> BTreeMap<(&str, usize), &Input> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut placed = BTreeMap::new();
    for input in inputs {
        let count = seen.entry(&input.path).or_default();
        *count += 1;
        placed.insert((input.path.as_str(), *count), input);
    }
    placed
}

fn size(input: &Input) -> String {
    format!("{} bytes, {} records", input.bytes, input.records)
}

fn input(notes: &mut Notes, was: &Input, is: &Input) {
    let same = match (&was.sha256, &is.sha256) {
        (Some(was), Some(is)) => was == is,
        (_, _) => was.bytes == is.bytes,
    };
    let sides = (size(was), size(is));
    if !same && is.bytes > was.bytes && is.records >= was.records {
        notes.turned(Topic::Input, &is.path, (&sides.0, &sides.1), "it grew");
    } else if !same {
        let means = "its content is another one, and not more: records may be gone";
        notes.weakened(Topic::Input, &is.path, (Some(&sides.0), Some(&sides.1)), means);
    } else if was.records != is.records {
        let means = "the same content is read otherwise: a profile or the program changed";
        notes.weakened(Topic::Input, &is.path, (Some(&sides.0), Some(&sides.1)), means);
    }
    damage(notes, was.damage.as_deref(), is);
}

fn damage(notes: &mut Notes, was: Option<&str>, is: &Input) {
    let subject = format!("{}, damage", is.path);
    match (was, is.damage.as_deref()) {
        (None, Some(damage)) => {
            let means = "it is damaged: a part of it was not read";
            notes.weakened(Topic::Input, &subject, (None, Some(damage)), means);
        }
        (Some(damage), None) => {
            let means = "all of it was read";
            notes.went(Topic::Input, &subject, Effect::Better, (damage, means));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

fn sums(notes: &mut Notes, before: &Report, after: &Report) {
    let (was, is) = (&before.accounting, &after.accounting);
    let counts = [
        ("records", was.records, is.records, is.records < was.records, "fewer records were read"),
        (
            "evidence",
            was.evidence,
            is.evidence,
            is.evidence < was.evidence,
            "less evidence was found",
        ),
        (
            "rejected",
            was.rejected,
            is.rejected,
            u128::from(is.rejected) * u128::from(was.records.max(1))
                > u128::from(was.rejected) * u128::from(is.records.max(1)),
            "a larger share of the records could not be read",
        ),
    ];
    for (name, was, is, weakens, means) in counts {
        let sides = (was.to_string(), is.to_string());
        if weakens {
            notes.weakened(Topic::Input, name, (Some(&sides.0), Some(&sides.1)), means);
        }
    }
}
