/*! Why a report no longer holds, in words. */

use crate::model::decision::Verdict;
use crate::model::verified::{Search, Verified};
use crate::wire::Report;
use crate::wording::{self, count, list};

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
    for (what, paths) in [
        ("changed", &inputs.changed),
        ("missing", &inputs.missing),
        ("without a digest to compare", &inputs.unverifiable),
        ("not readable", &inputs.unread),
    ] {
        if !paths.is_empty() {
            reasons.push(format!("{} {what}", count(paths.len(), "input")));
        }
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
    reasons.extend(from_search(&verified.search, verified.verdict));
    reasons
}

fn from_search(search: &Search, reported: Verdict) -> Option<String> {
    match search {
        Search::NoPlan => Some(
            "without the plan, newer old use cannot be looked for; give the plan with `-p`"
                .to_owned(),
        ),
        Search::Done { verdict, .. } if *verdict > reported => {
            let verdict = wording::verdict(*verdict);
            Some(format!("a report over the inputs as they are now says {verdict}"))
        }
        Search::NotNeeded | Search::Done { .. } => None,
    }
}
