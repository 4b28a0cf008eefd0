/*! Scanning to the fixpoint: what one input teaches may make records of another worth keeping, so those that hold a
 * learned id are read again, until nothing new is learned. Then everything is sealed.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::attribute::{self, Rotation};
use crate::ingest::{self, Input, walk};
use crate::limits;
use crate::model::coverage::Damage;
use crate::model::link::Learned;
use crate::model::{InputId, Micros};
use crate::plan::{Plan, Source};
use crate::profile::Overlay;
use crate::scan::{Batch, Bounds, Part, SinkError, Wanted, Watch, scan};
use crate::table::{Sealed, seal};

use super::{Error, Progress, Request};

/// All that was read.
#[derive(Debug)]
pub struct Collected {
    /// The plan, back from scanning.
    pub plan: Plan,
    /// The tables.
    pub sealed: Sealed,
    /// The latest time of any record.
    pub latest: Option<Micros>,
}

/// Reads all inputs and seals what they hold.
pub fn collect(plan: Plan, request: &Request, progress: &Progress) -> Result<Collected, Error> {
    let inputs = walk(&request.paths);
    let readable = inputs.iter().filter(|input| input.trouble.is_none()).count();
    if readable == 0 {
        return Err(Error::NoInput(why_nothing(&inputs)));
    }
    progress.total.store(inputs.iter().map(|input| input.bytes).sum(), Ordering::Relaxed);
    progress.inputs.store(inputs.len() as u64, Ordering::Relaxed);
    let overlays: Vec<Overlay> = plan.sources.iter().map(overlay).collect();
    let latest = match request.as_of {
        Some(_) => Micros(i64::MAX),
        None => request.now + Micros::HOUR,
    };
    let bounds = Bounds { latest, near: plan.rotation.introduced };
    let mut wanted = Wanted::new(Rotation::new(plan), request.known_profiles(), &overlays, bounds);
    let pool = request.pool()?;
    let reading = Reading { inputs: &inputs, digest: request.digest, progress };
    let scanned = pool.install(|| reading.to_fixpoint(&mut wanted))?;
    if let Some(why) = all_unread(&scanned) {
        return Err(Error::NoInput(why));
    }
    let (mut parts, batches) = numbered(scanned);
    missing_sources(&wanted.rotation.plan, &mut parts);
    let latest = parts.iter().filter_map(|part| part.span.map(|(_, last)| last)).max();
    let learned = learned(&wanted.rotation, parts.iter());
    let sealed = seal(parts, batches, &learned);
    Ok(Collected { plan: wanted.rotation.plan, sealed, latest })
}

/// Why no input at all could be opened, if none could.
fn all_unread(scanned: &Scanned) -> Option<String> {
    let mut parts = scanned.values().flat_map(|one| &one.parts);
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

struct Reading<'a> {
    inputs: &'a [Input],
    digest: bool,
    progress: &'a Progress,
}

/// What a scan of one input gave.
struct Scan {
    input: InputId,
    /// The input's own, and those of its members.
    parts: Vec<Part>,
    batches: Vec<Batch>,
}

/// The latest scan of each input: a later one replaces it, rows and all.
type Scanned = BTreeMap<InputId, Scan>;

/// Members of archives are inputs of their own: all get the numbers that they have from now on.
fn numbered(scanned: Scanned) -> (Vec<Part>, Vec<Batch>) {
    let (mut all, mut all_batches) = (Vec::new(), Vec::new());
    for mut scan in scanned.into_values() {
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

/// What all links teach together.
fn learned<'p>(rotation: &Rotation, parts: impl Iterator<Item = &'p Part>) -> Learned {
    let links: Vec<_> = parts.flat_map(|part| part.links.iter().cloned()).collect();
    attribute::close(&rotation.markers, &links)
}

impl Reading<'_> {
    fn to_fixpoint(&self, wanted: &mut Wanted) -> Result<Scanned, SinkError> {
        let mut scanned = Scanned::new();
        let mut stale: BTreeSet<InputId> = self.inputs.iter().map(|input| input.id).collect();
        for _round in 0..limits::LINK_ROUNDS {
            for scan in self.scan_all(&stale, wanted)? {
                scanned.insert(scan.input, scan);
            }
            let parts = || scanned.values().flat_map(|scan| &scan.parts);
            let learned = learned(&wanted.rotation, parts());
            stale = parts()
                .filter(|part| is_stale(part, &wanted.learned, &learned))
                .map(|part| part.input)
                .collect();
            wanted.learned = learned;
            if stale.is_empty() {
                return Ok(scanned);
            }
        }
        for input in stale {
            for part in scanned.get_mut(&input).into_iter().flat_map(|scan| &mut scan.parts) {
                part.damage.push(Damage {
                    what: format!(
                        "links between ids did not settle in {} rounds",
                        limits::LINK_ROUNDS
                    ),
                    offset: 0,
                    after: None,
                    old_marker: false,
                });
            }
        }
        Ok(scanned)
    }

    /// Largest first, so that no big file is left to the end; the result does not depend on it.
    fn scan_all(&self, which: &BTreeSet<InputId>, wanted: &Wanted) -> Result<Vec<Scan>, SinkError> {
        let mut work: Vec<&Input> =
            self.inputs.iter().filter(|input| which.contains(&input.id)).collect();
        work.sort_by_key(|input| (std::cmp::Reverse(input.bytes), input.id));
        work.par_iter()
            .map(|input| {
                let seen = AtomicU64::new(0);
                let progress = |bytes: u64| {
                    let before = seen.swap(bytes, Ordering::Relaxed);
                    self.progress.read.fetch_add(bytes.saturating_sub(before), Ordering::Relaxed);
                };
                let watch = Watch { digest: self.digest, progress: &progress };
                let mut batches = Vec::new();
                let parts = scan(input, wanted, &watch, &mut batches)?;
                let rows = parts.iter().map(|part| part.rows).sum();
                self.progress.done.fetch_add(1, Ordering::Relaxed);
                self.progress.rows.fetch_add(rows, Ordering::Relaxed);
                Ok(Scan { input: input.id, parts, batches })
            })
            .collect()
    }
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
