/*! The inputs of a run: what is there to be read, and what earlier runs kept of it.
 *
 * An input is its bytes under its path. What was kept stays until it is proven to stand in something newer: a path whose
 * bytes are others is one more input, unless they begin with those that were kept.
 */

use std::collections::BTreeMap;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::ingest::{self, Digested, Input};
use crate::model::{InputId, Micros, hex};
use crate::plan::{Limits, Plan, Site};
use crate::profile::Profile;
use crate::scan::{LinkQueries, Part, Wanted};
use crate::table::parts::{CachedScan, PARTS_SCHEMA};

/// One input of a run.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// Its path, as given.
    pub(super) path: String,
    /// Its digest, where that is known before it is read.
    sha256: Option<String>,
    /// Where it can be read; none: what was kept is all there is.
    pub(super) raw: Option<Input>,
    /// What its scans gave, each under other teachings.
    pub(super) kept: Vec<CachedScan>,
}

impl Item {
    /// Keeps a scan, in the place of an earlier one that was told the same.
    pub(super) fn keep(&mut self, one: CachedScan) {
        let is_same =
            |known: &CachedScan| known.wanted == one.wanted && known.answers == one.answers;
        match self.kept.iter_mut().find(|known| is_same(known)) {
            Some(known) if known.latest >= one.latest => {}
            Some(known) => *known = one,
            None => self.kept.push(one),
        }
    }

    /// Its stored bytes, as far as they are known.
    pub(super) fn bytes(&self) -> u64 {
        let kept = self.kept.first().and_then(|kept| kept.parts.first());
        self.raw.as_ref().map_or_else(|| kept.map_or(0, |own| own.bytes), |raw| raw.bytes)
    }

    /// Is there anything of it to be had?
    pub(super) fn is_readable(&self) -> bool {
        !self.kept.is_empty() || self.raw.as_ref().is_some_and(|raw| raw.trouble.is_none())
    }

    /// Was it kept by an earlier run, though none of it could be read?
    fn is_of_nothing(&self) -> bool {
        let mut parts = self.kept.iter().flat_map(|kept| &kept.parts);
        let is_new = self.raw.is_some() || self.kept.is_empty();
        !is_new && self.sha256.is_none() && parts.all(|part| part.tally.records == 0)
    }
}

/// What is given now, beside what was kept before.
pub(super) fn items(given: Vec<Input>, kept: Vec<CachedScan>, paths: &[String]) -> Vec<Item> {
    let mut items = by_identity(kept);
    items.retain(|item| !(item.is_of_nothing() && paths.contains(&item.path)));
    let known: BTreeMap<String, Vec<u64>> = lengths(&items);
    let digests: Vec<Option<Digested>> = given
        .par_iter()
        .map(|input| {
            let lengths = known.get(&input.path)?;
            ingest::digest(input, lengths).ok()
        })
        .collect();
    for (input, digested) in given.into_iter().zip(digests) {
        // What could not be read before is there now, or is again not there.
        let is_below = |item: &Item| input.path.starts_with(&format!("{}/", item.path));
        items.retain(|item| !(item.is_of_nothing() && (item.path == input.path || is_below(item))));
        if let Some(digested) = &digested {
            items.retain(|item| !(item.path == input.path && has_grown(item, digested)));
        }
        let sha256 = digested.map(|digested| digested.sha256);
        let same = items
            .iter_mut()
            .find(|item| item.path == input.path && sha256.is_some() && item.sha256 == sha256);
        if let Some(item) = same {
            item.raw = Some(input);
        } else {
            let path = input.path.clone();
            items.push(Item { path, sha256, raw: Some(input), kept: Vec::new() });
        }
    }
    items.sort_by(|one, two| (&one.path, &one.sha256).cmp(&(&two.path, &two.sha256)));
    for (item, id) in items.iter_mut().zip((0..).map(InputId)) {
        if let Some(raw) = &mut item.raw {
            raw.id = id;
        }
    }
    items
}

fn by_identity(kept: Vec<CachedScan>) -> Vec<Item> {
    let mut items: BTreeMap<(String, Option<String>), Item> = BTreeMap::new();
    for one in kept {
        let (path, sha256) = one.identity();
        let (path, sha256) = (path.to_owned(), sha256.map(str::to_owned));
        let own = || Item { path: path.clone(), sha256: sha256.clone(), ..Item::default() };
        items.entry((path.clone(), sha256.clone())).or_insert_with(own).keep(one);
    }
    items.into_values().collect()
}

/// The lengths of what was kept under each path that has a digest.
fn lengths(items: &[Item]) -> BTreeMap<String, Vec<u64>> {
    let mut known: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.sha256.is_some()) {
        known.entry(item.path.clone()).or_default().push(item.bytes());
    }
    known
}

/// Does the input begin with the bytes that were kept, and go on?
fn has_grown(item: &Item, now: &Digested) -> bool {
    let bytes = item.bytes();
    let start = now.starts.get(&bytes);
    bytes < now.bytes && start.is_some() && start == item.sha256.as_ref()
}

/// Would a scan of the same bytes give what was kept?
pub(super) fn is_current(kept: &CachedScan, digest: &str, wanted: &Wanted) -> bool {
    let latest = wanted.bounds.latest;
    let parts = &kept.parts;
    let in_bounds = if latest < kept.latest {
        parts.iter().all(|part| part.span.is_none_or(|(_, last)| last <= latest))
    } else {
        let beyond = parts.iter().filter_map(|part| part.beyond).min();
        latest == kept.latest || beyond.is_none_or(|beyond| beyond > latest)
    };
    kept.wanted == digest && in_bounds && asked(parts).answers(&wanted.learned) == kept.answers
}

/// All that was asked for an input and its members.
pub(super) fn asked(parts: &[Part]) -> LinkQueries {
    parts.iter().fold(LinkQueries::default(), |mut all, part| {
        all.join(&part.asked);
        all
    })
}

/// A digest of all that decides what a scan gives, but for the input, what links taught and the latest time. Of the plan
/// that is what is left when all is taken out that is asked for after the scan: who owns a class may change.
pub(super) fn wanted_digest(plan: &Plan, profiles: &[Profile]) -> String {
    let mut plan = plan.clone();
    plan.file = String::new();
    plan.waivers.clear();
    plan.limits = Limits::default();
    (plan.credential.name, plan.credential.dependency) = (String::new(), None);
    let rotation = &mut plan.rotation;
    (rotation.revoke_target, rotation.revoked, rotation.window) = (None, None, Micros(0));
    (rotation.rollback, rotation.decision_owner, rotation.in_flight) = (None, None, None);
    rotation.models.clear();
    rotation.required_evidence.clear();
    rotation.site = Site::default();
    for version in &mut plan.versions {
        version.site = Site::default();
    }
    for consumer in &mut plan.consumers {
        (consumer.owner, consumer.every, consumer.session_max) = (None, None, None);
        (consumer.lag, consumer.is_fallback, consumer.run_settles) = (Micros(0), false, false);
        (consumer.disabled, consumer.disabled_reason) = (false, None);
        consumer.effects.clear();
        consumer.derived.clear();
        consumer.environments.clear();
        consumer.limits = Limits::default();
        consumer.site = Site::default();
    }
    for source in &mut plan.sources {
        source.site = Site::default();
    }
    let mut hash = Sha256::new();
    for text in [PARTS_SCHEMA, env!("CARGO_PKG_VERSION")] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.update(format!("{plan:?}").as_bytes());
    hash.update([0]);
    hash.update(format!("{profiles:?}").as_bytes());
    hex(&hash.finalize())
}
