/*! The latest time in a record, whatever field it is in: a list of credentials tells when each was made, and next to
 * that when it was last used.
 */

use super::interpret::{DecodedRecord, Interpreter};
use crate::map::{self, ProfileReading};
use crate::model::{Timestamp, When};

/// What the names of fields contain that hold times of what is planned.
const PLANNED: [&str; 10] = [
    "expir", "until", "valid", "notafter", "next", "due", "deadline", "renew", "schedul", "planned",
];

/// What the names of fields contain that hold times as numbers.
const NUMBERED: [&str; 5] = ["time", "date", "last", "used", "seen"];

impl<'a> Interpreter<'a> {
    /// The latest time in a record that can be true and is not planned for.
    pub(super) fn latest_time(
        &self,
        record: &DecodedRecord<'a, '_>,
        reading: &ProfileReading,
        is_wrapped: bool,
    ) -> Option<Timestamp> {
        let fields = self.seen_fields(record, reading, is_wrapped);
        let may_be_time = |pointer: &str, value: &str| {
            let name = pointer.to_ascii_lowercase().replace(['_', '-', '.'], "");
            let holds = |known: &[&str]| known.iter().any(|part| name.contains(part));
            let is_number = value.bytes().all(|sign| sign.is_ascii_digit() || sign == b'.');
            !holds(&PLANNED) && (!is_number || holds(&NUMBERED))
        };
        // When a record was received, it says itself, and in a bulk load that says nothing.
        let is_arrival = |pointer: &String| reading.profile.received.contains(pointer);
        let fields = fields.iter().filter(|field| !is_arrival(&field.pointer));
        let fields = fields.filter(|field| may_be_time(&field.pointer, &field.value));
        let times = fields.filter_map(|field| {
            map::record_time(&field.value, reading.profile.timezone, self.bounds).when()
        });
        times.map(When::latest).max()
    }
}
