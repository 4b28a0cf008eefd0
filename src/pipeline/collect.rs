/*! `collect`: from paths to sealed tables, using the cached scans of bundles among the paths. */

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use crate::attribute::CompiledRotation;
use crate::ingest::{self, Input, walk_outside};
use crate::model::damage::Damage;
use crate::model::{DigestKind, InputId, Timestamp};
use crate::plan::Plan;
use crate::safe::mask_file;
use crate::scan::Part;
use crate::table::parts::{CachedScan, SealBatch};
use crate::table::{Sealed, seal};

use super::error::Error;
use super::fixpoint::{FinalScans, InputCounts, ScanRounds, learned};
use super::kept::{Kept, kept_scans};
use super::progress::{Progress, Stage};
use super::reading::Reading;
use super::request::Request;
use super::run_inputs::{RunInput, run_inputs};
use super::scan_input::InputScan;

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
    let reading = Reading::new(&plan, request);
    let (folders, paths) = request.kept_folders();
    let Kept { scans, grown, .. } = kept_scans(&folders, &reading, request)?;
    let paths = paths.into_iter().chain(grown).collect();
    // A file and its copy in a bundle are known by digests of one kind. Scans are kept with SHA-256.
    let is_mixed = !scans.is_empty() && request.digest == Some(DigestKind::Blake3);
    let digest = if is_mixed { Some(DigestKind::Sha256) } else { request.digest };
    gather(plan, scans, &Request { paths, digest, ..request.clone() }, progress)
}

/// Reads the inputs that have no current cached scan, and seals the evidence of all.
pub(super) fn gather(
    plan: Plan,
    kept: Vec<CachedScan>,
    request: &Request,
    progress: &Progress,
) -> Result<Collected, Error> {
    settle(plan, kept, request, progress)?.seal(progress)
}

/// The scans of a run at the point where reading again changes nothing.
#[derive(Debug)]
pub(super) struct Settled {
    plan: Plan,
    rotation: CompiledRotation,
    pub(super) scans: FinalScans,
}

/// Reads the inputs that have no current cached scan, until no link is new.
pub(super) fn settle(
    plan: Plan,
    kept: Vec<CachedScan>,
    request: &Request,
    progress: &Progress,
) -> Result<Settled, Error> {
    let pool = request.pool()?;
    let given = walk_outside(&request.paths, request.output.as_deref());
    let why = why_nothing(&given);
    let inputs = pool.install(|| run_inputs(given, kept, &request.paths));
    if !inputs.iter().any(RunInput::is_readable) {
        return Err(Error::NoInput(why));
    }
    progress.total.store(inputs.iter().map(RunInput::bytes).sum(), Ordering::Relaxed);
    progress.inputs.store(inputs.len() as u64, Ordering::Relaxed);
    let Reading { mut wanted, digest } = Reading::new(&plan, request);
    let rounds = ScanRounds::new(inputs, digest, request, progress);
    let scans = pool.install(|| rounds.run(&mut wanted))?;
    Ok(Settled { plan, rotation: wanted.rotation, scans })
}

impl Settled {
    /// Makes the scans into tables.
    pub(super) fn seal(self, progress: &Progress) -> Result<Collected, Error> {
        let Self { plan, rotation, scans: FinalScans { scans, kept, counts, .. } } = self;
        if let Some(why) = why_all_unread(&scans) {
            return Err(Error::NoInput(why));
        }
        progress.enter(Stage::Sealing);
        let (mut parts, batches) = numbered(scans);
        missing_sources(&plan, &mut parts);
        let latest = parts.iter().filter_map(|part| part.span.map(|(_, last)| last)).max();
        let learned = learned(&rotation, parts.iter());
        let sealed = seal(parts, batches, &learned);
        progress.enter(Stage::Deciding);
        Ok(Collected { plan, sealed, latest, kept, counts })
    }
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

/// Gives inputs their final numbers. Members of archives are inputs of their own, so numbers move.
fn numbered(scans: Vec<InputScan>) -> (Vec<Part>, Vec<SealBatch>) {
    let (mut parts, mut batches) = (Vec::new(), Vec::new());
    for mut scan in scans {
        let first = parts.len();
        scan.batches.sort_by_key(SealBatch::member);
        for batch in &mut scan.batches {
            batch.renumber(input_id(first + batch.member() as usize));
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
