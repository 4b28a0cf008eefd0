/*! Findings, undeclared consumers and waivers that came and went. */

use super::Notes;
use super::read::{Finding, Report, Severity, Undeclared, Waiver};
use crate::model::changes::{Change, Effect, Topic};

pub(super) fn compare(notes: &mut Notes, before: &Report, after: &Report) {
    for was in &before.findings {
        match counterpart(was, &before.findings, &after.findings) {
            Some(is) => changed(notes, was, is),
            None => gone(notes, was, after),
        }
    }
    for is in &after.findings {
        if counterpart(is, &after.findings, &before.findings).is_none() {
            let effect =
                if is.severity == Severity::Advises { Effect::Neutral } else { Effect::Worse };
            let means = format!("new: it {}", does(is.severity));
            notes.came(Topic::Finding, &subject(is), effect, (&is.summary, &means));
            waived_now(notes, is);
        }
    }
    undeclared(notes, &before.undeclared, &after.undeclared);
    waivers(notes, &before.waivers, &after.waivers);
}

/// The same finding in the other report: of the same words, or the only one of its rule and class in both.
fn counterpart<'f>(one: &Finding, own: &[Finding], others: &'f [Finding]) -> Option<&'f Finding> {
    let alike = |other: &&Finding| other.rule == one.rule && other.class == one.class;
    let mut same = others.iter().filter(alike);
    if let Some(equal) = same.clone().find(|other| other.summary == one.summary) {
        return Some(equal);
    }
    let only = same.next()?;
    (same.next().is_none() && own.iter().filter(alike).count() == 1).then_some(only)
}

fn subject(finding: &Finding) -> String {
    format!("{}, {}", finding.rule, finding.class.as_deref().unwrap_or("rotation"))
}

fn does(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocks => "blocks a revocation",
        Severity::Withholds => "withholds a ready",
        Severity::Advises => "advises and decides nothing",
    }
}

fn gone(notes: &mut Notes, was: &Finding, after: &Report) {
    let is_left = |name: &String| after.classes.iter().any(|class| class.name == *name);
    if was.class.as_ref().is_some_and(|name| !is_left(name)) {
        let means = "it went with its class, which is not in the plan any more: it is not settled";
        notes.weakened(Topic::Finding, &subject(was), (Some(&was.summary), None), means);
        return;
    }
    let effect = if was.severity == Severity::Advises { Effect::Neutral } else { Effect::Better };
    let means = format!("gone: it {} no more", does(was.severity));
    notes.went(Topic::Finding, &subject(was), effect, (&was.summary, &means));
}

fn changed(notes: &mut Notes, was: &Finding, is: &Finding) {
    if was.severity != is.severity {
        let (before, after) = (does(was.severity), does(is.severity));
        let means = "the rule decides otherwise: the reports come from different versions";
        notes.weakened(Topic::Finding, &subject(is), (Some(before), Some(after)), means);
    }
    if was.summary != is.summary {
        let means = format!("still there, with other facts: it {}", does(is.severity));
        notes.turned(Topic::Finding, &subject(is), (&was.summary, &is.summary), &means);
    }
    match (&was.waived, &is.waived) {
        (None, Some(_)) => waived_now(notes, is),
        (Some(_), None) => {
            let means = "it is waived no more, and counts again";
            notes.went(Topic::Finding, &subject(is), Effect::Worse, ("waived", means));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

fn waived_now(notes: &mut Notes, is: &Finding) {
    let Some(by) = &is.waived else { return };
    let after = format!("waived by {} until {}", by.owner, by.until.0);
    let means = "it was taken out of the verdict, not settled";
    notes.weakened(Topic::Finding, &subject(is), (None, Some(&after)), means);
}

fn undeclared(notes: &mut Notes, before: &[Undeclared], after: &[Undeclared]) {
    let name = |one: &Undeclared| {
        let hints: Vec<String> =
            one.hints.iter().map(|(hint, value)| format!("{hint} {value}")).collect();
        if hints.is_empty() { "without any hint".to_owned() } else { hints.join(", ") }
    };
    let facts = |one: &Undeclared| format!("{} uses, the last {}", one.events, one.last.0);
    for is in after {
        match before.iter().find(|was| was.hints == is.hints) {
            None => {
                let means = "somebody whom the plan does not know uses the old version";
                notes.came(Topic::Undeclared, &name(is), Effect::Worse, (&facts(is), means));
            }
            Some(was) if was.last < is.last => {
                let sides = (facts(was), facts(is));
                let means = "it used the old version again";
                notes.turned(Topic::Undeclared, &name(is), (&sides.0, &sides.1), means);
                if let Some(change) = notes.0.last_mut() {
                    change.effect = Effect::Worse;
                }
            }
            Some(was) if was.last > is.last || was.events > is.events => {
                let sides = (facts(was), facts(is));
                let means = "uses that the older report counted are not in the newer one";
                notes.weakened(
                    Topic::Undeclared,
                    &name(is),
                    (Some(&sides.0), Some(&sides.1)),
                    means,
                );
            }
            Some(_) => {}
        }
    }
    for was in before.iter().filter(|was| !after.iter().any(|is| is.hints == was.hints)) {
        let means = "a class of the plan matches it now, or its records are gone: see which";
        notes.weakened(Topic::Undeclared, &name(was), (Some(&facts(was)), None), means);
    }
}

fn waivers(notes: &mut Notes, before: &[Waiver], after: &[Waiver]) {
    let same = |one: &Waiver, other: &Waiver| {
        (&one.rule, &one.class, &one.owner, one.until, &one.reason)
            == (&other.rule, &other.class, &other.owner, other.until, &other.reason)
    };
    let name = |one: &Waiver| match &one.class {
        Some(class) => format!("{}, {class}", one.rule),
        None => one.rule.clone(),
    };
    let words = |one: &Waiver| format!("by {} until {}: {}", one.owner, one.until.0, one.reason);
    for is in after {
        match before.iter().find(|was| same(was, is)) {
            None if is.in_force => {
                let means =
                    "a new waiver: what it takes out of the verdict is accepted, not proven";
                notes.weakened(Topic::Waiver, &name(is), (None, Some(&words(is))), means);
            }
            None => {
                let means = "a new waiver that has lapsed already";
                notes.came(Topic::Waiver, &name(is), Effect::Neutral, (&words(is), means));
            }
            Some(was) if was.in_force && !is.in_force => {
                let means = "it lapsed: what it covered counts again";
                notes.went(Topic::Waiver, &name(is), Effect::Worse, (&words(was), means));
            }
            Some(was) if !was.in_force && is.in_force => {
                let means = "it is in force, and was not before";
                notes.weakened(Topic::Waiver, &name(is), (None, Some(&words(is))), means);
            }
            Some(_) => {}
        }
    }
    for was in before.iter().filter(|was| !after.iter().any(|is| same(was, is))) {
        notes.add(Change {
            topic: Topic::Waiver,
            subject: name(was),
            effect: Effect::Neutral,
            weakens: false,
            before: Some(words(was)),
            after: None,
            means: "it was taken back: what it covered counts again".to_owned(),
        });
    }
}
