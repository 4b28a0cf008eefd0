/*! What a scan looks for: the plan, the links known so far, and how each source is read. */

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::attribute::{CompiledRotation, columns_asked, pointers_asked};
use crate::map::{ProfileReading, SlotRoles};
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
use crate::model::link::Learned;
use crate::profile::{Overlay, Profile};

use super::layout_pool::LayoutPool;
use super::recognise::Recogniser;
use super::record_starts::RecordStarts;

/// How the inputs of one source are read.
#[derive(Debug)]
pub struct SourceReading {
    /// The position of the source in the plan; `None` if it is not declared.
    pub source: Option<usize>,
    /// The candidates, the most specific first. The last reads anything.
    pub readings: Vec<ProfileReading>,
    /// Chooses a candidate for each record.
    pub recogniser: Recogniser,
    /// The keys of arrays that may hold records.
    pub(super) record_keys: Vec<String>,
    /// The keys at the top of a record that may hold its time.
    pub(super) time_keys: Vec<String>,
    /// For each candidate what its slots mean for records without rows, once it was needed.
    roles: Vec<OnceLock<SlotRoles>>,
    /// How records start, where they may span lines.
    pub(super) starts: RecordStarts,
    /// What inputs that were read give to the next ones.
    pub(super) layouts: LayoutPool,
    /// Whether lines of equal width below names are rows, although no profile knows the name of their time.
    pub(super) guesses_rows: bool,
}

impl SourceReading {
    fn new(source: Option<usize>, readings: Vec<ProfileReading>) -> Self {
        let roles = readings.iter().map(|_| OnceLock::new()).collect();
        let recogniser = Recogniser::new(&readings);
        let (record_keys, time_keys) = (record_keys(&readings), time_keys(&readings));
        let guesses_rows = false;
        let (starts, layouts) = (RecordStarts::default(), LayoutPool::default());
        Self {
            source,
            readings,
            recogniser,
            record_keys,
            time_keys,
            roles,
            starts,
            layouts,
            guesses_rows,
        }
    }
}

fn record_keys(readings: &[ProfileReading]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in readings.iter().flat_map(|reading| &reading.profile.record_keys) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

fn time_keys(readings: &[ProfileReading]) -> Vec<String> {
    let fields = readings.iter().map(|reading| &reading.profile.fields);
    let times = fields.filter_map(|fields| fields.get(&Column::EventTime)).flatten();
    let keys = times.filter_map(|pointer| pointer.strip_prefix('/'));
    let mut keys: Vec<&str> = keys.filter(|key| !key.contains('/')).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().map(str::to_owned).collect()
}

/// What a scan looks for. Read-only while scanning.
#[derive(Debug)]
pub struct Wanted {
    /// The compiled plan.
    pub rotation: CompiledRotation,
    /// What the links of all inputs say.
    pub(super) learned: Learned,
    /// Which times can be true.
    pub bounds: TimeBounds<'static>,
    sources: Vec<(GlobSet, SourceReading)>,
    undeclared: SourceReading,
}

impl Wanted {
    /// Compiles a plan against the profiles.
    pub fn new(
        rotation: CompiledRotation,
        profiles: &[Profile],
        overlays: &[Overlay],
        bounds: TimeBounds<'static>,
    ) -> Self {
        let asked: Vec<String> = pointers_asked(&rotation.plan).collect();
        let reading = |profile: Profile| ProfileReading::new(profile, asked.clone());
        let mut sources = Vec::new();
        for (position, (source, overlay)) in rotation.plan.sources.iter().zip(overlays).enumerate()
        {
            // Records are unwrapped whatever profile the source has. That profile is the last candidate.
            let named = source.profile.as_ref();
            let wraps = profiles.iter().filter(|profile| {
                named.is_none_or(|name| profile.payload.is_some() && profile.name != *name)
            });
            let declared = profiles.iter().filter(|profile| named == Some(&profile.name));
            let readings = wraps
                .chain(declared)
                .map(|profile| reading(profile.with_overlay(overlay)))
                .collect();
            sources.push((paths(&source.paths), SourceReading::new(Some(position), readings)));
        }
        let readings = profiles.iter().cloned().map(reading).collect();
        let undeclared = SourceReading::new(None, readings);
        let learned = Learned::nothing(rotation.link_key);
        Self { rotation, learned, bounds, sources, undeclared }
    }

    /// Reads rows of any header, too: for people who ask what is in an export, before there is a plan.
    #[must_use]
    pub fn guessing_rows(mut self) -> Self {
        self.undeclared.guesses_rows = true;
        self
    }

    /// What the slots of a candidate mean for its records without rows.
    pub(super) fn roles<'s>(&self, sources: &'s SourceReading, reading: usize) -> &'s SlotRoles {
        sources.roles[reading].get_or_init(|| {
            let plan = &self.rotation.plan;
            let columns: BTreeSet<Column> = columns_asked(plan).collect();
            let pointers: BTreeSet<String> = pointers_asked(plan).collect();
            sources.readings[reading].roles(&columns, &pointers)
        })
    }

    /// What the links of all inputs say.
    pub fn learned(&self) -> &Learned {
        &self.learned
    }

    /// Looks for the same under other links. What inputs said before may mean something else now.
    pub fn learn(&mut self, learned: Learned) {
        self.learned = learned;
        let sources = self.sources.iter_mut().map(|(_, reading)| reading);
        for reading in sources.chain([&mut self.undeclared]) {
            reading.layouts = LayoutPool::default();
        }
    }

    /// How to read the input with this path: by the first source that matches it.
    pub fn reading(&self, path: &str) -> &SourceReading {
        let matching = self.sources.iter().find(|(paths, _)| paths.is_match(path));
        matching.map_or(&self.undeclared, |(_, reading)| reading)
    }
}

/// Compiles globs. A relative glob matches the end of a path.
fn paths(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        for pattern in
            [glob.to_owned(), format!("**/{glob}"), format!("{glob}/**"), format!("**/{glob}/**")]
        {
            if let Ok(glob) = GlobBuilder::new(&pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
    }
    set.build().unwrap_or_default()
}
