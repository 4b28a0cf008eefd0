/*! Scanning to the fixpoint: a link in one input may make records of another matter, so the inputs that hold a newly
 * linked id are scanned again, until no link is new.
 *
 * A cached scan is used where scanning today would give the same result. The rounds are then those of a run over the
 * raw inputs, and so is the outcome. Where a round needs a scan that is not cached and the input is not given, the
 * input is stale, and is reported as damage.
 */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::attribute::{self, CompiledRotation};
use crate::limits;
use crate::model::damage::Damage;
use crate::model::link::Learned;
use crate::model::{DigestKind, InputId};
use crate::scan::{Part, SinkError, Wanted};
use crate::table::parts::{CachedScan, SealBatch};

use super::progress::{Progress, Stage};
use super::request::Request;
use super::run_inputs::{RunInput, is_current, link_queries};
use super::scan_input::{HowToScan, InputScan};

/// How many inputs of a run were read, and which could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputCounts {
    /// Inputs that were read.
    pub read: u64,
    /// Inputs whose cached scan was used.
    pub known: u64,
    /// The paths of inputs that would have to be read again and are not given.
    pub stale: Vec<String>,
}

/// The scans of all inputs at the fixpoint.
#[derive(Debug)]
pub(super) struct FinalScans {
    /// In the order of path and digest.
    pub(super) scans: Vec<InputScan>,
    /// The scans to cache for the next run.
    pub(super) kept: Vec<CachedScan>,
    pub(super) counts: InputCounts,
    /// For each round in which inputs became stale: what was learned before it.
    pub(super) lacking: Vec<LackingScans>,
}

/// The scans that a round lacked.
#[derive(Debug)]
pub(super) struct LackingScans {
    /// What these scans have to know.
    pub(super) learned: Learned,
    /// The paths of their inputs, as scans name them.
    pub(super) paths: BTreeSet<String>,
}

/// What the links of all parts say together.
pub(super) fn learned<'p>(
    rotation: &CompiledRotation,
    parts: impl Iterator<Item = &'p Part>,
) -> Learned {
    let links: Vec<_> = parts.flat_map(|part| part.links.iter().cloned()).collect();
    attribute::close(&rotation.markers, rotation.link_key, &links)
}

/// The rounds of a run. Inputs are named by their position in `inputs`.
pub(super) struct ScanRounds<'a> {
    inputs: Vec<RunInput>,
    /// The digest of everything but the input that decides what a scan gives.
    wanted_digest: String,
    how: HowToScan,
    keeps: bool,
    progress: &'a Progress,
    /// The latest scan of each input; a rescan replaces it whole.
    scans: BTreeMap<usize, InputScan>,
    read: BTreeSet<usize>,
    /// Stale inputs that are not given, and why they are stale.
    stale: BTreeMap<usize, Damage>,
    lacking: Vec<LackingScans>,
}

impl<'a> ScanRounds<'a> {
    pub(super) fn new(
        inputs: Vec<RunInput>,
        wanted_digest: String,
        request: &Request,
        progress: &'a Progress,
    ) -> Self {
        Self {
            inputs,
            wanted_digest,
            how: HowToScan { digest: request.digest, strict: request.strict, ahead: false },
            // A later run looks for the scan of a file by its SHA-256.
            keeps: request.keep && request.digest == Some(DigestKind::Sha256),
            progress,
            scans: BTreeMap::new(),
            read: BTreeSet::new(),
            stale: BTreeMap::new(),
            lacking: Vec::new(),
        }
    }

    /// Runs rounds until no link is new, or until `limits::LINK_ROUNDS`, which withholds the verdict.
    pub(super) fn run(mut self, wanted: &mut Wanted) -> Result<FinalScans, SinkError> {
        let mut outdated: BTreeSet<usize> = (0..self.inputs.len()).collect();
        for round in 0..limits::LINK_ROUNDS {
            if round > 0 {
                self.announce_rescan(&outdated);
            }
            self.round(&outdated, wanted)?;
            let learned = learned(&wanted.rotation, self.parts());
            outdated = self.outdated(wanted.learned(), &learned);
            wanted.learn(learned);
            if outdated.is_empty() {
                return Ok(self.finish());
            }
        }
        for position in outdated {
            let scan = self.scans.get_mut(&position);
            for part in scan.into_iter().flat_map(|scan| &mut scan.parts) {
                part.damage.push(Damage::endless_links(limits::LINK_ROUNDS));
            }
        }
        Ok(self.finish())
    }

    /// The inputs whose scan would differ with what is learned now. Stale ones are left out: they cannot be read.
    fn outdated(&self, before: &Learned, now: &Learned) -> BTreeSet<usize> {
        let readable = self.scans.iter().filter(|(position, _)| !self.stale.contains_key(position));
        let differs = |scan: &InputScan| {
            let queries = link_queries(&scan.parts);
            queries.answers(before) != queries.answers(now)
        };
        readable.filter(|(_, scan)| differs(scan)).map(|(position, _)| *position).collect()
    }

    /// The bytes of a rescan are added to those of the first round.
    fn announce_rescan(&self, outdated: &BTreeSet<usize>) {
        self.progress.enter(Stage::Again);
        let bytes = outdated.iter().map(|position| self.inputs[*position].bytes()).sum();
        self.progress.total.fetch_add(bytes, Ordering::Relaxed);
        self.progress.inputs.fetch_add(outdated.len() as u64, Ordering::Relaxed);
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.scans.values().flat_map(|scan| &scan.parts)
    }

    /// Takes the cached scan of each of these inputs if it is current, and scans the others.
    fn round(&mut self, outdated: &BTreeSet<usize>, wanted: &Wanted) -> Result<(), SinkError> {
        let (mut to_scan, mut lacking) = (Vec::new(), BTreeSet::new());
        for position in outdated {
            let input = &self.inputs[*position];
            let is_current = |cached: &&CachedScan| is_current(cached, &self.wanted_digest, wanted);
            match (input.kept.iter().find(is_current), &input.raw) {
                (Some(cached), _) => {
                    self.scans.insert(*position, scan_from_cache(cached, *position));
                }
                (None, Some(_)) => to_scan.push(*position),
                (None, None) => {
                    lacking.insert(input.path.clone());
                    self.mark_stale(*position);
                }
            }
        }
        if !lacking.is_empty() {
            let learned = wanted.learned().clone();
            self.lacking.push(LackingScans { learned, paths: lacking });
        }
        // Largest first, so that no big file is left to the end; the result does not depend on it.
        to_scan.sort_by_key(|position| (Reverse(self.inputs[*position].bytes()), *position));
        let all = to_scan.iter().map(|position| self.inputs[*position].bytes()).sum();
        let scans: Vec<(usize, InputScan, Option<CachedScan>)> = to_scan
            .par_iter()
            .map(|position| {
                let scan = self.scan(*position, all, wanted)?;
                let kept = self.keeps.then(|| scan.cached(wanted, &self.wanted_digest));
                Ok((*position, scan, kept))
            })
            .collect::<Result<_, SinkError>>()?;
        for (position, scan, kept) in scans {
            if let Some(kept) = kept {
                self.inputs[position].keep(kept);
            }
            self.read.insert(position);
            self.scans.insert(position, scan);
        }
        Ok(())
    }

    /// Scans an input. `all`: the bytes of all that are scanned now. One that is more than the share of a thread keeps
    /// two of them busy.
    fn scan(&self, position: usize, all: u64, wanted: &Wanted) -> Result<InputScan, SinkError> {
        let raw = self.inputs[position].raw.as_ref().expect("only a given input is scanned");
        let threads = rayon::current_num_threads() as u64;
        let is_most = threads > 1 && raw.bytes.saturating_mul(threads) > all;
        let how = HowToScan { ahead: is_most && raw.bytes >= limits::AHEAD_BYTES, ..self.how };
        InputScan::of(raw, wanted, how, self.progress)
    }

    /// Marks an input that would have to be scanned and is not given. Its latest scan under this plan is used
    /// nevertheless, with damage; without one, only its name is left.
    fn mark_stale(&mut self, position: usize) {
        let kept = &self.inputs[position].kept;
        if self.scans.contains_key(&position) {
            self.stale.insert(position, Damage::stale_by_links());
        } else if let Some(cached) =
            kept.iter().rev().find(|cached| cached.wanted == self.wanted_digest)
        {
            self.scans.insert(position, scan_from_cache(cached, position));
            self.stale.insert(position, Damage::stale_by_links());
        } else {
            let of_input = kept.first().and_then(|cached| cached.parts.first());
            let named = of_input.map(|part| Part {
                input: input_id(position),
                path: part.path.clone(),
                folder: part.folder.clone(),
                bytes: part.bytes,
                digest: part.digest.clone(),
                format: "kept".to_owned(),
                ..Part::default()
            });
            let parts = named.into_iter().collect();
            self.scans.insert(position, InputScan { parts, batches: Vec::new() });
            self.stale.insert(position, Damage::stale_by_plan());
        }
    }

    /// Reports stale inputs as damage, and drops the second scan of an input that was given twice.
    fn finish(mut self) -> FinalScans {
        let mut counts = InputCounts {
            read: self.read.len() as u64,
            known: (self.inputs.len() - self.read.len()) as u64,
            stale: Vec::new(),
        };
        for (position, stale) in &self.stale {
            let shows_old = self.inputs[*position].kept.iter().any(shows_old);
            let Some(scan) = self.scans.get_mut(position) else { continue };
            let Some(of_input) = scan.parts.first_mut() else { continue };
            of_input.damage.push(Damage { old_marker: shows_old, ..stale.clone() });
            counts.stale.push(of_input.path.clone());
        }
        let mut kept = Vec::new();
        for (position, input) in self.inputs.iter_mut().enumerate() {
            let is_read = self.read.contains(&position);
            let cached = std::mem::take(&mut input.kept).into_iter();
            kept.extend(cached.filter(|scan| !is_read || scan.wanted == self.wanted_digest));
        }
        let mut scans: Vec<InputScan> = self.scans.into_values().collect();
        scans.sort_by(|left, right| identity(left).cmp(&identity(right)));
        let mut identities = BTreeSet::new();
        scans.retain(|scan| {
            let (path, digest) = identity(scan);
            digest.is_none() || identities.insert((path.to_owned(), digest.map(str::to_owned)))
        });
        FinalScans { scans, kept, counts, lacking: self.lacking }
    }
}

fn input_id(position: usize) -> InputId {
    InputId(u32::try_from(position).expect("fewer than 2^32 inputs"))
}

fn identity(scan: &InputScan) -> (&str, Option<&str>) {
    let of_input = scan.parts.first();
    of_input.map_or(("", None), |part| (part.path.as_str(), part.digest.as_deref()))
}

fn scan_from_cache(cached: &CachedScan, position: usize) -> InputScan {
    let (mut parts, input) = (cached.parts.clone(), input_id(position));
    for part in &mut parts {
        part.stand_in(input);
    }
    let batches = cached.batches.iter().map(|batch| SealBatch::Kept(input, batch.clone()));
    InputScan { parts, batches: batches.collect() }
}

/// Does any row of the scan show an old version?
fn shows_old(cached: &CachedScan) -> bool {
    cached.batches.iter().any(|batch| batch.shows_old)
}
