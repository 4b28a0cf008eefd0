/*! What counts in texts that an expression reads, if others may have said the same at another time: the groups of the
 * expression are looked at, and nothing is made of them.
 */

use regex::CaptureLocations;

use super::text_readings::Fitting;
use crate::ingest::decode::SlotUse;
use crate::map::{self, ProfileReading, SlotRoles};

/// The outlines of the expressions that read a text so far.
#[derive(Debug, Default)]
pub(super) struct TextOutlines(Vec<(Fitting, Option<TextOutline>)>);

/// What counts of the groups of an expression.
#[derive(Debug)]
struct TextOutline {
    groups: Vec<GroupUse>,
    /// Memory to work with.
    locations: CaptureLocations,
}

/// What counts of a group.
#[derive(Debug)]
struct GroupUse {
    group: usize,
    is_text: bool,
    is_presence: bool,
    is_time: bool,
}

/// Bytes that stand for a group without a value, and before those of one with a value.
const ABSENT: u8 = 0;
const THERE: u8 = 1;

impl TextOutlines {
    /// Makes texts that this expression of a reading reads known.
    pub(super) fn add(&mut self, reading: &ProfileReading, roles: &SlotRoles, fitting: Fitting) {
        if self.0.iter().all(|(known, _)| *known != fitting) {
            self.0.push((fitting, TextOutline::of(reading, roles, fitting)));
        }
    }

    /// Writes what counts in a text that this expression of a reading reads, and gives the text of its time. `None`: it
    /// is not known what counts, or the text has no time.
    pub(super) fn write<'t>(
        &mut self,
        reading: &ProfileReading,
        fitting: Fitting,
        text: &'t str,
        out: &mut Vec<u8>,
    ) -> Option<&'t str> {
        let (_, outline) = self.0.iter_mut().find(|(known, _)| *known == fitting)?;
        let TextOutline { groups, locations } = outline.as_mut()?;
        let expressions = reading.pattern.as_ref()?.expressions();
        expressions[fitting.expression].captures_read(locations, text)?;
        for number in [fitting.reading, fitting.expression] {
            out.extend_from_slice(&u32::try_from(number).ok()?.to_le_bytes());
        }
        let mut time = None;
        for group in groups {
            let Some((start, end)) = locations.get(group.group) else {
                out.push(ABSENT);
                continue;
            };
            let value = &text[start..end];
            out.push(THERE);
            if group.is_text {
                out.extend_from_slice(&value.len().to_le_bytes());
                out.extend_from_slice(value.as_bytes());
            }
            if group.is_presence {
                out.push(map::presence(value));
            }
            if group.is_time && time.replace(value).is_some() {
                return None;
            }
        }
        time
    }
}

impl TextOutline {
    /// `None`: more than the values of groups decides what the text says.
    fn of(reading: &ProfileReading, roles: &SlotRoles, fitting: Fitting) -> Option<Self> {
        let expression = &reading.pattern.as_ref()?.expressions()[fitting.expression];
        let mut groups = Vec::new();
        for (group, name) in expression.capture_names().enumerate() {
            let slots = name.map_or(&[][..], |name| reading.picks.slots_of(name));
            let uses = slots.iter().map(|slot| reading.slot_use(roles, *slot));
            let uses: Vec<SlotUse> = uses.collect::<Option<_>>()?;
            if !uses.is_empty() {
                let has = |slot_use: SlotUse| uses.contains(&slot_use);
                let (is_text, is_time) = (has(SlotUse::Text), has(SlotUse::Time));
                let is_presence = has(SlotUse::Presence);
                groups.push(GroupUse { group, is_text, is_presence, is_time });
            }
        }
        Some(Self { groups, locations: expression.capture_locations() })
    }
}
