/*! Retries of a class: how usual they were, and whether any was seen with the new version. */

use crate::model::facts::{Attempts, Facts};
use crate::model::{At, ClassId};

/// What is known of the retries of a class.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    /// Retries of the baseline.
    pub before: u64,
    /// All tries of the baseline.
    pub before_of: u64,
    /// Retries with the new version.
    pub new: u64,
    /// All tries with the new version.
    pub new_of: u64,
    /// The ends of the baseline's retries.
    pub seen: Vec<At>,
    /// A retry with the new version that worked.
    pub proof: Option<At>,
}

/// Those of one class.
pub fn of_class(facts: &Facts, class: ClassId) -> Retries {
    let own = facts.attempts.iter().filter(|one| one.class == class);
    let count = |is_wanted: &dyn Fn(&Attempts) -> bool| {
        own.clone().filter(|one| is_wanted(one)).map(|one| one.events).sum()
    };
    let before = own.clone().filter(|one| one.is_retry && !one.is_new);
    let worked = own.clone().filter(|one| one.is_retry && one.is_new && one.has_worked);
    Retries {
        before: count(&|one| one.is_retry && !one.is_new),
        before_of: count(&|one| !one.is_new),
        new: count(&|one| one.is_retry && one.is_new),
        new_of: count(&|one| one.is_new),
        seen: before.flat_map(|one| [one.first, one.last]).collect(),
        proof: worked.map(|one| one.last).max_by_key(|at| (at.earliest(), at.row)),
    }
}
