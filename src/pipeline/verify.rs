/*! Gathers what there is today for a report: its plan, its inputs, and a report over them. `verify` decides. */

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::ingest::{self, Input, walk};
use crate::model::verified::{Compared, OldUse, Search, Verified};
use crate::model::{State, Timestamp, hex};
use crate::profile::builtin;
use crate::safe::mask_file;
use crate::table::bundle::Bundle;
use crate::verify::{self, DigestedFile, Today};
use crate::wire;

use super::load::written_report;
use super::{Error, LoadedPlan, Progress, Report, Request, load_plan_for, report};

/// At most this many newer uses are listed.
const USES_MAX: usize = 10;

/// Compares a report with the exports under the request's paths. `request.as_of` is the time at which it is asked.
pub fn verify(
    path: &Path,
    plan: Option<&Path>,
    request: &Request,
    progress: &Progress,
) -> Result<Verified, Error> {
    let given = GivenReport::read(path)?;
    let now = request.as_of.unwrap_or(request.now);
    let files = walk(&request.paths);
    let files = request.pool()?.install(|| digested(&files));
    let inputs = verify::compare(&given.report, &files);
    let plan = plan.or(given.plan.as_deref());
    let profiles = request.profiles.as_deref().unwrap_or(builtin::profiles());
    let plan = plan.map(|plan| load_plan_for(plan, profiles)).transpose()?;
    let plan_changed = match (&plan, &given.plan_sha256) {
        (Some(loaded), Some(sha256)) => hex(&Sha256::digest(loaded.text.as_bytes())) != *sha256,
        (_, _) => false,
    };
    // A report alone does not say with which plan it was made.
    let is_same_plan = given.plan_sha256.is_some() && !plan_changed;
    let is_own = verify::is_of_version(&given.report, env!("CARGO_PKG_VERSION"));
    let search = match plan {
        None => Search::NoPlan,
        Some(_) if is_same_plan && is_own && verify::is_unchanged(&inputs) => Search::NotNeeded,
        Some(plan) => search(plan, &given.report, &inputs, request, progress)?,
    };
    Ok(verify::verify(&given.report, Today { now, inputs, plan_changed, search }))
}

/// A report, and the plan next to it if it lies in a bundle.
struct GivenReport {
    report: wire::Report,
    plan: Option<PathBuf>,
    plan_sha256: Option<String>,
}

impl GivenReport {
    fn read(path: &Path) -> Result<Self, Error> {
        let file = if path.is_dir() { path.join("report.json") } else { path.to_owned() };
        let folder = file.parent().unwrap_or(Path::new("."));
        // A bundle vouches for the report and the plan in it; a broken one for neither.
        let is_bundled = path.is_dir() || folder.join("bundle.json").is_file();
        let bundle = is_bundled.then(|| Bundle::open(folder)).transpose()?;
        Ok(Self {
            report: written_report(&file)?,
            plan: bundle.as_ref().map(|_| folder.join("plan.toml")),
            plan_sha256: bundle.map(|bundle| bundle.manifest.plan_sha256),
        })
    }
}

fn digested(files: &[Input]) -> Vec<DigestedFile> {
    let file = |file: &Input| DigestedFile {
        path: mask_file(&file.path).into_owned(),
        sha256: ingest::digest(file, &[]).map(|digested| digested.sha256),
    };
    files.par_iter().map(file).collect()
}

/// Reads the exports again and looks for old use in what the report does not know.
fn search(
    plan: LoadedPlan,
    given: &wire::Report,
    inputs: &Compared,
    request: &Request,
    progress: &Progress,
) -> Result<Search, Error> {
    // If nothing is new, both verdicts are as of one time.
    let as_of = verify::is_unchanged(inputs).then_some(verify::as_of(given));
    let fresh = report(plan.plan, &Request { as_of, ..request.clone() }, progress)?;
    let unknown: BTreeSet<&str> =
        inputs.new.iter().chain(&inputs.changed).map(String::as_str).collect();
    let mut uses = newer(&fresh, verify::window_start(given), &|path| {
        unknown.contains(path) || unknown.iter().any(|archive| is_member(path, archive))
    });
    uses.sort_by(|one, other| (other.time, &other.input).cmp(&(one.time, &one.input)));
    let total = uses.len() as u64;
    uses.truncate(USES_MAX);
    Ok(Search::Done { total, uses, verdict: fresh.decision.verdict })
}

fn is_member(path: &str, archive: &str) -> bool {
    path.strip_prefix(archive).is_some_and(|rest| rest.starts_with('!'))
}

/// Attempts on an old version since the window of the report began, in inputs that it does not know. How they are tied
/// to the version and what came of them does not matter.
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
