/*! Which consumer classes a record matches, by the match tables of the plan. */

use crate::map::Mapped;
use crate::model::ClassId;
use crate::model::columns::Column;
use crate::model::link::Learned;
use crate::plan::{MatchKey, MatchTable, ReadingPlan};

/// The values of a record under JSON Pointers.
pub trait Pointers {
    /// Does the test hold for the value there, or for one of the values of a list there?
    fn any(&self, pointer: &str, holds: &dyn Fn(&str) -> bool) -> bool;
}

/// What match tables can read of a record.
#[derive(Clone, Copy)]
pub struct MatchableRecord<'a> {
    /// For keys that name a column.
    pub mapped: &'a Mapped<'a>,
    /// For keys that are JSON Pointers.
    pub pointers: &'a dyn Pointers,
}

impl MatchableRecord<'_> {
    fn any(&self, key: &MatchKey, holds: &dyn Fn(&str) -> bool) -> bool {
        match key {
            MatchKey::Column(Column::CredentialUid) => {
                self.mapped.uids.iter().any(|uid| holds(uid))
            }
            MatchKey::Column(column) => self.mapped.text(*column).is_some_and(holds),
            MatchKey::Pointer(pointer) => self.pointers.any(pointer, holds),
        }
    }

    /// Does the record match any of the tables?
    pub fn matches_any(&self, tables: &[MatchTable]) -> bool {
        tables.iter().any(|table| {
            table.entries.iter().all(|(key, patterns)| {
                self.any(key, &|value| patterns.iter().any(|pattern| pattern.matches(value)))
            })
        })
    }
}

/// Every class that the record matches. `claimed` is the class to which the plan gives the whole source.
pub(super) fn classes(
    plan: &ReadingPlan,
    claimed: Option<ClassId>,
    record: MatchableRecord<'_>,
) -> Vec<ClassId> {
    let is_match = |matches: &[MatchTable]| record.matches_any(matches);
    plan.classes()
        .filter(|(class, consumer)| claimed == Some(*class) || is_match(&consumer.matches))
        .map(|(class, _)| class)
        .collect()
}

/// The class of the record's instance, according to the record of whatever started the instance.
pub(super) fn class_of_instance(
    plan: &ReadingPlan,
    learned: &Learned,
    record: MatchableRecord<'_>,
) -> Option<ClassId> {
    let owner = learned.owner(record.mapped.instance()?)?;
    plan.classes().find(|(_, consumer)| consumer.name == owner).map(|(class, _)| class)
}

/// The pointers that a plan's match tables name.
pub fn pointers_asked(plan: &ReadingPlan) -> impl Iterator<Item = String> {
    keys_asked(plan).filter_map(|key| match key {
        MatchKey::Pointer(pointer) => Some(pointer.clone()),
        MatchKey::Column(_) => None,
    })
}

/// The columns that a plan's match tables name.
pub fn columns_asked(plan: &ReadingPlan) -> impl Iterator<Item = Column> {
    keys_asked(plan).filter_map(|key| match key {
        MatchKey::Column(column) => Some(*column),
        MatchKey::Pointer(_) => None,
    })
}

fn keys_asked(plan: &ReadingPlan) -> impl Iterator<Item = &MatchKey> {
    let of_classes =
        plan.classes.iter().flat_map(|consumer| consumer.matches.iter().chain(&consumer.fallback));
    let of_sources = plan.sources.iter().flat_map(|source| &source.uses);
    of_classes.chain(of_sources).flat_map(|table| &table.entries).map(|(key, _)| key)
}
