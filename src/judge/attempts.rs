/*! Retries of a class: how usual they were, and whether any was seen with the new version. */

use crate::model::facts::{Attempts, Facts};
use crate::model::{At, ClassId};

/// The retries of a class, before the change and with the new version.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    /// Retries of the baseline.
    pub before: u64,
    /// All attempts of the baseline.
    pub before_of: u64,
    /// On how many days of the baseline there were retries, at least.
    pub days: u64,
    /// Retries with the new version.
    pub new: u64,
    /// All attempts with the new version.
    pub new_of: u64,
    /// The first and last retry of each group of the baseline.
    pub seen: Vec<At>,
    /// A retry with the new version that worked.
    pub proof: Option<At>,
}

/// The retries of this class.
pub fn of_class(facts: &Facts, class: ClassId) -> Retries {
    let groups = facts.attempts.iter().filter(|group| group.class == class);
    let count = |is_wanted: &dyn Fn(&Attempts) -> bool| {
        groups.clone().filter(|group| is_wanted(group)).map(|group| group.events).sum()
    };
    let before = groups.clone().filter(|group| group.is_retry && !group.is_new);
    let worked = groups.clone().filter(|group| group.is_retry && group.is_new && group.has_worked);
    Retries {
        before: count(&|group| group.is_retry && !group.is_new),
        days: before.clone().map(|group| group.days).max().unwrap_or_default(),
        before_of: count(&|group| !group.is_new),
        new: count(&|group| group.is_retry && group.is_new),
        new_of: count(&|group| group.is_new),
        seen: before.flat_map(|group| [group.first, group.last]).collect(),
        proof: worked.map(|group| group.last).max_by_key(|at| (at.earliest(), at.row)),
    }
}
