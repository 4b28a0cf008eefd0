/*! A record under the eyes of its profile: the values of columns, whatever fields hold them. The other files of this
 * folder add what the values mean.
 */

use std::borrow::Cow;

use super::absent::{is_absent, is_nobody};
use super::address::without_port;
use super::profile_reading::ProfileReading;
use super::slot_condition::{SlotCondition, holds};
use super::timestamp;
use crate::ingest::Fields;
use crate::model::bounds::TimeBounds;
use crate::model::columns::{Column, TEXTS};
use crate::model::{Timestamp, When};

/// Reads the fields of one record by its profile.
pub(super) struct RecordMapper<'f, 'b> {
    pub(super) reading: &'f ProfileReading,
    pub(super) fields: &'f Fields<'b>,
    pub(super) bounds: TimeBounds<'f>,
}

impl<'f> RecordMapper<'f, '_> {
    pub(super) fn text(&self, slot: usize) -> Option<&'f str> {
        self.fields.scalar(slot)
    }

    pub(super) fn texts_at(&self, slots: &'f [usize]) -> impl Iterator<Item = &'f str> {
        let fields = self.fields;
        slots.iter().filter_map(move |slot| fields.scalar(*slot))
    }

    /// The values of a column: those of whole fields first, then those that expressions find in fields.
    pub(super) fn values(&self, column: Column) -> impl Iterator<Item = &'f str> {
        let slots = self.reading.slots.columns.filled(column, self.fields);
        self.texts_at(slots).chain(self.extracted(column))
    }

    pub(super) fn extracted(&self, column: Column) -> impl Iterator<Item = &'f str> {
        let extracts = self.reading.slots.columns.extracts(column);
        let fields = self.fields;
        let extracts = extracts.iter().filter(|(_, _, condition)| self.holds(condition));
        extracts.flat_map(move |(slot, regex, _)| {
            let values = fields.values(*slot);
            values.filter_map(|text| Some(regex.captures(text)?.get(1)?.as_str()))
        })
    }

    pub(super) fn holds(&self, condition: &SlotCondition) -> bool {
        holds(condition, self.fields)
    }

    /// The first value of a column that is not absent, otherwise the constant of the profile.
    pub(super) fn first(&self, column: Column) -> Option<&'f str> {
        let stands_for_none = if is_name(column) { is_nobody } else { is_absent };
        let constant = || self.reading.profile.constants.get(&column).map(String::as_str);
        self.values(column).find(|text| !stands_for_none(text)).or_else(constant)
    }

    /// The values that name its stream, joined.
    pub(super) fn stream(&self) -> Option<Cow<'f, str>> {
        let slots = &self.reading.slots.stream;
        let mut values = self.texts_at(slots).filter(|text| !is_absent(text));
        let first = values.next()?;
        let joined = values
            .fold(Cow::Borrowed(first), |joined, value| Cow::Owned(format!("{joined}:{value}")));
        Some(joined)
    }

    pub(super) fn number<T: std::str::FromStr>(&self, column: Column) -> Option<T> {
        self.values(column).find_map(|text| text.trim().parse().ok())
    }

    /// The duration in milliseconds, whatever its unit in the record. Some sources write -1 if nothing was measured.
    pub(super) fn duration(&self) -> Option<f64> {
        let column = Column::DurationMs;
        let units = &self.reading.profile.units;
        let slots = self.reading.slots.columns.slots(column);
        let whole_fields = slots.iter().zip(&self.reading.slots.duration_units);
        let whole_fields = whole_fields.filter_map(|(slot, unit)| Some((self.text(*slot)?, *unit)));
        let extracted = self.extracted(column).map(|text| (text, units.all));
        let mut durations = whole_fields.chain(extracted).filter_map(|(text, unit)| {
            let number = text.trim().parse().ok()?;
            Some(unit.map_or(number, |unit| unit.millis(number)))
        });
        durations.find(|number| number.is_finite() && *number >= 0.0)
    }

    pub(super) fn time(&self, column: Column) -> Option<Timestamp> {
        let zone = self.reading.profile.timezone;
        self.values(column)
            .find_map(|text| timestamp::parse(text, zone, self.bounds))
            .map(When::earliest)
    }

    pub(super) fn is_degraded(&self) -> bool {
        let column = Column::Degraded;
        self.values(column).any(says_degraded) || self.nested_holds(column, &says_degraded)
    }

    /// An environment that is a list or an object: a place that no plan names, but a place.
    fn unreadable_place(&self, column: Column) -> Option<&'f str> {
        let slots = self.reading.slots.columns.filled(column, self.fields);
        let fields = self.fields;
        let place = slots.iter().find_map(|slot| fields.get(*slot).filter(|text| !is_absent(text)));
        place.filter(|_| column == Column::Environment)
    }

    pub(super) fn texts(&self) -> [Option<&'f str>; TEXTS.len()] {
        let mut texts = [None; TEXTS.len()];
        for (position, column) in TEXTS.iter().enumerate() {
            let value = self.first(*column).or_else(|| self.unreadable_place(*column));
            texts[position] = match self.reading.profile.strip.get(column) {
                Some(strip) => {
                    value.map(|text| text.trim_matches(|character| strip.contains(character)))
                }
                None => value,
            };
            if *column == Column::ClientAddress {
                texts[position] = texts[position].map(without_port);
            }
        }
        texts
    }
}

/// Any text but a plain no counts as degraded: the name of a fallback, a share, a reason.
fn says_degraded(word: &str) -> bool {
    const NO: [&str; 6] = ["false", "no", "0", "none", "off", "normal"];
    let word = word.trim();
    !is_absent(word) && !NO.iter().any(|no| word.eq_ignore_ascii_case(no))
}

/// Does the column hold names of single things, so that `unknown` cannot be one of them?
fn is_name(column: Column) -> bool {
    [
        Column::EventId,
        Column::ServiceInstanceId,
        Column::HostName,
        Column::JobId,
        Column::TraceId,
        Column::CredentialUid,
    ]
    .contains(&column)
}
