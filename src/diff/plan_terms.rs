/*! The terms of the plan that decide and that a report shows nowhere else, one by one. */

use std::collections::BTreeSet;

use crate::model::Duration;
use crate::model::changes::{Change, Topic, Value};
use crate::wire::{PlanTerm, PlanTerms, Report};
use crate::wording;

/// Which way a term with a length asks for less proof.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Softer {
    Longer,
    Shorter,
}

/// The terms whose direction is known. A change of any other could have made a verdict better.
const LENGTHS: [(&str, Softer); 5] = [
    ("lag", Softer::Longer),
    ("max_gap", Softer::Longer),
    ("limits.gone_after", Softer::Shorter),
    ("session_max", Softer::Shorter),
    ("slowest", Softer::Shorter),
];

/// Flags that ask for less proof where they are set.
const SOFT_FLAGS: [&str; 2] = ["run_settles", "limits.aggregates_prove"];

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    // A report that lacks them is named with its other missing keys.
    let (Some(was), Some(is)) = (before.plan.given(), after.plan.given()) else { return };
    let earlier = changes.len();
    for name in names(was, is) {
        let (old, new) = (values(was, name), values(is, name));
        if old != new {
            changes.push(change(name, &old, &new));
        }
    }
    if changes.len() == earlier && was.sha256 != is.sha256 {
        let means = "the text of the plan is another, and every term that decides is the same";
        let value = |plan: &PlanTerms| plan.sha256.as_deref().map(Value::from);
        changes.push(Change::new(Topic::Plan, "plan", value(was), value(is), means));
    }
}

/// What it is a term of, and its key.
type TermName<'r> = (&'r str, &'r str);

fn names<'r>(was: &'r PlanTerms, is: &'r PlanTerms) -> BTreeSet<TermName<'r>> {
    let both = was.terms.iter().chain(&is.terms);
    both.map(|term| (term.of.as_str(), term.term.as_str())).collect()
}

/// All values of a term: two waivers of one rule have one name.
fn values<'r>(plan: &'r PlanTerms, (of, term): TermName<'_>) -> Vec<&'r str> {
    let is_it = |found: &&PlanTerm| found.of == of && found.term == term;
    plan.terms.iter().filter(is_it).map(|found| found.value.as_str()).collect()
}

fn change((of, term): TermName<'_>, was: &[&str], is: &[&str]) -> Change {
    let weakens = is_softer(term, was, is);
    let means = if weakens {
        "the plan asks for less proof, or other proof, than before"
    } else {
        "the plan asks for more proof than before"
    };
    let value = |values: &[&str]| Some(shown(values));
    let change = Change::new(Topic::Plan, format!("{of}, {term}"), value(was), value(is), means);
    if weakens { change.weakening() } else { change }
}

fn shown(values: &[&str]) -> Value {
    let text = |value: &&str| {
        Duration::from_hours_minutes(value).map_or((*value).to_owned(), wording::length)
    };
    if values.is_empty() {
        return "none".into();
    }
    let texts: Vec<String> = values.iter().map(text).collect();
    Value { text: texts.join("; "), machine: values.join("; ") }
}

fn is_softer(term: &str, was: &[&str], is: &[&str]) -> bool {
    if SOFT_FLAGS.contains(&term) {
        return !is.is_empty();
    }
    let Some((_, softer)) = LENGTHS.iter().find(|(name, _)| *name == term) else { return true };
    let lengths = |values: &[&str]| -> Option<Vec<Duration>> {
        values.iter().map(|value| Duration::from_hours_minutes(value)).collect()
    };
    match (lengths(was).as_deref(), lengths(is).as_deref()) {
        (Some([was]), Some([is])) => match softer {
            Softer::Longer => is > was,
            Softer::Shorter => is < was,
        },
        // Where it was not declared, a length that is asked for is more.
        (Some([]), Some([_])) => *softer == Softer::Longer,
        (_, _) => true,
    }
}
