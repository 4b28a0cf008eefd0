/*! An observer sees each record as soon as it is mapped, before the plan is consulted. */

use crate::map::Mapped;
use crate::model::Place;

use super::seen_fields::SeenField;

/// One mapped record.
pub struct ObservedRecord<'s> {
    /// Where the record is.
    pub place: Place,
    /// The member of the archive that holds it; 0 is the input itself.
    pub member: u32,
    /// The profile that mapped it.
    pub profile: &'s str,
    /// Its columns.
    pub mapped: &'s Mapped<'s>,
    /// All of its fields, if the observer wants them.
    pub fields: Vec<SeenField>,
}

/// Receives each mapped record.
pub trait Observer {
    /// Called once for each mapped record, in the order of the input.
    fn observe(&mut self, record: &ObservedRecord<'_>);

    /// Whether it wants all fields of the next record of this member, which takes time.
    fn wants_fields(&self, _member: u32) -> bool {
        false
    }
}
