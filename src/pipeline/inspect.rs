/*! A look at exports before there is a plan: which profile reads them, and what it makes of their records. */

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;

use rayon::prelude::*;

use crate::attribute::Rotation;
use crate::ingest::walk;
use crate::map::{self, Mapped, Occurrences, RecordTime, ReportedOutcome, TEXTS};
use crate::model::{Micros, Outcome};
use crate::plan::Plan;
use crate::profile::Profile;
use crate::scan::{Bounds, Observer, Part, Sighting, Wanted, Watch, look as scan_look};

use super::collect::why_nothing;
use super::{Error, Request};

/// So many records of an input are shown.
const SHOWN_MAX: usize = 3;
/// So many rejected records of an input are shown.
const REJECTS_MAX: usize = 3;

/// What a look at one input tells.
#[derive(Debug, Default)]
pub struct Looked {
    /// Its path as given.
    pub path: String,
    /// Container and framing.
    pub format: String,
    /// How many records it has.
    pub records: u64,
    /// Of these, not understood: by reason.
    pub rejected: BTreeMap<String, u64>,
    /// A few of these: number, reason and a masked excerpt.
    pub rejects: Vec<(u64, String, String)>,
    /// What was not read.
    pub damage: Vec<String>,
    /// How many records each profile mapped.
    pub profiles: BTreeMap<String, u64>,
    /// How many have a time.
    pub dated: u64,
    /// The first and the last of these.
    pub span: Option<(Micros, Micros)>,
    /// How many show a credential.
    pub credentials: u64,
    /// How many have each outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Outcome words nobody maps.
    pub unknown_words: BTreeMap<String, u64>,
    /// The first records: number, profile, and column by column.
    pub first: Vec<Sample>,
}

/// One record, its profile, and its columns.
pub type Sample = (u64, String, Vec<(&'static str, String)>);

impl Observer for Looked {
    fn see(&mut self, sighting: &Sighting<'_>) {
        let mapped = sighting.mapped;
        *self.profiles.entry(sighting.profile.to_owned()).or_insert(0) += 1;
        self.dated += u64::from(matches!(mapped.dated, RecordTime::At(_)));
        self.credentials += u64::from(!mapped.uids.is_empty());
        match &mapped.told {
            ReportedOutcome::Known(outcome) => {
                *self.outcomes.entry(outcome.word()).or_insert(0) += 1
            }
            ReportedOutcome::Nothing => {
                *self.outcomes.entry(Outcome::None.word()).or_insert(0) += 1
            }
            ReportedOutcome::Unknown(word) | ReportedOutcome::Doubtful(word) => {
                let word = map::shown_text(word).into_owned();
                *self.unknown_words.entry(word).or_insert(0) += 1;
            }
        }
        if self.first.len() < SHOWN_MAX {
            let columns = columns(mapped);
            self.first.push((sighting.place.record, sighting.profile.to_owned(), columns));
        }
    }
}

/// What a record was mapped to, as it may be shown.
fn columns(mapped: &Mapped<'_>) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    match mapped.dated {
        RecordTime::At(when) => all.push(("event_time", when.at.rfc3339())),
        RecordTime::Missing => all.push(("event_time", "(none)".to_owned())),
        RecordTime::Unreadable => all.push(("event_time", "(cannot be read)".to_owned())),
        RecordTime::Implausible => all.push(("event_time", "(cannot be true)".to_owned())),
    }
    for column in TEXTS {
        all.extend(
            mapped.text(column).map(|text| (column.name(), map::shown_text(text).into_owned())),
        );
    }
    all.extend(mapped.uids.iter().map(|uid| ("credential_uid", map::shown_uid(uid).into_owned())));
    all.extend(
        mapped.also.iter().map(|also| (also.kind.word(), map::shown_uid(&also.uid).into_owned())),
    );
    all.extend(mapped.kind.map(|kind| ("kind", kind.word().to_owned())));
    match &mapped.told {
        ReportedOutcome::Known(outcome) => all.push(("outcome", outcome.word().to_owned())),
        ReportedOutcome::Nothing => {}
        ReportedOutcome::Unknown(word) | ReportedOutcome::Doubtful(word) => {
            all.push(("outcome", format!("(not known: {})", map::shown_text(word))));
        }
    }
    match mapped.counted {
        Occurrences::Times(1) => {}
        Occurrences::Times(count) => all.push(("count", count.to_string())),
        Occurrences::Grown(total) => all.push(("counter", total.value.to_string())),
        Occurrences::State => all.push(("count", "(none: a state)".to_owned())),
        Occurrences::Unreadable => all.push(("count", "(cannot be read)".to_owned())),
        Occurrences::Unknown => all.push(("count", "(nobody knows of what)".to_owned())),
    }
    if mapped.degraded {
        all.push(("degraded", "true".to_owned()));
    }
    all
}

/// Everything a look needs to know of the sources, without a plan.
pub(super) fn wanted(request: &Request) -> Wanted {
    let bounds = Bounds { latest: request.now + Micros::HOUR, near: request.now, beyond: None };
    Wanted::new(Rotation::new(Plan::nothing()), request.known_profiles(), &[], bounds)
}

/// A witness for each member of an input.
struct Witnesses<W>(BTreeMap<u32, W>);

impl<W: Observer + Default> Observer for Witnesses<W> {
    fn see(&mut self, sighting: &Sighting<'_>) {
        self.0.entry(sighting.member).or_default().see(sighting);
    }
}

/// Looks at each input, and each member of one, with a witness of its own; in the order of the inputs.
pub(super) fn each<W: Observer + Default + Send>(
    request: &Request,
) -> Result<Vec<(Part, W)>, Error> {
    let inputs = walk(&request.paths);
    if inputs.iter().all(|input| input.trouble.is_some()) {
        return Err(Error::NoInput(why_nothing(&inputs)));
    }
    let wanted = wanted(request);
    let bytes = AtomicU64::new(0);
    let progress = |read: u64| bytes.store(read, std::sync::atomic::Ordering::Relaxed);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads.unwrap_or(0)).build()?;
    let looked = pool.install(|| {
        inputs
            .into_par_iter()
            .map(|input| {
                let watch = Watch { digest: false, progress: &progress };
                let mut witnesses = Witnesses::<W>(BTreeMap::new());
                let parts = scan_look(&input, &wanted, &watch, &mut witnesses)?;
                let told = |part: Part| {
                    let witness = witnesses.0.remove(&part.member).unwrap_or_default();
                    (part, witness)
                };
                Ok(parts.into_iter().map(told).collect::<Vec<_>>())
            })
            .collect::<Result<Vec<_>, crate::scan::SinkError>>()
    });
    Ok(looked?.into_iter().flatten().collect())
}

/// Looks at exports: what was recognised, what was mapped, what was not understood.
pub fn look(request: &Request) -> Result<Vec<Looked>, Error> {
    let all = each::<Looked>(request)?;
    Ok(all.into_iter().map(|(part, looked)| told(part, looked)).collect())
}

fn told(part: Part, mut looked: Looked) -> Looked {
    for run in &part.rejects {
        for (reason, count) in &run.run.reasons {
            *looked.rejected.entry(reason.clone()).or_insert(0) += count;
        }
    }
    let rejects = part.reject_rows.into_iter().take(REJECTS_MAX);
    looked.rejects = rejects.map(|row| (row.place.record, row.reason, row.excerpt)).collect();
    looked.damage = part.damage.into_iter().map(|damage| damage.what).collect();
    looked.records = part.tally.records;
    (looked.path, looked.format, looked.span) = (part.path, part.format, part.span);
    looked
}

/// The blind spots of these profiles.
pub fn blind_spots<'p>(
    request: &'p Request,
    names: &BTreeSet<&str>,
) -> Vec<(&'p Profile, &'p [String])> {
    let used = request.known_profiles().iter().filter(|one| names.contains(one.name.as_str()));
    used.map(|profile| (profile, profile.blind_spots.as_slice())).collect()
}
