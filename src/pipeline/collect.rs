/*! From paths to sealed tables: what is given is read, what is kept is taken as it is, and all of it is sealed. */

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::attribute::Rotation;
use crate::ingest::{self, Input, walk};
use crate::model::coverage::Damage;
use crate::model::{InputId, Micros};
use crate::plan::{Plan, Source};
use crate::profile::Overlay;
use crate::scan::{Batch, Bounds, Part, Wanted};
use crate::table::bundle::{Bundle, BundleError};
use crate::table::parts::CachedScan;
use crate::table::{Sealed, seal};

use super::fixpoint::{Counts, Read, Reading, Scan, learned};
use super::run_inputs::{self, Item};
use super::{Error, Progress, Request, Stage};

/// All that was read.
#[derive(Debug)]
pub struct Collected {
    /// The plan, back from scanning.
    pub plan: Plan,
    /// The tables.
    pub sealed: Sealed,
    /// The latest time of any record.
    pub latest: Option<Micros>,
    /// What each input gave, for the next run; nothing without digests.
    pub kept: Vec<CachedScan>,
    /// What became of the inputs.
    pub counts: Counts,
}

/// Reads all inputs and seals what they hold. What bundles among the paths hold need not be read again.
pub fn collect(plan: Plan, request: &Request, progress: &Progress) -> Result<Collected, Error> {
    let (bundles, paths) = request.bundles();
    let mut kept = Vec::new();
    for folder in bundles {
        kept.extend(parts_of(Path::new(folder))?);
    }
    gather(plan, kept, &Request { paths, ..request.clone() }, progress)
}

/// What a bundle keeps of its inputs.
pub(super) fn parts_of(folder: &Path) -> Result<Vec<CachedScan>, Error> {
    let none = || BundleError::None {
        path: folder.to_owned(),
        why:
            "it keeps nothing of its inputs; they were read without digests, or by an older version"
                .to_owned(),
    };
    Ok(Bundle::open(folder)?.parts()?.ok_or_else(none)?)
}

/// Reads what is given and not kept, and seals all of it.
pub(super) fn gather(
    plan: Plan,
    kept: Vec<CachedScan>,
    request: &Request,
    progress: &Progress,
) -> Result<Collected, Error> {
    let pool = request.pool()?;
    let given = walk(&request.paths);
    let why = why_nothing(&given);
    let items = pool.install(|| run_inputs::items(given, kept, &request.paths));
    if !items.iter().any(Item::is_readable) {
        return Err(Error::NoInput(why));
    }
    progress.total.store(items.iter().map(Item::bytes).sum(), Ordering::Relaxed);
    progress.inputs.store(items.len() as u64, Ordering::Relaxed);
    let overlays: Vec<Overlay> = plan.sources.iter().map(overlay).collect();
    let latest = match request.as_of {
        Some(_) => Micros(i64::MAX),
        None => request.now + Micros::HOUR,
    };
    let bounds = Bounds { latest, ..Bounds::around(plan.rotation.introduced) };
    let digest = run_inputs::wanted_digest(&plan, request.known_profiles());
    let mut wanted = Wanted::new(Rotation::new(plan), request.known_profiles(), &overlays, bounds);
    let reading = Reading::new(items, digest, request, progress);
    let read = pool.install(|| reading.settle(&mut wanted))?;
    if let Some(why) = all_unread(&read.scanned) {
        return Err(Error::NoInput(why));
    }
    let Read { scanned, kept, counts } = read;
    progress.enter(Stage::Sealing);
    let (mut parts, batches) = numbered(scanned);
    missing_sources(&wanted.rotation.plan, &mut parts);
    let latest = parts.iter().filter_map(|part| part.span.map(|(_, last)| last)).max();
    let learned = learned(&wanted.rotation, parts.iter());
    let sealed = seal(parts, batches, &learned);
    progress.enter(Stage::Deciding);
    Ok(Collected { plan: wanted.rotation.plan, sealed, latest, kept, counts })
}

/// Why no input at all could be opened, if none could.
fn all_unread(scanned: &[Scan]) -> Option<String> {
    let mut parts = scanned.iter().flat_map(|one| &one.parts);
    if !parts.clone().all(|part| part.format == ingest::UNREAD) {
        return None;
    }
    let first = parts.next()?;
    let what = first.damage.first().map_or("is not read", |damage| damage.what.as_str());
    Some(format!("`{}`: {what}", first.path))
}

pub(super) fn why_nothing(inputs: &[Input]) -> String {
    let mut causes = inputs.iter().filter_map(|input| {
        input.trouble.as_ref().map(|trouble| format!("`{}`: {trouble}", input.path))
    });
    causes.next().unwrap_or_else(|| "no path was given".to_owned())
}

fn overlay(source: &Source) -> Overlay {
    Overlay {
        fields: source
            .fields
            .iter()
            .map(|(column, names)| (*column, names.iter().map(|name| pointer(name)).collect()))
            .collect(),
        outcomes: source.outcomes.clone(),
        timezone: source.timezone.as_deref().and_then(|zone| zone.parse().ok()),
        stream: source.stream.clone(),
    }
}

/// A field that is named without a `/` stands at the top of the record; levels to go up may stand before the `/`.
fn pointer(name: &str) -> String {
    if name.trim_start_matches(|first: char| first.is_ascii_digit()).starts_with('/') {
        name.to_owned()
    } else {
        format!("/{}", name.replace('~', "~0").replace('/', "~1"))
    }
}

/// Members of archives are inputs of their own: all get the numbers that they have from now on.
fn numbered(scanned: Vec<Scan>) -> (Vec<Part>, Vec<Batch>) {
    let (mut all, mut all_batches) = (Vec::new(), Vec::new());
    for mut scan in scanned {
        let first = all.len();
        scan.batches.sort_by_key(|batch| batch.member);
        for batch in &mut scan.batches {
            batch.renumber(nth(first + batch.member as usize));
        }
        for (member, part) in scan.parts.iter_mut().enumerate() {
            part.renumber(nth(first + member));
        }
        all.append(&mut scan.parts);
        all_batches.append(&mut scan.batches);
    }
    (all, all_batches)
}

fn nth(position: usize) -> InputId {
    InputId(u32::try_from(position).expect("fewer than 2^32 inputs"))
}

/// A source of the plan that matches no input is evidence that was promised and not given.
fn missing_sources(plan: &Plan, parts: &mut Vec<Part>) {
    let used: BTreeSet<usize> = parts.iter().filter_map(|part| part.source).collect();
    for (position, source) in plan.sources.iter().enumerate() {
        if used.contains(&position) {
            continue;
        }
        let path = source.paths.join(", ");
        let mut part = Part { input: nth(parts.len()), path, ..Part::default() };
        part.damage.push(Damage {
            what: format!("no input matches source {} of the plan", position + 1),
            offset: 0,
            after: None,
            old_marker: false,
        });
        let name = format!("source#{}:{}", position + 1, part.path);
        part.claims.extend(source.class.map(|class| (name, class)));
        parts.push(part);
    }
}
