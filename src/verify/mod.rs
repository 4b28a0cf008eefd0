/*! Does a report still hold? A written report, and what there is today.
 *
 * A report holds while nothing it rests on has changed: its inputs by digest, its plan, its age, its waivers, and the
 * old use that it knows. The pipeline gathers what there is today; everything that follows from it is decided here.
 */

mod inputs;
mod lifetime;

use crate::model::Timestamp;
use crate::model::decision::Verdict;
use crate::model::verified::{Compared, Search, Verified};
use crate::wire::Report;
use crate::wording::{self, count, list};

pub use inputs::{DigestedFile, compare, is_unchanged};

/// Keys that may be missing in an older report, and without which it cannot be checked against itself.
const NEEDED: [&str; 2] = ["classes[].findings", "waivers[].findings"];

/// What there is today.
#[derive(Clone, Debug)]
pub struct Today {
    /// The time at which the question is asked.
    pub now: Timestamp,
    /// The inputs of the report against the files of today.
    pub inputs: Compared,
    /// Is the plan another one than the report was made with?
    pub plan_changed: bool,
    /// The search for old use that the report does not know.
    pub search: Search,
}

/// Does the report still hold, and if not, why?
pub fn verify(report: &Report, today: Today) -> Verified {
    let Today { now, inputs, plan_changed, search } = today;
    let mut verified = Verified {
        as_of: as_of(report),
        now,
        verdict: report.verdict.0,
        expires: lifetime::expiry(report),
        inputs,
        plan_changed,
        ended: lifetime::ended_waivers(report, now),
        search,
        reasons: Vec::new(),
    };
    verified.reasons.extend(missing_keys(report));
    verified.reasons.extend(reasons(&verified));
    verified
}

/// The time for which the report was made.
pub fn as_of(report: &Report) -> Timestamp {
    report.as_of.0
}

/// From when on the report allows no old use.
pub fn window_start(report: &Report) -> Timestamp {
    report.window.from.0
}

/// Did this version of the program write the report?
pub fn is_of_version(report: &Report, version: &str) -> bool {
    report.tool.version == version
}

fn missing_keys(report: &Report) -> Option<String> {
    let missing = report.lacks().into_iter().filter(|key| NEEDED.contains(key));
    let missing: Vec<String> = missing.map(|key| format!("`{key}`")).collect();
    (!missing.is_empty()).then(|| {
        format!("the report lacks {}, so it cannot be checked against itself", list(&missing))
    })
}

fn reasons(verified: &Verified) -> Vec<String> {
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
