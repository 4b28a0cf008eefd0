/*! Which uses of the old version would have failed if it had been revoked at an instant. */

use super::ends::least;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::replay::Failing;
use crate::model::{ClassBasis, ClassId, Timestamp};
use crate::scan::Sym;

/// Class, how it was found, and instance.
type Key = (Option<ClassId>, ClassBasis, Sym);

/// How many uses, how many of them through a fallback, and when the first would have failed.
type Lost = (u64, u64, Option<Timestamp>);

/// By a fold over the rows.
pub fn fold(asked: Beginning<'_>) -> Vec<Failing> {
    let mut groups: Groups<Key, Lost> = Groups::default();
    let uses = asked.rows().filter(|seen| seen.is_old_use() && seen.latest() >= asked.revoked());
    for seen in uses {
        let (events, degraded, first) = groups.of((seen.class, seen.basis, seen.instance()));
        *events += seen.count;
        *degraded += if seen.degraded { seen.count } else { 0 };
        least(first, Some(seen.earliest().max(asked.revoked())));
    }
    groups.facts(|((class, basis, instance), (events, degraded, first))| Failing {
        class,
        shared: basis == ClassBasis::Ambiguous,
        instance: asked.shared(instance),
        events,
        degraded,
        first: first.unwrap_or_default(),
    })
}

/// In the order of consumers.
pub fn sorted(mut uses: Vec<Failing>) -> Vec<Failing> {
    uses.sort_by(|left, right| {
        let left = (left.class, &left.instance, left.first);
        left.cmp(&(right.class, &right.instance, right.first))
    });
    uses
}
