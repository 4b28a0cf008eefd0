/*! What scans need of plan and profiles, and the digest by which scans under the same ones know each other. */

use sha2::{Digest, Sha256};

use crate::attribute::CompiledRotation;
use crate::model::bounds::TimeBounds;
use crate::model::link::Learned;
use crate::model::{Duration, Timestamp, hex};
use crate::plan::{OF_PATH, Plan, PlanSource, ReadingPlan};
use crate::profile::{Expression, Overlay, Profile};
use crate::scan::Wanted;
use crate::table::parts::PARTS_SCHEMA;

use super::request::Request;

/// What a scan looks for, and the digest of everything but the input and the links that decides what it gives.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) wanted: Wanted,
    pub(super) digest: String,
}

impl Reading {
    /// Compiles a plan. No links are known yet.
    pub(super) fn new(plan: &Plan, request: &Request) -> Self {
        let overlays: Vec<Overlay> = plan.sources.iter().map(overlay).collect();
        let latest = match request.as_of {
            Some(_) => Timestamp(i64::MAX),
            None => request.now + Duration::HOUR,
        };
        let bounds = TimeBounds { latest, ..TimeBounds::around(plan.rotation.introduced) };
        let reading = plan.reading();
        let profiles = request.known_profiles();
        let digest = wanted_digest(&reading, profiles);
        let rotation = CompiledRotation::new(reading);
        Self { wanted: Wanted::new(rotation, profiles, &overlays, bounds), digest }
    }

    /// The same with links.
    pub(super) fn knowing(mut self, learned: Learned) -> Self {
        self.wanted.learn(learned);
        self
    }
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

/// A digest of everything that decides what a scan gives, except the input, the links and the latest time.
fn wanted_digest(plan: &ReadingPlan, profiles: &[Profile]) -> String {
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
