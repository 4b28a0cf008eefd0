/*! What would have failed, had the old version gone at another time. */

use std::sync::Arc;

use super::class::ClassId;
use super::course::Readiness;
use super::time::Timestamp;

/// Uses of the old version at or after an instant, of one class and instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The class; none: nobody declared it.
    pub class: Option<ClassId>,
    /// Does another class match these records too?
    pub shared: bool,
    /// The instance, if logged.
    pub instance: Option<Arc<str>>,
    /// How many.
    pub events: u64,
    /// Of these, through a fallback.
    pub degraded: u64,
    /// The first.
    pub first: Timestamp,
}

/// Uses of the old version in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldHour {
    /// The class; none: nobody declared it.
    pub class: Option<ClassId>,
    /// Does another class match these records too?
    pub shared: bool,
    /// The start of the hour.
    pub hour: Timestamp,
    /// How many.
    pub events: u64,
}

/// One class that would have failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassReplay {
    /// Which; none: consumers that nobody declared.
    pub class: Option<String>,
    /// How many uses would have failed.
    pub events: u64,
    /// How many running copies, as far as they are logged.
    pub instances: u64,
    /// Business effects at risk.
    pub effects: Vec<String>,
    /// The first to fail.
    pub first: Timestamp,
    /// Would a fallback have hidden it?
    pub hidden: bool,
}

/// One instant and what a revocation at it would have cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// The instant.
    pub revoke_at: Timestamp,
    /// How many uses came after it.
    pub events: u64,
    /// Of how many classes, undeclared consumers counted as one.
    pub classes: u64,
}

/// What a revocation would have cost: at one instant, or at each hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// The instant, where one was asked for.
    pub revoke_at: Option<Timestamp>,
    /// How many uses would have failed: a lower bound, since tries that show no version are not counted.
    pub events: u64,
    /// The classes that would have failed, the first first.
    pub classes: Vec<ClassReplay>,
    /// Hour by hour.
    pub curve: Vec<CurvePoint>,
    /// What the verdict was at earlier instants.
    pub readiness: Vec<Readiness>,
}
