/*! What the value of each slot means for a record that gives no rows: such a record only tells that its stream was
 * recording and that its instance was alive.
 */

use std::collections::BTreeSet;

use super::ProfileReading;
use super::absent::{is_absent, is_nobody};
use super::mapper::RecordMapper;
use super::record_time::late_arrival;
use crate::ingest::Fields;
use crate::ingest::decode::SlotUse;
use crate::model::bounds::{TimeBounds, TooLate};
use crate::model::columns::Column;
use crate::model::{Timestamp, When};
use crate::profile::PATH;

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

/// What the values of a reading are to such a record.
#[derive(Debug)]
pub struct SlotRoles {
    /// For each slot: does its value matter, or only whether it stands for one?
    matters: Vec<bool>,
    /// The path of the file matters by more than the parts that expressions take of it.
    whole_path: bool,
}

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
        let mut whens = others.extracts.iter().flat_map(|extract| &extract.when);
        let is_condition = whens.any(|(pointer, _)| pointer == PATH) || asked.contains(PATH);
        others.extracts.retain(|extract| extract.from != PATH);
        let whole_path = is_condition || others.pointers().any(|pointer| pointer == PATH);
        SlotRoles { matters: roles, whole_path }
    }

    /// Writes what such a record says by the path of its file: records with equal bytes say the same by it.
    pub fn write_path(&self, roles: &SlotRoles, path: &str, out: &mut Vec<u8>) {
        if self.path_slot().is_none() {
            return;
        }
        if roles.whole_path {
            out.extend_from_slice(&path.len().to_le_bytes());
            return out.extend_from_slice(path.as_bytes());
        }
        out.push(presence(path));
        let extracts = self.profile.extracts.iter().filter(|extract| extract.from == PATH);
        for extract in extracts {
            let found = extract.pattern.captures(path);
            let groups = found.iter().flat_map(|found| found.iter().skip(1));
            for group in groups {
                let group = group.map(|group| group.as_str());
                out.push(u8::from(group.is_some()));
                out.extend_from_slice(&group.unwrap_or_default().len().to_le_bytes());
                out.extend_from_slice(group.unwrap_or_default().as_bytes());
            }
            out.push(u8::MAX);
        }
    }

    /// Whether such a record may say the same as another one but for its time: it describes one thing, wraps no other,
    /// and neither counts nor lists anything.
    pub fn may_repeat(&self) -> bool {
        let slots = &self.slots;
        let times = || slots.columns.slots(Column::EventTime).iter().chain(&slots.received);
        let is_dated_by_path =
            self.path_slot().is_some_and(|path| times().any(|slot| *slot == path));
        self.parts.is_empty()
            && !is_dated_by_path
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
        let is_time = columns.slots(Column::EventTime).contains(&slot);
        match *roles.matters.get(slot)? {
            _ if makes_time || self.slots.received.contains(&slot) => None,
            // A time that matters otherwise, too, is one of several to the record.
            true if is_time => None,
            true => Some(SlotUse::Text),
            false if is_time => Some(SlotUse::Time),
            false => Some(SlotUse::Presence),
        }
    }

    /// Writes what the fields of such a record say, but for its time: records with equal bytes say the same.
    pub fn write_statement(&self, roles: &SlotRoles, fields: &Fields<'_>, out: &mut Vec<u8>) {
        for (slot, text, is_nested) in fields.all() {
            // The fields that only recognise a record have no role.
            let Some(matters) = roles.matters.get(slot) else { continue };
            // What the path says is written by itself.
            if self.path_slot() == Some(slot) {
                continue;
            }
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
    let (time, received) = mapper.stamps();
    let is_late = late_arrival(time, received, reading.profile.lag).is_some();
    time.when().filter(|_| !is_late)
}

/// The earliest stamp of such a record that is not its time, and too late to be true: under a later bound it may be of
/// another year.
pub fn other_times_beyond(
    reading: &ProfileReading,
    fields: &Fields<'_>,
    bounds: TimeBounds<'_>,
) -> Option<Timestamp> {
    let beyond = TooLate::default();
    let bounds = TimeBounds { beyond: Some(&beyond), ..bounds };
    let mapper = RecordMapper { reading, fields, bounds };
    for column in [Column::InstanceStartTime, Column::EnqueuedTime] {
        mapper.time(column);
    }
    beyond.earliest()
}
