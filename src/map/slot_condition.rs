/*! Conditions on the values of some slots. */

use std::collections::BTreeMap;

use crate::ingest::Fields;
use crate::profile::{Conditions, ValueTest};

/// For each of these slots, the tests of which one must hold.
pub(super) type SlotCondition = Vec<(usize, Vec<ValueTest>)>;

pub(super) fn slot_condition(
    when: &Conditions,
    pointers: &BTreeMap<String, usize>,
) -> SlotCondition {
    when.iter().map(|(pointer, values)| (pointers[pointer], values.clone())).collect()
}

/// Does each slot hold a value that one of its tests accepts?
pub(super) fn holds(condition: &SlotCondition, fields: &Fields<'_>) -> bool {
    condition.iter().all(|(slot, values)| {
        fields.is_filled(*slot)
            && fields.scalars(*slot).any(|text| values.iter().any(|value| value.holds(&text)))
    })
}
