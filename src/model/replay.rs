/*! What would have failed if the old version had been revoked at another time. */

use std::sync::Arc;

use super::class::ClassId;
use super::time::{Span, Timestamp};
use super::verdict::Verdict;

/// Uses of the old version by one instance of a consumer, at or after an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The consumer, if the plan declares it.
    pub class: Option<ClassId>,
    /// Does another consumer match these records too?
    pub shared: bool,
    /// The name of the instance, if logged.
    pub instance: Option<Arc<str>>,
    /// The number of uses.
    pub events: u64,
    /// The number of uses through a fallback.
    pub degraded: u64,
    /// The time of the first use.
    pub first: Timestamp,
}

/// Uses of the old version in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OldHour {
    /// The consumer, if the plan declares it.
    pub class: Option<ClassId>,
    /// Does another consumer match these records too?
    pub shared: bool,
    /// The start of the hour.
    pub hour: Timestamp,
    /// The beginning of the first use and the end of the last one.
    pub uses: Span,
    /// The number of uses.
    pub events: u64,
}

/// A consumer that would have failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassReplay {
    /// Its name; none stands for all consumers that the plan does not declare.
    pub class: Option<String>,
    /// The number of uses that would have failed.
    pub events: u64,
    /// The number of instances that are logged by name.
    pub instances: u64,
    /// The business effects at risk, from the plan.
    pub effects: Vec<String>,
    /// The time of the first use that would have failed.
    pub first: Timestamp,
    /// Would a fallback have hidden it?
    pub hidden: bool,
}

/// What a revocation at one instant would have cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// The instant of the revocation.
    pub revoke_at: Timestamp,
    /// The number of uses after it.
    pub events: u64,
    /// The number of consumers with such uses; all undeclared ones count as one.
    pub classes: u64,
}

/// The verdict at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// The end of the hour.
    pub at: Timestamp,
    /// The verdict of a report for that time.
    pub verdict: Verdict,
    /// The number of findings that block.
    pub blocks: u64,
    /// The number of findings that withhold.
    pub withholds: u64,
}

/// What a revocation would have cost: at one instant, or at each hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// The instant of the revocation, if one was asked for.
    pub revoke_at: Option<Timestamp>,
    /// The number of uses that would have failed. There may be more, since attempts without a version are not counted.
    pub events: u64,
    /// The consumers that would have failed, in the order of their first failing use.
    pub classes: Vec<ClassReplay>,
    /// The cost of a revocation at each hour.
    pub curve: Vec<CurvePoint>,
    /// The verdict at earlier instants.
    pub readiness: Vec<Readiness>,
}
