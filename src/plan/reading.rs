/*! What reading may see of a plan. The rest are terms of judgement, and a cached scan outlives a change of them: whether it
 * still stands is decided by a digest over this type alone.
 */

use super::types::{Consumer, Marker, MatchTable, Plan, RotationPlan, Source, Version};
use crate::model::{ClassId, Refresh, Timestamp, Use, VersionState};

/// The part of a plan on which it depends what a record says.
#[derive(Clone, Debug)]
pub struct ReadingPlan {
    /// The versions, in the plan's order; `VersionId` counts them.
    pub versions: Vec<ReadingVersion>,
    /// When the new version became valid.
    pub introduced: Timestamp,
    /// The consumer classes, in the plan's order; `ClassId` counts them.
    pub classes: Vec<ReadingClass>,
    /// How inputs are to be read.
    pub sources: Vec<Source>,
}

/// A version, as records show it.
#[derive(Clone, Debug)]
pub struct ReadingVersion {
    /// The name by which cached scans and links refer to it.
    pub name: String,
    /// Is it to be revoked, or to stay?
    pub state: VersionState,
    /// How records show it.
    pub markers: Vec<Marker>,
}

/// A consumer class, as records are matched with it.
#[derive(Clone, Debug)]
pub struct ReadingClass {
    /// The name by which links between instances and classes refer to it.
    pub name: String,
    /// Does it authenticate itself?
    pub usage: Use,
    /// When it takes a new value: a process that loads at its start holds what was there then.
    pub refresh: Option<Refresh>,
    /// Which records are its own: any of these tables.
    pub matches: Vec<MatchTable>,
    /// Which of these went through a fallback: any of these tables.
    pub fallback: Vec<MatchTable>,
}

impl ReadingPlan {
    /// A plan that names nothing, for exports that are looked at before there is a plan.
    pub fn nothing() -> Self {
        Self {
            versions: Vec::new(),
            introduced: Timestamp(0),
            classes: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// The class of that number.
    pub fn class(&self, class: ClassId) -> &ReadingClass {
        &self.classes[usize::from(class.0)]
    }

    /// All classes with their numbers.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &ReadingClass)> {
        (0..).map(ClassId).zip(&self.classes)
    }
}

impl Plan {
    /// What reading may see. Every field is named here, so that a new one does not compile until it is decided whether
    /// reading depends on it.
    pub fn reading(&self) -> ReadingPlan {
        let Self {
            file: _,
            credential: _,
            versions,
            rotation,
            consumers,
            sources,
            waivers: _,
            limits: _,
        } = self;
        ReadingPlan {
            versions: versions.iter().map(reading_version).collect(),
            introduced: introduced(rotation),
            classes: consumers.iter().map(reading_class).collect(),
            sources: sources.clone(),
        }
    }
}

fn introduced(rotation: &RotationPlan) -> Timestamp {
    let RotationPlan {
        introduced,
        models: _,
        revoke_target: _,
        revoked: _,
        window: _,
        rollback: _,
        decision_owner: _,
        in_flight: _,
        required_evidence: _,
        site: _,
    } = rotation;
    *introduced
}

fn reading_version(version: &Version) -> ReadingVersion {
    let Version { name, state, markers, site: _ } = version;
    ReadingVersion { name: name.clone(), state: *state, markers: markers.clone() }
}

fn reading_class(consumer: &Consumer) -> ReadingClass {
    let Consumer {
        class,
        usage,
        refresh,
        matches,
        fallback,
        path: _,
        owner: _,
        session_max: _,
        every: _,
        lag: _,
        effects: _,
        derived: _,
        environments: _,
        is_fallback: _,
        run_settles: _,
        disabled: _,
        disabled_reason: _,
        limits: _,
        site: _,
    } = consumer;
    ReadingClass {
        name: class.clone(),
        usage: *usage,
        refresh: *refresh,
        matches: matches.clone(),
        fallback: fallback.clone(),
    }
}
