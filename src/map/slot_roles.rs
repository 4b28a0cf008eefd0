/*! What the value of each slot means for a record that gives no rows: such a record only tells that its stream was
 * recording and that its instance was alive.
 */

use std::collections::BTreeSet;

use super::ProfileReading;
use super::absent::{is_absent, is_nobody};
use super::mapper::RecordMapper;
use super::record_time::RecordTime;
use crate::ingest::Fields;
use crate::ingest::decode::SlotUse;
use crate::model::When;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;

/// The columns of which such a record tells nothing but whether it has them. The time is read anew from each record.
/// Other times are not here: that one is too late to be true is noted.
const ONLY_IN_ROWS: [Column; 13] = [
    Column::EventTime,
    Column::EventId,
    Column::Principal,
    Column::ClientAddress,
    Column::UserAgent,
    Column::Action,
    Column::Route,
    Column::JobId,
    Column::Attempt,
    Column::TraceId,
    Column::SessionId,
    Column::DurationMs,
    Column::Size,
];

/// For each slot of a reading: does its value matter, or only whether it stands for one?
#[derive(Debug)]
pub struct SlotRoles(Vec<bool>);

impl ProfileReading {
    /// The roles of its slots. `matched` and `asked`: the columns and the pointers that the plan's match tables name.
    pub fn roles(&self, matched: &BTreeSet<Column>, asked: &BTreeSet<String>) -> SlotRoles {
        let mut others = self.profile.clone();
        let is_other = |column: &Column| !ONLY_IN_ROWS.contains(column) || matched.contains(column);
        others.fields.retain(|column, _| is_other(column));
        others.received.clear();
        let matters: BTreeSet<&str> =
            others.pointers().chain(asked.iter().map(String::as_str)).collect();
        let profile = &self.profile;
        let of_columns = profile.fields.iter().filter(|(column, _)| !is_other(column));
        let of_columns = of_columns.flat_map(|(_, pointers)| pointers);
        let only_in_rows: BTreeSet<&str> =
            of_columns.chain(&profile.received).map(String::as_str).collect();
        let mut roles = vec![true; self.picks.len()];
        for (pointer, slot) in self.pointers() {
            roles[slot] = matters.contains(pointer) || !only_in_rows.contains(pointer);
        }
        SlotRoles(roles)
    }

    /// Whether such a record may say the same as another one but for its time: it describes one thing, wraps no other,
    /// and neither counts nor lists anything.
    pub fn may_repeat(&self) -> bool {
        let slots = &self.slots;
        self.parts.is_empty()
            && slots.payload.is_none()
            && slots.counter.is_none()
            && slots.snapshot.is_none()
            && !self.profile.dated_by_path
    }

    /// What counts of the value of a slot in such a record; `None` if more than the value decides that.
    pub fn slot_use(&self, roles: &SlotRoles, slot: usize) -> Option<SlotUse> {
        let columns = &self.slots.columns;
        let makes_time = self.profile.joins.iter().any(|join| join.column == Column::EventTime)
            || !columns.extracts(Column::EventTime).is_empty();
        if makes_time || self.slots.received.contains(&slot) {
            None
        } else if *roles.0.get(slot)? {
            Some(SlotUse::Text)
        } else if columns.slots(Column::EventTime).contains(&slot) {
            Some(SlotUse::Time)
        } else {
            Some(SlotUse::Presence)
        }
    }

    /// Writes what such a record says, but for its time: records with equal bytes say the same.
    pub fn write_statement(&self, roles: &SlotRoles, fields: &Fields<'_>, out: &mut Vec<u8>) {
        for (slot, text, is_nested) in fields.all() {
            // The fields that only recognise a record have no role.
            let Some(matters) = roles.0.get(slot) else { continue };
            out.extend_from_slice(&u32::try_from(slot).unwrap_or(u32::MAX).to_le_bytes());
            if *matters {
                out.push(u8::from(is_nested));
                out.extend_from_slice(&text.len().to_le_bytes());
                out.extend_from_slice(text.as_bytes());
            } else {
                out.push(u8::from(is_nested));
                out.push(presence(text));
            }
        }
    }
}

/// Texts of which only one is absent, or nobody, have different bytes here.
pub fn presence(text: &str) -> u8 {
    2 + u8::from(is_absent(text)) + 2 * u8::from(is_nobody(text))
}

/// When a record of such a reading happened whose only time this is; `None` if it is no time.
pub fn punctual_stamp(
    reading: &ProfileReading,
    stamp: &str,
    bounds: TimeBounds<'_>,
) -> Option<When> {
    reading.time_of(std::iter::once(stamp), bounds).when()
}

/// When a record of such a reading happened; `None` if it arrived late, or does not tell.
pub fn punctual_time(
    reading: &ProfileReading,
    fields: &Fields<'_>,
    bounds: TimeBounds<'_>,
) -> Option<When> {
    let mapper = RecordMapper { reading, fields, bounds };
    let time = mapper.event_time();
    let RecordTime::At(when) = time else { return None };
    mapper.late_arrival(time).is_none().then_some(when)
}
