/*! Whether a report still holds, as text and as JSON. */

use std::fmt::Write;

use serde_json::{Value, json};

use crate::model::Timestamp;
use crate::model::verified::{OldUse, Search, Verified};
use crate::safe::{mask_file, mask_text, terminal};
use crate::wording::{self, Zone, count, number};

/// At most this many paths of a kind are named.
const PATHS_MAX: usize = 20;

/// For people.
pub fn text(verified: &Verified, zone: Zone) -> String {
    let verdict = wording::verdict(verified.verdict);
    let head = match (verified.holds(), verified.reasons.is_empty()) {
        (true, _) => "HOLDS",
        (false, true) => "NOT CHECKED",
        (false, false) => "NO LONGER HOLDS",
    };
    let as_of = zone.time(verified.as_of);
    let mut text = format!("{head}  the report as of {as_of}, which says {verdict}\n");
    for reason in &verified.reasons {
        let _infallible = writeln!(text, "  because   {}", shown(&zone.sentence(reason)));
    }
    for unchecked in &verified.unchecked {
        let _infallible = writeln!(text, "  unchecked {}", shown(&zone.sentence(unchecked)));
    }
    let (expires, because) = &verified.expires;
    if verified.now < *expires {
        let (expires, because) = (zone.time(*expires), zone.sentence(because));
        let _infallible = writeln!(text, "  expires   {expires}: {}", shown(&because));
    }
    let inputs = &verified.inputs;
    let _infallible = writeln!(text, "  inputs    {} unchanged", count(inputs.unchanged, "input"));
    for (what, paths) in [
        ("bundled", &verified.named),
        ("changed", &inputs.changed),
        ("missing", &inputs.missing),
        ("new", &inputs.new),
        ("no digest", &inputs.unverifiable),
        ("unread", &inputs.unread),
    ] {
        for path in paths.iter().take(PATHS_MAX) {
            let _infallible = writeln!(text, "  {what:<9} {}", terminal(&mask_file(path)));
        }
        if let Some(more @ 1..) = paths.len().checked_sub(PATHS_MAX) {
            let _infallible = writeln!(text, "            and {} more", number(more));
        }
    }
    if let Search::Done { total, uses, .. } = &verified.search {
        for old_use in uses {
            let path = mask_file(&old_use.input);
            let path = terminal(&path);
            let who = who(old_use);
            let time = zone.time(old_use.time);
            let _infallible =
                writeln!(text, "  old use   {time} {who}, {path} record {}", old_use.record);
        }
        if let Some(more @ 1..) = total.checked_sub(uses.len() as u64) {
            let _infallible = writeln!(text, "            and {} more", number(more));
        }
    }
    text
}

fn who(old_use: &OldUse) -> String {
    old_use.class.as_deref().map_or_else(|| "an undeclared consumer".to_owned(), shown)
}

fn shown(text: &str) -> String {
    terminal(&mask_text(text)).into_owned()
}

/// As data: `holdover.verify/1`.
pub fn json(verified: &Verified) -> Value {
    let texts = |texts: &[String]| {
        texts.iter().map(|text| mask_text(text).into_owned()).collect::<Vec<_>>()
    };
    let paths = |paths: &[String]| {
        paths.iter().map(|path| mask_file(path).into_owned()).collect::<Vec<_>>()
    };
    let use_value = |old_use: &OldUse| {
        json!({
            "time": old_use.time.rfc3339(),
            "class": old_use.class.as_deref().map(mask_text),
            "input": mask_file(&old_use.input),
            "record": old_use.record,
        })
    };
    let (looked, uses) = match &verified.search {
        Search::NoPlan | Search::NoRecords | Search::Kept(_) => (false, Vec::new()),
        Search::Done { uses, .. } => (true, uses.iter().map(use_value).collect()),
    };
    let verdict_now = verified.search.remade().map(|remade| remade.verdict.word());
    let ended = |(rule, class, until): &(String, Option<String>, Timestamp)| {
        let class = class.as_deref().map(mask_text);
        json!({"rule": mask_text(rule), "class": class, "until": until.rfc3339()})
    };
    let (expires, because) = &verified.expires;
    let inputs = &verified.inputs;
    json!({
        "schema": "holdover.verify/1",
        "holds": verified.holds(),
        "reasons": texts(&verified.reasons),
        "not_checked": texts(&verified.unchecked),
        "verdict": verified.verdict.word(),
        "as_of": verified.as_of.rfc3339(),
        "now": verified.now.rfc3339(),
        "expires": {"time": expires.rfc3339(), "because": mask_text(because), "expired": verified.now >= *expires},
        "inputs": {
            "unchanged": inputs.unchanged,
            "changed": paths(&inputs.changed),
            "missing": paths(&inputs.missing),
            "new": paths(&inputs.new),
            "unverifiable": paths(&inputs.unverifiable),
            "unread": paths(&inputs.unread),
        },
        "paths_of_bundle": paths(&verified.named),
        "plan_changed": verified.plan_changed,
        "ended_waivers": verified.ended.iter().map(ended).collect::<Vec<_>>(),
        "newer_old_use": {"looked": looked, "events": verified.newer_old_uses(), "uses": uses},
        "verdict_now": verdict_now,
    })
}
