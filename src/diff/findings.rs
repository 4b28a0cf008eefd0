/*! Findings that were added, removed, or are about other facts now. */

use crate::model::changes::{Change, Effect, Topic};
use crate::model::finding::Severity;
use crate::wire::{Finding, Report};

pub(super) fn compare(changes: &mut Vec<Change>, before: &Report, after: &Report) {
    for was in &before.findings {
        match counterpart(was, &before.findings, &after.findings) {
            Some(is) => changed(changes, was, is),
            None => removed(changes, was, after),
        }
    }
    for is in &after.findings {
        if counterpart(is, &after.findings, &before.findings).is_none() {
            let means = format!("new: it {}", consequence(is));
            let summary = Some(is.summary.as_str().into());
            let change = Change::new(Topic::Finding, subject(is), None, summary, means);
            changes.push(change.with(if is_advice(is) { Effect::Neutral } else { Effect::Worse }));
            waived(changes, is);
        }
    }
}

/// The same finding in the other report: that of the same words, or the only one of its rule and class in both.
fn counterpart<'f>(
    finding: &Finding,
    own: &[Finding],
    others: &'f [Finding],
) -> Option<&'f Finding> {
    let is_alike = |other: &&Finding| other.rule == finding.rule && other.class == finding.class;
    let mut alike = others.iter().filter(is_alike);
    if let Some(equal) = alike.clone().find(|other| other.summary == finding.summary) {
        return Some(equal);
    }
    let only = alike.next()?;
    (alike.next().is_none() && own.iter().filter(is_alike).count() == 1).then_some(only)
}

fn subject(finding: &Finding) -> String {
    format!("{}, {}", finding.rule, finding.class.as_deref().unwrap_or("rotation"))
}

fn is_advice(finding: &Finding) -> bool {
    finding.severity.0 == Severity::Advises
}

fn consequence(finding: &Finding) -> &'static str {
    match finding.severity.0 {
        Severity::Blocks => "blocks a revocation",
        Severity::Withholds => "leaves the verdict undecided",
        Severity::Advises => "is advice and does not change the verdict",
    }
}

fn removed(changes: &mut Vec<Change>, was: &Finding, after: &Report) {
    let is_in_plan = |name: &String| after.classes.iter().any(|class| class.name == *name);
    let summary = Some(was.summary.as_str().into());
    if was.class.as_ref().is_some_and(|name| !is_in_plan(name)) {
        let means = "its class is no longer in the plan: the finding is not resolved";
        let change = Change::new(Topic::Finding, subject(was), summary, None, means);
        changes.push(change.weakening());
        return;
    }
    let change = Change::new(Topic::Finding, subject(was), summary, None, "resolved");
    changes.push(change.with(if is_advice(was) { Effect::Neutral } else { Effect::Better }));
}

fn changed(changes: &mut Vec<Change>, was: &Finding, is: &Finding) {
    if was.severity != is.severity {
        let means =
            "the rule decides differently: the reports come from different versions of the program";
        let [before, after] = [was, is].map(|finding| Some(consequence(finding).into()));
        changes.push(Change::new(Topic::Finding, subject(is), before, after, means).weakening());
    }
    if was.summary != is.summary {
        let means = format!("still there, with other facts: it {}", consequence(is));
        let [before, after] = [was, is].map(|finding| Some(finding.summary.as_str().into()));
        changes.push(Change::new(Topic::Finding, subject(is), before, after, means));
    }
    match (&was.waived, &is.waived) {
        (None, Some(_)) => waived(changes, is),
        (Some(_), None) => {
            let means = "it is no longer waived, and counts again";
            let change =
                Change::new(Topic::Finding, subject(is), Some("waived".into()), None, means);
            changes.push(change.with(Effect::Worse));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

fn waived(changes: &mut Vec<Change>, is: &Finding) {
    let Some(by) = &is.waived else { return };
    let after = format!("waived by {} until {}", by.owner, by.until);
    let means = "it was taken out of the verdict, not resolved";
    let change = Change::new(Topic::Finding, subject(is), None, Some(after.into()), means);
    changes.push(change.weakening());
}
