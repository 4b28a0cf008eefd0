/*! Does a report still hold? Its inputs by digest, its age, its waivers, and old use that it does not know. */

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::ingest::{self, Input, walk};
use crate::model::decision::Verdict;
use crate::model::verified::{Compared, OldUse, Search, Verified};
use crate::model::{Duration, State, Timestamp, hex};
use crate::profile::builtin;
use crate::safe::mask_file;
use crate::table::bundle::Bundle;
use crate::wording::count;

use super::load::text_of;
use super::{Error, LoadedPlan, Progress, Report, Request, load_plan_for, report};

/// So many newer uses are listed.
const USES_MAX: usize = 10;

/// Compares a report with the exports under the request's paths. `request.as_of` is the instant at which it is asked.
pub fn verify(
    path: &Path,
    plan: Option<&Path>,
    request: &Request,
    progress: &Progress,
) -> Result<Verified, Error> {
    let given = Given::read(path)?;
    let now = request.as_of.unwrap_or(request.now);
    let found = walk(&request.paths);
    let inputs = request.pool()?.install(|| compare(&given, &found));
    let plan = match (plan, &given.plan) {
        (Some(plan), _) => Some(plan),
        (None, Some(beside)) => Some(beside.as_path()),
        (None, None) => None,
    };
    let profiles = request.profiles.as_deref().unwrap_or(builtin::profiles());
    let plan = plan.map(|plan| load_plan_for(plan, profiles)).transpose()?;
    let plan_changed = match (&plan, &given.plan_sha256) {
        (Some(loaded), Some(sha256)) => hex(&Sha256::digest(loaded.text.as_bytes())) != *sha256,
        _ => false,
    };
    // Of a report alone nobody knows which plan it was made with.
    let is_known = given.plan_sha256.is_some() && given.is_own_version && !plan_changed;
    let search = match plan {
        None => Search::NoPlan,
        Some(_) if is_known && is_unchanged(&inputs) => Search::NotNeeded,
        Some(plan) => search(plan, &given, &inputs, (request, progress))?,
    };
    let (as_of, verdict) = (given.as_of, given.verdict);
    let (expires, ended) = (expiry(&given), ended(&given, now));
    let reasons = Vec::new();
    let told =
        Verified { as_of, now, verdict, expires, inputs, plan_changed, ended, search, reasons };
    Ok(Verified { reasons: reasons_of(&told), ..told })
}

/// A report as it was given.
struct Given {
    report: Value,
    as_of: Timestamp,
    window_from: Timestamp,
    verdict: Verdict,
    /// The plan beside it, where it lies in a bundle.
    plan: Option<PathBuf>,
    plan_sha256: Option<String>,
    is_own_version: bool,
}

impl Given {
    fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let invalid = |why: &str| Error::ReportInvalid { path: shown.clone(), why: why.to_owned() };
        let file = if path.is_dir() { path.join("report.json") } else { path.to_owned() };
        let folder = file.parent().unwrap_or(Path::new("."));
        // A bundle vouches for the report and the plan in it; a broken one for neither.
        let is_bundled = path.is_dir() || folder.join("bundle.json").is_file();
        let bundle = is_bundled.then(|| Bundle::open(folder)).transpose()?;
        let text = text_of(&file)?;
        let report: Value = serde_json::from_str(&text).map_err(|_| invalid("it is no JSON"))?;
        if report["schema"] != "holdover.report/1" {
            return Err(invalid("expected schema `holdover.report/1`"));
        }
        let time = |value: &Value| value.as_str().and_then(Timestamp::from_rfc3339);
        let word = report["verdict"].as_str();
        let verdict = Verdict::ALL.into_iter().find(|verdict| Some(verdict.word()) == word);
        let version = report["tool"]["version"].as_str();
        Ok(Self {
            as_of: time(&report["as_of"]).ok_or_else(|| invalid("it names no `as_of`"))?,
            window_from: time(&report["window"]["from"])
                .ok_or_else(|| invalid("it names no window"))?,
            verdict: verdict.ok_or_else(|| invalid("it names no verdict"))?,
            plan: bundle.as_ref().map(|_| folder.join("plan.toml")),
            plan_sha256: bundle.map(|bundle| bundle.manifest.plan_sha256),
            is_own_version: version == Some(env!("CARGO_PKG_VERSION")),
            report,
        })
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &Value> {
        self.report[key].as_array().into_iter().flatten()
    }
}

/// The inputs of the report against the files that there are. Members of archives stand and fall with these.
fn compare(given: &Given, found: &[Input]) -> Compared {
    let digest = |file: &Input| ingest::digest(file, &[]).map(|digested| digested.sha256);
    let digests: Vec<Result<String, String>> = found.par_iter().map(digest).collect();
    let mut now: BTreeMap<String, Result<&str, &str>> = BTreeMap::new();
    for (file, digest) in found.iter().zip(&digests) {
        let digest = digest.as_ref().map(String::as_str).map_err(String::as_str);
        now.insert(mask_file(&file.path).into_owned(), digest);
    }
    let there: BTreeSet<&str> = now.values().filter_map(|digest| digest.ok()).collect();
    let (mut compared, mut known) = (Compared::default(), BTreeSet::new());
    let mut root = "";
    for input in given.list("inputs") {
        let path = input["path"].as_str().unwrap_or_default();
        if !root.is_empty() && path.strip_prefix(root).is_some_and(|rest| rest.starts_with('!')) {
            continue;
        }
        root = path;
        let is_of_bytes = input["bytes"].as_u64() != Some(0);
        match (input["sha256"].as_str(), now.get(path)) {
            _ if path == "-" => compared.unverifiable.push(path.to_owned()),
            (Some(sha256), _) if there.contains(sha256) => {
                compared.unchanged += 1;
                known.insert(sha256);
            }
            (Some(_), Some(_)) => compared.changed.push(path.to_owned()),
            (Some(_), None) => compared.missing.push(path.to_owned()),
            (None, _) if is_of_bytes => compared.unverifiable.push(path.to_owned()),
            // What the report could not read: it said so itself.
            (None, _) => {}
        }
    }
    let unread_before: BTreeSet<&str> = given
        .list("inputs")
        .filter(|input| input["sha256"].is_null())
        .filter_map(|input| input["path"].as_str())
        .collect();
    for (path, digest) in now {
        match digest {
            Ok(sha256) if known.contains(sha256) => {}
            Ok(_) if compared.changed.contains(&path) => {}
            Ok(_) => compared.new.push(path),
            Err(_) if unread_before.contains(path.as_str()) => {}
            Err(_) if compared.changed.contains(&path) => {}
            Err(why) => compared.unread.push(format!("{path}: {why}")),
        }
    }
    compared
}

fn is_unchanged(inputs: &Compared) -> bool {
    *inputs == Compared { unchanged: inputs.unchanged, ..Compared::default() }
}

/// Reads the exports again and looks for old use in what the report does not know.
fn search(
    plan: LoadedPlan,
    given: &Given,
    inputs: &Compared,
    (request, progress): (&Request, &Progress),
) -> Result<Search, Error> {
    // Nothing new: the instant stays, so that the two verdicts speak of one.
    let as_of = is_unchanged(inputs).then_some(given.as_of);
    let fresh = report(plan.plan, &Request { as_of, ..request.clone() }, progress)?;
    let unknown: BTreeSet<&str> =
        inputs.new.iter().chain(&inputs.changed).map(String::as_str).collect();
    let mut uses = newer(&fresh, given.window_from, &|path| {
        unknown.contains(path) || unknown.iter().any(|root| is_member(path, root))
    });
    uses.sort_by(|one, two| (two.time, &two.input).cmp(&(one.time, &one.input)));
    let total = uses.len() as u64;
    uses.truncate(USES_MAX);
    Ok(Search::Done { total, uses, verdict: fresh.decision.verdict })
}

fn is_member(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.starts_with('!'))
}

/// Tries of an old version since the window of the report began, in inputs that it does not know. Whatever ties them to
/// the version, and whatever came of them.
fn newer(fresh: &Report, since: Timestamp, is_unknown: &dyn Fn(&str) -> bool) -> Vec<OldUse> {
    let of_old =
        fresh.sealed.rows.iter().filter(|row| {
            row.state == State::Old && row.kind.is_try() && row.when.latest() >= since
        });
    let uses = of_old.filter_map(|row| {
        let input = fresh.sealed.inputs.get(row.place.input.0 as usize)?;
        let path = mask_file(&input.path);
        is_unknown(&path).then(|| OldUse {
            time: row.when.latest(),
            class: row.class.map(|class| fresh.names.classes[usize::from(class.0)].clone()),
            input: path.into_owned(),
            record: row.place.record,
        })
    });
    uses.collect()
}

/// Until when the report may be relied on: its window must not have passed unseen, nor a turn of a class that runs at
/// declared times.
fn expiry(given: &Given) -> (Timestamp, String) {
    let window = given.as_of - given.window_from;
    let whole = (
        given.as_of + window,
        format!(
            "its window of {} is over, and what came since is not in it",
            window.hours_minutes()
        ),
    );
    let enabled = given.list("classes").filter(|class| class["disabled"] != true);
    let turns = enabled.filter_map(|class| {
        let every = class["silence"]["cadence"]["declared"].as_str()?;
        let name = class["class"].as_str()?;
        let length = Duration::from_hours_minutes(every)?;
        let because = format!("`{name}` is due every {every}, and its next turn is not in it");
        Some((given.as_of + length, because))
    });
    turns.chain([whole]).min().expect("the window is there")
}

/// Waivers without which the verdict would be another, and that have ended.
fn ended(given: &Given, now: Timestamp) -> Vec<(String, Option<String>, Timestamp)> {
    let counted = given.list("waivers").filter(|waiver| {
        waiver["in_force"] == true
            && waiver["findings"].as_array().is_some_and(|all| !all.is_empty())
    });
    let ended = counted.filter_map(|waiver| {
        let until = waiver["until"].as_str().and_then(Timestamp::from_rfc3339)?;
        let rule = waiver["rule"].as_str()?.to_owned();
        let class = waiver["class"].as_str().map(str::to_owned);
        (until <= now).then_some((rule, class, until))
    });
    ended.collect()
}

/// Why the report no longer holds.
fn reasons_of(told: &Verified) -> Vec<String> {
    let mut reasons = Vec::new();
    let newer = told.newer_old_uses();
    if newer > 0 {
        let uses = count(newer, "use");
        reasons.push(format!("{uses} of an old version that the report does not know"));
    }
    let inputs = &told.inputs;
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
    if told.plan_changed {
        reasons.push("the plan is another one".to_owned());
    }
    let (expires, because) = &told.expires;
    if told.now >= *expires {
        reasons.push(format!("expired at {expires}: {because}"));
    }
    for (rule, class, until) in &told.ended {
        let of = class.as_ref().map_or_else(String::new, |class| format!(" of `{class}`"));
        reasons.push(format!("the waiver of `{rule}`{of} ended at {until}"));
    }
    match &told.search {
        Search::NoPlan => reasons.push(
            "without the plan, newer old use cannot be looked for; give it with `-p`".to_owned(),
        ),
        Search::Done { verdict, .. } if *verdict > told.verdict => {
            let word = verdict.word().replace('_', " ");
            reasons.push(format!("a report over the inputs as they are now says {word}"));
        }
        Search::NotNeeded | Search::Done { .. } => {}
    }
    reasons
}
