/*! The part of a plan on which reading logs depends. The rest of the plan is terms of judgement. A cached scan stays
 * current when they change, because its digest covers this type alone.
 */

use super::checked_plan::{Consumer, Marker, MatchTable, Plan, PlanSource, RotationPlan, Version};
use crate::model::{ClassId, Refresh, Timestamp, Use, VersionState};

/// The part of a plan that decides what a record means.
#[derive(Clone, Debug)]
pub struct ReadingPlan {
    /// The versions, in the plan's order; `VersionId` counts them.
    pub versions: Vec<ReadingVersion>,
    /// When the new version became valid.
    pub introduced: Timestamp,
    /// The consumer classes, in the plan's order; `ClassId` counts them.
    pub classes: Vec<ReadingClass>,
    /// How to read some of the inputs.
    pub sources: Vec<PlanSource>,
}

/// The part of a version that decides which records show it.
#[derive(Clone, Debug)]
pub struct ReadingVersion {
    /// The name by which cached scans and links refer to the version.
    pub name: String,
    /// Whether it is to be revoked or to stay.
    pub state: VersionState,
    /// What shows the version in records.
    pub markers: Vec<Marker>,
}

/// The part of a consumer that decides which records belong to it.
#[derive(Clone, Debug)]
pub struct ReadingClass {
    /// The name by which links between instances and consumers refer to it.
    pub name: String,
    /// Whether it authenticates itself.
    pub usage: Use,
    /// When it picks up a new value. A process that does so at its start holds the value of that time.
    pub refresh: Option<Refresh>,
    /// Records that any of these tables matches belong to it.
    pub matches: Vec<MatchTable>,
    /// Those of its records that any of these tables matches went through a fallback.
    pub fallback: Vec<MatchTable>,
}

impl ReadingPlan {
    /// A plan that names nothing, for exports that are inspected before there is a plan.
    pub fn nothing() -> Self {
        Self {
            versions: Vec::new(),
            introduced: Timestamp(0),
            classes: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Is anything judged by what is read? A plan has consumers; without them, markers are only asked for.
    pub fn judges(&self) -> bool {
        !self.classes.is_empty()
    }

    /// The class with this number.
    pub fn class(&self, class: ClassId) -> &ReadingClass {
        &self.classes[usize::from(class.0)]
    }

    /// All classes with their numbers.
    pub fn classes(&self) -> impl Iterator<Item = (ClassId, &ReadingClass)> {
        (0..).map(ClassId).zip(&self.classes)
    }
}

impl Plan {
    /// The part on which reading depends. Every field is named here, so that a new one does not compile until somebody
    /// decides whether reading depends on it.
    pub fn reading(&self) -> ReadingPlan {
        let Self {
            file: _,
            sha256: _,
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
        slowest: _,
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
        slowest: _,
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
