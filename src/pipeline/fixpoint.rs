/*! Scanning to the fixpoint: what one input teaches may make records of another worth keeping, so those that hold a
 * learned id are read again, until nothing new is learned.
 *
 * A scan that was kept stands for one of today, if it would give the same: then the rounds are those of a run over the
 * inputs themselves, and so is what comes out. Where a round needs a scan that was not kept, and the input is not given,
 * the input is stale, and says so as damage.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::attribute::{self, Rotation};
use crate::limits;
use crate::model::coverage::Damage;
use crate::model::link::Learned;
use crate::model::{InputId, State};
use crate::scan::{Batch, Part, SinkError, Wanted, Watch, scan};
use crate::table::parts::CachedScan;

use super::run_inputs::{Item, asked, is_current};
use super::{Progress, Request, Stage};

/// What a scan of one input gave.
#[derive(Debug)]
pub(super) struct Scan {
    /// The input's own, and those of its members.
    pub(super) parts: Vec<Part>,
    /// Their rows.
    pub(super) batches: Vec<Batch>,
}

/// What became of the inputs of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many were read.
    pub read: u64,
    /// How many were known from before and not read again.
    pub known: u64,
    /// The paths of those that would have to be read again and are not given.
    pub stale: Vec<String>,
}

/// All inputs at the fixpoint.
#[derive(Debug)]
pub(super) struct Read {
    /// The scans, by path and digest.
    pub(super) scanned: Vec<Scan>,
    /// What is worth keeping of them.
    pub(super) kept: Vec<CachedScan>,
    /// What became of the inputs.
    pub(super) counts: Counts,
}

/// What all links teach together.
pub(super) fn learned<'p>(rotation: &Rotation, parts: impl Iterator<Item = &'p Part>) -> Learned {
    let links: Vec<_> = parts.flat_map(|part| part.links.iter().cloned()).collect();
    attribute::close(&rotation.markers, &links)
}

/// The reading of a run.
pub(super) struct Reading<'a> {
    items: Vec<Item>,
    digest: String,
    /// Are digests wanted?
    digests: bool,
    /// Is what scans give kept for the next run?
    keeps: bool,
    progress: &'a Progress,
    /// The latest scan of each input: a later one replaces it, rows and all.
    scanned: BTreeMap<usize, Scan>,
    read: BTreeSet<usize>,
    /// Inputs that are stale and cannot be read, and why.
    stuck: BTreeMap<usize, &'static str>,
}

const TAUGHT: &str = "what other inputs taught since makes what is kept of it stale: give it again";
const OTHERS: &str =
    "it was read under another plan, other profiles or by another version: give it again";

impl<'a> Reading<'a> {
    pub(super) fn new(
        items: Vec<Item>,
        digest: String,
        request: &Request,
        progress: &'a Progress,
    ) -> Self {
        Self {
            items,
            digest,
            digests: request.digest,
            keeps: request.keep && request.digest,
            progress,
            scanned: BTreeMap::new(),
            read: BTreeSet::new(),
            stuck: BTreeMap::new(),
        }
    }

    pub(super) fn settle(mut self, wanted: &mut Wanted) -> Result<Read, SinkError> {
        let mut stale: BTreeSet<usize> = (0..self.items.len()).collect();
        for round in 0..limits::LINK_ROUNDS {
            if round > 0 {
                self.again(&stale);
            }
            self.round(&stale, wanted)?;
            let learned = learned(&wanted.rotation, self.parts());
            let is_stale = |scan: &Scan| {
                scan.parts.iter().any(|part| is_stale(part, &wanted.learned, &learned))
            };
            let of_now = self.scanned.iter().filter(|(at, _)| !self.stuck.contains_key(at));
            stale = of_now.filter(|(_, scan)| is_stale(scan)).map(|(at, _)| *at).collect();
            wanted.learned = learned;
            if stale.is_empty() {
                return Ok(self.end());
            }
        }
        let what = format!("links between ids did not settle in {} rounds", limits::LINK_ROUNDS);
        for at in stale {
            for part in self.scanned.get_mut(&at).into_iter().flat_map(|scan| &mut scan.parts) {
                part.damage.push(damage(&what));
            }
        }
        Ok(self.end())
    }

    /// Another round: what is read in it comes on top.
    fn again(&self, stale: &BTreeSet<usize>) {
        self.progress.enter(Stage::Again);
        let bytes = stale.iter().map(|at| self.items[*at].bytes()).sum();
        self.progress.total.fetch_add(bytes, Ordering::Relaxed);
        self.progress.inputs.fetch_add(stale.len() as u64, Ordering::Relaxed);
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.scanned.values().flat_map(|scan| &scan.parts)
    }

    /// A scan of each of these: as kept, or read now.
    fn round(&mut self, which: &BTreeSet<usize>, wanted: &Wanted) -> Result<(), SinkError> {
        let mut work = Vec::new();
        for at in which {
            let item = &self.items[*at];
            let current = item.kept.iter().find(|kept| is_current(kept, &self.digest, wanted));
            match (current, &item.raw) {
                (Some(kept), _) => {
                    self.scanned.insert(*at, scan_of(kept, *at));
                }
                (None, Some(_)) => work.push(*at),
                (None, None) => self.stick(*at),
            }
        }
        // Largest first, so that no big file is left to the end; the result does not depend on it.
        work.sort_by_key(|at| (std::cmp::Reverse(self.items[*at].bytes()), *at));
        let scans: Vec<(usize, Scan)> = work
            .par_iter()
            .map(|at| Ok((*at, self.scan(*at, wanted)?)))
            .collect::<Result<_, SinkError>>()?;
        for (at, scan) in scans {
            if self.keeps {
                let kept = self.kept(&scan, wanted);
                self.items[at].keep(kept);
            }
            self.read.insert(at);
            self.scanned.insert(at, scan);
        }
        Ok(())
    }

    fn scan(&self, at: usize, wanted: &Wanted) -> Result<Scan, SinkError> {
        let raw = self.items[at].raw.as_ref().expect("only what is given is read");
        let seen = AtomicU64::new(0);
        let progress = |bytes: u64| {
            let before = seen.swap(bytes, Ordering::Relaxed);
            self.progress.read.fetch_add(bytes.saturating_sub(before), Ordering::Relaxed);
        };
        let watch = Watch { digest: self.digests, progress: &progress };
        let mut batches = Vec::new();
        let parts = scan(raw, wanted, &watch, &mut batches)?;
        let rows = parts.iter().map(|part| part.rows).sum();
        self.progress.done.fetch_add(1, Ordering::Relaxed);
        self.progress.rows.fetch_add(rows, Ordering::Relaxed);
        Ok(Scan { parts, batches })
    }

    fn kept(&self, scan: &Scan, wanted: &Wanted) -> CachedScan {
        CachedScan {
            wanted: self.digest.clone(),
            latest: wanted.bounds.latest,
            answers: asked(&scan.parts).answers(&wanted.learned),
            parts: scan.parts.clone(),
            batches: scan.batches.clone(),
        }
    }

    /// An input that is stale and cannot be read: what was kept stands for it, as far as it means anything under this plan.
    fn stick(&mut self, at: usize) {
        let kept = &self.items[at].kept;
        if self.scanned.contains_key(&at) {
            self.stuck.insert(at, TAUGHT);
        } else if let Some(kept) = kept.iter().rev().find(|kept| kept.wanted == self.digest) {
            self.scanned.insert(at, scan_of(kept, at));
            self.stuck.insert(at, TAUGHT);
        } else {
            let own = kept.first().and_then(|kept| kept.parts.first());
            let stub = own.map(|own| Part {
                input: input(at),
                path: own.path.clone(),
                folder: own.folder.clone(),
                bytes: own.bytes,
                sha256: own.sha256.clone(),
                format: "kept".to_owned(),
                ..Part::default()
            });
            let parts = stub.into_iter().collect();
            self.scanned.insert(at, Scan { parts, batches: Vec::new() });
            self.stuck.insert(at, OTHERS);
        }
    }

    /// What is stale says so, and nothing that was read twice counts twice.
    fn end(mut self) -> Read {
        let mut counts = Counts {
            read: self.read.len() as u64,
            known: (self.items.len() - self.read.len()) as u64,
            stale: Vec::new(),
        };
        for (at, why) in &self.stuck {
            let shows_old = self.items[*at].kept.iter().any(shows_old);
            let Some(scan) = self.scanned.get_mut(at) else { continue };
            let Some(own) = scan.parts.first_mut() else { continue };
            own.damage.push(Damage { old_marker: shows_old, ..damage(why) });
            counts.stale.push(own.path.clone());
        }
        let mut kept = Vec::new();
        for (at, item) in self.items.iter_mut().enumerate() {
            let is_read = self.read.contains(&at);
            let all = std::mem::take(&mut item.kept).into_iter();
            kept.extend(all.filter(|one| !is_read || one.wanted == self.digest));
        }
        let mut seen = BTreeSet::new();
        let mut scanned: Vec<Scan> = self.scanned.into_values().collect();
        scanned.sort_by(|one, two| identity(one).cmp(&identity(two)));
        scanned.retain(|scan| {
            let (path, sha256) = identity(scan);
            sha256.is_none() || seen.insert((path.to_owned(), sha256.map(str::to_owned)))
        });
        Read { scanned, kept, counts }
    }
}

fn input(at: usize) -> InputId {
    InputId(u32::try_from(at).expect("fewer than 2^32 inputs"))
}

fn identity(scan: &Scan) -> (&str, Option<&str>) {
    let own = scan.parts.first();
    own.map_or(("", None), |own| (own.path.as_str(), own.sha256.as_deref()))
}

fn scan_of(kept: &CachedScan, at: usize) -> Scan {
    let (mut parts, mut batches) = (kept.parts.clone(), kept.batches.clone());
    for part in &mut parts {
        part.stand_in(input(at));
    }
    for batch in &mut batches {
        batch.stand_in(input(at));
    }
    Scan { parts, batches }
}

/// Does anything that was kept show an old version?
fn shows_old(kept: &CachedScan) -> bool {
    let mut rows = kept.batches.iter().flat_map(|batch| &batch.rows);
    rows.any(|row| row.state == State::Old)
}

fn damage(what: &str) -> Damage {
    Damage { what: what.to_owned(), offset: 0, after: None, old_marker: false }
}

/// Would the part come out differently with what is known now?
fn is_stale(part: &Part, before: &Learned, now: &Learned) -> bool {
    let is_new = |id: &String| !before.sessions.contains_key(id);
    let news = part.ids.iter().any(|id| now.sessions.contains_key(id) && is_new(id))
        || (part.ids_full && now.sessions.keys().any(is_new));
    let renamed = |name: &String| before.aliases.get(name) != now.aliases.get(name);
    let owned = |name: &String| before.owners.get(name) != now.owners.get(name);
    let strangers = part.names.iter().any(renamed)
        || part.strangers.iter().any(owned)
        || (part.ids_full && (before.aliases != now.aliases || before.owners != now.owners));
    let doubts =
        part.doubtful.iter().any(|key| now.carries.contains(key) && !before.carries.contains(key));
    news || doubts || strangers
}
