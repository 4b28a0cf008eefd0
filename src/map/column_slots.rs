/*! The slots that may hold the values of each column. */

use std::collections::BTreeMap;

use crate::ingest::{Fields, SlotSet};
use crate::model::columns::{COLUMNS, Column};
use crate::profile::Expression;

use super::slot_condition::SlotCondition;

/// The slots of every column, and the expressions that find values of it within other texts.
#[derive(Debug)]
pub(super) struct ColumnSlots {
    of: Vec<Sources>,
}

/// An expression, the slot in which it searches, and the condition under which.
pub(super) type Extract = (usize, Expression, SlotCondition);

#[derive(Debug, Default)]
struct Sources {
    /// In the order of the profile: the first that has a value counts.
    slots: Vec<usize>,
    set: SlotSet,
    extracts: Vec<Extract>,
}

impl ColumnSlots {
    pub(super) fn new(
        columns: BTreeMap<Column, Vec<usize>>,
        extracts: BTreeMap<Column, Vec<Extract>>,
    ) -> Self {
        let mut of: Vec<Sources> = COLUMNS.iter().map(|_| Sources::default()).collect();
        for (column, slots) in columns {
            let sources = &mut of[column as usize];
            sources.set = slots.iter().copied().collect();
            sources.slots = slots;
        }
        for (column, extracts) in extracts {
            of[column as usize].extracts = extracts;
        }
        Self { of }
    }

    /// Whether a value of the column may be anywhere.
    pub(super) fn has(&self, column: Column) -> bool {
        let sources = &self.of[column as usize];
        !sources.slots.is_empty() || !sources.extracts.is_empty()
    }

    pub(super) fn slots(&self, column: Column) -> &[usize] {
        &self.of[column as usize].slots
    }

    /// The slots, if any of them has a value in this record. Few have, and this is fast.
    pub(super) fn filled(&self, column: Column, fields: &Fields<'_>) -> &[usize] {
        let sources = &self.of[column as usize];
        if fields.has_any(&sources.set) { &sources.slots } else { &[] }
    }

    pub(super) fn extracts(&self, column: Column) -> &[Extract] {
        &self.of[column as usize].extracts
    }
}
