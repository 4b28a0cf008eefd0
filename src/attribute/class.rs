/*! Which consumer class a record belongs to: every class that matches, and whether its work counts as degraded. */

use crate::map::Mapped;
use crate::model::ClassId;
use crate::model::columns::Column;
use crate::model::link::Learned;
use crate::plan::{MatchKey, MatchTable, ReadingPlan};

/// Reads a value under a JSON Pointer of the record at hand.
pub trait Pointers {
    /// Does it hold for the value there, or for one of the values of a list there?
    fn any(&self, pointer: &str, holds: &dyn Fn(&str) -> bool) -> bool;
}

/// A record as match tables see it.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Its columns.
    pub mapped: &'a Mapped<'a>,
    /// Its pointers.
    pub pointers: &'a dyn Pointers,
}

impl Seen<'_> {
    fn any(&self, key: &MatchKey, holds: &dyn Fn(&str) -> bool) -> bool {
        match key {
            MatchKey::Column(Column::CredentialUid) => {
                self.mapped.uids.iter().any(|uid| holds(uid))
            }
            MatchKey::Column(column) => self.mapped.text(*column).is_some_and(holds),
            MatchKey::Pointer(pointer) => self.pointers.any(pointer, holds),
        }
    }

    /// Does any of the tables hold?
    pub fn matches_any(&self, tables: &[MatchTable]) -> bool {
        tables.iter().any(|table| {
            table.entries.iter().all(|(key, patterns)| {
                self.any(key, &|value| patterns.iter().any(|pattern| pattern.matches(value)))
            })
        })
    }
}

/// Every class that the record matches; `claimed` is that of its source.
pub(super) fn classes(
    plan: &ReadingPlan,
    claimed: Option<ClassId>,
    seen: Seen<'_>,
) -> Vec<ClassId> {
    plan.classes()
        .filter(|(class, consumer)| claimed == Some(*class) || seen.matches_any(&consumer.matches))
        .map(|(class, _)| class)
        .collect()
}

/// The class whose running copy the record comes from, as what started that copy says.
pub(super) fn of_instance(
    plan: &ReadingPlan,
    learned: &Learned,
    seen: Seen<'_>,
) -> Option<ClassId> {
    let owner = learned.owners.get(seen.mapped.instance()?)?;
    plan.classes().find(|(_, consumer)| consumer.name == *owner).map(|(class, _)| class)
}

/// The pointers that a plan's match tables name.
pub fn pointers_asked(plan: &ReadingPlan) -> impl Iterator<Item = String> {
    let of_classes =
        plan.classes.iter().flat_map(|consumer| consumer.matches.iter().chain(&consumer.fallback));
    let of_sources = plan.sources.iter().flat_map(|source| &source.uses);
    of_classes.chain(of_sources).flat_map(|table| &table.entries).filter_map(|(key, _)| match key {
        MatchKey::Pointer(pointer) => Some(pointer.clone()),
        MatchKey::Column(_) => None,
    })
}
