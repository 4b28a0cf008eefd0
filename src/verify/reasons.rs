/*! Why a report no longer holds, in words. */

use crate::model::decision::Verdict;
use crate::model::verified::{Search, Verified};
use crate::wire::Report;
use crate::wording::{self, count, list};

use super::inputs::is_unchanged;

/// Keys that may be missing in an older report, and without which it cannot be checked against itself.
const NEEDED: [&str; 2] = ["classes[].findings", "waivers[].findings"];

pub(super) fn missing_keys(report: &Report) -> Option<String> {
    let missing = report.lacks().into_iter().filter(|key| NEEDED.contains(key));
    let missing: Vec<String> = missing.map(|key| format!("`{key}`")).collect();
    (!missing.is_empty()).then(|| {
        format!("the report lacks {}, so it cannot be checked against itself", list(&missing))
    })
}

pub(super) fn reasons(verified: &Verified) -> Vec<String> {
    let mut reasons = Vec::new();
    let newer = verified.newer_old_uses();
    if newer > 0 {
        let uses = count(newer, "use");
        reasons.push(format!("{uses} of an old version that the report does not know"));
    }
    let inputs = &verified.inputs;
    for (what, paths) in [("changed", &inputs.changed), ("missing", &inputs.missing)] {
        if !paths.is_empty() {
            reasons.push(format!("{} {what}", count(paths.len(), "input")));
        }
    }
    if verified.now < verified.as_of {
        let now = verified.now;
        reasons.push(format!(
            "it is asked for {now}, and the report says nothing of a time before its own"
        ));
    }
    if verified.plan_changed {
        reasons.push("the plan is not the one that the report was made with".to_owned());
    }
    let (expires, because) = &verified.expires;
    if verified.now >= *expires {
        reasons.push(format!("expired at {expires}: {because}"));
    }
    for (rule, class, until) in &verified.ended {
        let of = class.as_ref().map_or_else(String::new, |class| format!(" of `{class}`"));
        reasons.push(format!("the waiver of `{rule}`{of} ended at {until}"));
    }
    reasons
}

/// The verdicts that a report made again does not share. Those of classes are compared if it is over the same inputs as
/// of the same time.
pub(super) fn other_verdicts(report: &Report, verified: &Verified) -> Vec<String> {
    let Some(remade) = verified.search.remade() else { return Vec::new() };
    let over = match verified.search {
        Search::Kept(_) => "the scans in the bundle",
        _ => "the inputs as they are now",
    };
    let mut reasons = Vec::new();
    if remade.verdict != verified.verdict {
        let verdict = wording::verdict(remade.verdict);
        reasons.push(format!("a report over {over} says {verdict}"));
    }
    let is_same_question = is_unchanged(&verified.inputs) && !verified.plan_changed;
    let written: Vec<(&str, Verdict)> =
        report.classes.iter().map(|class| (class.name.as_str(), class.verdict.0)).collect();
    let made = remade.classes.iter().map(|(name, verdict)| (name.as_str(), *verdict));
    let others = made.filter(|class| is_same_question && !written.contains(class));
    reasons.extend(others.map(|(name, verdict)| {
        format!("of `{name}`, a report over {over} says {}", wording::verdict(verdict))
    }));
    if is_same_question && written.len() != remade.classes.len() {
        reasons.push(format!("a report over {over} has other consumers"));
    }
    reasons
}

/// What was not checked. Where it is anything, nobody may rely on the rest.
pub(super) fn unchecked(verified: &Verified) -> Vec<String> {
    let inputs = &verified.inputs;
    let mut unchecked = Vec::new();
    for (what, paths) in [
        ("the bytes of {}, which the report gives without a digest", &inputs.unverifiable),
        ("what is in {}, which cannot be read", &inputs.unread),
    ] {
        if !paths.is_empty() {
            unchecked.push(what.replace("{}", &count(paths.len(), "input")));
        }
    }
    if verified.plan_unknown && !matches!(verified.search, Search::NoPlan) {
        unchecked.push(
            "whether the plan is the one of the report: the report does not give its digest"
                .to_owned(),
        );
    }
    match verified.search {
        Search::NoPlan => unchecked.push(
            "the verdict, and whether there is newer old use: both need the plan; give it with `-p`".to_owned(),
        ),
        Search::NoRecords => unchecked.push(
            "the verdict: neither the exports are given, nor does a bundle keep scans of them".to_owned(),
        ),
        Search::Kept(_) | Search::Done { .. } => {}
    }
    if matches!(verified.search, Search::Kept(_) | Search::NoRecords) {
        unchecked.push(
            "whether the inputs are unchanged, and whether there is newer old use: no exports are given".to_owned(),
        );
    }
    unchecked
}
