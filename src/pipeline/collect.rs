/*! `collect`: from paths to sealed tables, using the cached scans of bundles among the paths. */

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::attribute::CompiledRotation;
use crate::ingest::{self, Input, walk_outside};
use crate::model::bounds::TimeBounds;
use crate::model::damage::Damage;
use crate::model::{Duration, InputId, Timestamp};
use crate::plan::{OF_PATH, Plan, PlanSource};
use crate::profile::{Expression, Overlay};
use crate::safe::mask_file;
use crate::scan::{Batch, Part, Wanted};
use crate::table::bundle::{Bundle, BundleError};
use crate::table::parts::CachedScan;
use crate::table::{Sealed, seal};

use super::error::Error;
use super::fixpoint::{FinalScans, InputCounts, InputScan, ScanRounds, learned};
use super::progress::{Progress, Stage};
use super::request::Request;
use super::run_inputs::{RunInput, run_inputs, wanted_digest};

/// The evidence of a run.
#[derive(Debug)]
pub struct Collected {
    /// The plan that was given.
    pub plan: Plan,
    /// The sealed tables.
    pub sealed: Sealed,
    /// The latest time of any record.
    pub latest: Option<Timestamp>,
    /// The scans to cache for the next run; empty without digests.
    pub kept: Vec<CachedScan>,
    /// How many inputs were read.
    pub counts: InputCounts,
}

/// Reads all inputs and seals their evidence.
pub fn collect(plan: Plan, request: &Request, progress: &Progress) -> Result<Collected, Error> {
    let (bundles, paths) = request.bundles();
    let mut kept = Vec::new();
    for folder in bundles {
        kept.extend(cached_scans(Path::new(folder))?);
    }
    gather(plan, kept, &Request { paths, ..request.clone() }, progress)
}

/// The scans that a bundle keeps.
pub(super) fn cached_scans(folder: &Path) -> Result<Vec<CachedScan>, Error> {
    let missing = || {
        BundleError::NotABundle {
        path: folder.to_owned(),
        why: "it keeps no scans of its inputs: they were read without digests, or by an older version"
            .to_owned(),
    }
    };
    Ok(Bundle::open(folder)?.parts()?.ok_or_else(missing)?)
}

/// Reads the inputs that have no current cached scan, and seals the evidence of all.
pub(super) fn gather(
    plan: Plan,
    kept: Vec<CachedScan>,
    request: &Request,
    progress: &Progress,
) -> Result<Collected, Error> {
    let pool = request.pool()?;
    let given = walk_outside(&request.paths, request.output.as_deref());
    let why = why_nothing(&given);
    let inputs = pool.install(|| run_inputs(given, kept, &request.paths));
    if !inputs.iter().any(RunInput::is_readable) {
        return Err(Error::NoInput(why));
    }
    progress.total.store(inputs.iter().map(RunInput::bytes).sum(), Ordering::Relaxed);
    progress.inputs.store(inputs.len() as u64, Ordering::Relaxed);
    let overlays: Vec<Overlay> = plan.sources.iter().map(overlay).collect();
    let latest = match request.as_of {
        Some(_) => Timestamp(i64::MAX),
        None => request.now + Duration::HOUR,
    };
    let bounds = TimeBounds { latest, ..TimeBounds::around(plan.rotation.introduced) };
    let reading = plan.reading();
    let digest = wanted_digest(&reading, request.known_profiles());
    let mut wanted =
        Wanted::new(CompiledRotation::new(reading), request.known_profiles(), &overlays, bounds);
    let rounds = ScanRounds::new(inputs, digest, request, progress);
    let FinalScans { scans, kept, counts } = pool.install(|| rounds.run(&mut wanted))?;
    if let Some(why) = why_all_unread(&scans) {
        return Err(Error::NoInput(why));
    }
    progress.enter(Stage::Sealing);
    let (mut parts, batches) = numbered(scans);
    missing_sources(&plan, &mut parts);
    let latest = parts.iter().filter_map(|part| part.span.map(|(_, last)| last)).max();
    let learned = learned(&wanted.rotation, parts.iter());
    let sealed = seal(parts, batches, &learned);
    progress.enter(Stage::Deciding);
    Ok(Collected { plan, sealed, latest, kept, counts })
}

/// Why no input at all could be opened, if none could.
fn why_all_unread(scans: &[InputScan]) -> Option<String> {
    let mut parts = scans.iter().flat_map(|scan| &scan.parts);
    if !parts.clone().all(|part| part.format == ingest::UNREAD) {
        return None;
    }
    let first = parts.next()?;
    let what = first.damage.first().map_or("is not read", |damage| damage.what.as_str());
    Some(format!("`{}`: {what}", first.path))
}

/// The cause of the first path that cannot be read.
pub(super) fn why_nothing(inputs: &[Input]) -> String {
    let mut causes = inputs.iter().filter_map(|input| {
        input.trouble.as_ref().map(|trouble| format!("`{}`: {trouble}", input.path))
    });
    causes.next().unwrap_or_else(|| "no path was given".to_owned())
}

pub(super) fn overlay(source: &PlanSource) -> Overlay {
    let (mut fields, mut of_path) = (Vec::new(), Vec::new());
    for (column, names) in &source.fields {
        let expression = |name: &String| {
            let inside = name.strip_prefix(OF_PATH)?.strip_prefix('/')?.strip_suffix('/')?;
            Expression::new(inside).ok()
        };
        of_path.extend(names.iter().filter_map(expression).map(|pattern| (*column, pattern)));
        let pointers: Vec<String> = names
            .iter()
            .filter(|name| !name.starts_with(OF_PATH))
            .map(|name| pointer(name))
            .collect();
        if !pointers.is_empty() {
            fields.push((*column, pointers));
        }
    }
    Overlay {
        fields,
        of_path,
        outcomes: source.outcomes.clone(),
        timezone: source.timezone.as_deref().and_then(|zone| zone.parse().ok()),
        stream: source.stream.clone(),
        ignore: source.ignore.clone(),
    }
}

/// A field name without a `/` means a field at the top of the record. A number before the `/` means levels to go up.
fn pointer(name: &str) -> String {
    if name.trim_start_matches(|first: char| first.is_ascii_digit()).starts_with('/') {
        name.to_owned()
    } else {
        format!("/{}", name.replace('~', "~0").replace('/', "~1"))
    }
}

/// Gives inputs their final numbers. Members of archives are inputs of their own, so numbers move.
fn numbered(scans: Vec<InputScan>) -> (Vec<Part>, Vec<Batch>) {
    let (mut parts, mut batches) = (Vec::new(), Vec::new());
    for mut scan in scans {
        let first = parts.len();
        scan.batches.sort_by_key(|batch| batch.member);
        for batch in &mut scan.batches {
            batch.renumber(input_id(first + batch.member as usize));
        }
        for (member, part) in scan.parts.iter_mut().enumerate() {
            part.renumber(input_id(first + member));
        }
        parts.append(&mut scan.parts);
        batches.append(&mut scan.batches);
    }
    (parts, batches)
}

fn input_id(position: usize) -> InputId {
    InputId(u32::try_from(position).expect("fewer than 2^32 inputs"))
}

/// A source of the plan that matches no input is reported as a damaged input: the plan promised it.
fn missing_sources(plan: &Plan, parts: &mut Vec<Part>) {
    let used: BTreeSet<usize> = parts.iter().filter_map(|part| part.source).collect();
    for (position, source) in plan.sources.iter().enumerate() {
        if used.contains(&position) {
            continue;
        }
        let path = mask_file(&source.paths.join(", ")).into_owned();
        let mut part = Part { input: input_id(parts.len()), path, ..Part::default() };
        part.damage.push(Damage::source_without_input(position + 1));
        let name = format!("source#{}:{}", position + 1, part.path);
        part.claims.extend(source.class.map(|class| (name, class)));
        parts.push(part);
    }
}
