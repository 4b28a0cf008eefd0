/*! Which field means what: decoded fields of a record become its time, its hints, its markers and its outcome.
 *
 * Knows formats, not plans: whether a marker or a consumer matters is decided by `attribute`.
 */

mod counted;
mod joined;
mod mapped;
pub mod outcome;
mod reading;
mod reported_outcome;
#[cfg(test)]
mod tests;
mod uids;
pub mod when;
mod yearless;

use std::borrow::Cow;

use crate::ingest::Fields;
use crate::model::bounds::TimeBounds;
use crate::model::columns::{Column, Measured, TEXTS};
use crate::model::{Kind, Layer, TimeBasis, Timestamp, When};
use crate::profile::Expression;

pub use counted::{Occurrences, Total};
pub use mapped::{Also, Mapped, RecordTime, ReportedOutcome};
pub use reading::Reading;

use reading::Condition;

/// Maps the fields of one record.
pub fn apply<'f>(
    reading: &'f Reading,
    fields: &'f Fields<'_>,
    bounds: TimeBounds<'f>,
) -> Mapped<'f> {
    let read = Read { reading, fields, bounds };
    let (when, counted) = (read.kind_when(), read.counted());
    // A state names a credential without using it.
    let of_state = (counted == Occurrences::State).then_some(Kind::Lookup);
    Mapped {
        dated: read.as_interval(read.dated(), counted),
        layer: when.and_then(|(_, layer)| layer).unwrap_or(reading.profile.layer),
        kind: read.kind(when).or(of_state),
        told: read.told(),
        uids: read.uids(),
        also: read.also(),
        links: read.links(),
        aliases: read.aliases(),
        owns: reading
            .slots
            .owner_unless
            .as_ref()
            .is_some_and(|unless| unless.iter().all(|slot| fields.get(*slot).is_none())),
        texts: read.texts(),
        measured: Measured {
            instance_start: read.time(Column::InstanceStartTime),
            enqueued: read.time(Column::EnqueuedTime),
            attempt: read.number(Column::Attempt),
            duration_ms: read.duration(),
            size: read.number(Column::Size),
        },
        counted,
        degraded: read.values(Column::Degraded).any(says_degraded),
        stream: reading.slots.stream.and_then(|slot| fields.scalar(slot)),
    }
}

/// Reads the time of a record.
pub fn dated(text: &str, zone: Option<chrono_tz::Tz>, bounds: TimeBounds<'_>) -> RecordTime {
    match when::parse(text, zone, bounds) {
        Some(when) if when.at >= Timestamp::YEAR_2000 && !bounds.is_beyond(when.at) => {
            RecordTime::At(when)
        }
        Some(_) => RecordTime::Implausible,
        None => RecordTime::Unreadable,
    }
}

/// The record proper, of an envelope.
pub fn payload<'f>(reading: &Reading, fields: &'f Fields<'_>) -> Option<&'f str> {
    reading.slots.payload.and_then(|slot| fields.get(slot))
}

/// Everything but a plain no is taken for degraded: the name of a weaker path, a share, a reason.
fn says_degraded(word: &str) -> bool {
    const NO: [&str; 6] = ["false", "no", "0", "none", "off", "normal"];
    let word = word.trim();
    !is_absent(word) && !NO.iter().any(|no| word.eq_ignore_ascii_case(no))
}

/// A value that stands for no value.
fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["-", "null", "n/a", "undefined", "(none)"]
            .iter()
            .any(|absent| text.eq_ignore_ascii_case(absent))
}

/// A value that names nobody, in a column of names: here `none` and `unknown` are no name either.
fn is_nobody(text: &str) -> bool {
    let text = text.trim();
    is_absent(text) || ["none", "unknown"].iter().any(|absent| text.eq_ignore_ascii_case(absent))
}

/// Is the column one whose values tell one thing from another, so that `unknown` is not one of them?
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

/// The part of a text that is wanted: the first group of the expression, or all of it.
fn part<'t>(pattern: Option<&Expression>, text: Cow<'t, str>) -> Option<Cow<'t, str>> {
    match pattern {
        None => Some(text),
        Some(regex) => Some(Cow::Owned(regex.captures(&text)?.get(1)?.as_str().to_owned())),
    }
}

struct Read<'f, 'b> {
    reading: &'f Reading,
    fields: &'f Fields<'b>,
    bounds: TimeBounds<'f>,
}

impl<'f> Read<'f, '_> {
    fn text(&self, slot: usize) -> Option<&'f str> {
        self.fields.scalar(slot)
    }

    fn values(&self, column: Column) -> impl Iterator<Item = &'f str> {
        let slots = self.reading.slots.columns.get(&column).map_or(&[][..], Vec::as_slice);
        let fields = self.fields;
        slots.iter().filter_map(move |slot| fields.scalar(*slot)).chain(self.extracted(column))
    }

    /// Parts of fields.
    fn extracted(&self, column: Column) -> impl Iterator<Item = &'f str> {
        let extracts = self.reading.slots.extracts.get(&column).map_or(&[][..], Vec::as_slice);
        let fields = self.fields;
        let extracts = extracts.iter().filter(|(_, _, when)| self.holds(when));
        extracts.flat_map(move |(slot, regex, _)| {
            let values = fields.values(*slot);
            values.filter_map(|text| Some(regex.captures(text)?.get(1)?.as_str()))
        })
    }

    /// Does one of the values stand in each of the slots?
    fn holds(&self, condition: &Condition) -> bool {
        reading::holds(condition, self.fields)
    }

    fn first(&self, column: Column) -> Option<&'f str> {
        let stands_for_none = if is_name(column) { is_nobody } else { is_absent };
        let constant = || self.reading.profile.constants.get(&column).map(String::as_str);
        self.values(column).find(|text| !stands_for_none(text)).or_else(constant)
    }

    fn number<T: std::str::FromStr>(&self, column: Column) -> Option<T> {
        self.values(column).find_map(|text| text.trim().parse().ok())
    }

    /// In milliseconds, whatever it is written in. Some sources write -1 where nothing was measured.
    fn duration(&self) -> Option<f64> {
        let column = Column::DurationMs;
        let units = &self.reading.profile.units;
        let slots = self.reading.slots.columns.get(&column).map_or(&[][..], Vec::as_slice);
        let single = slots.iter().zip(&self.reading.slots.duration_units);
        let single = single.filter_map(|(slot, unit)| Some((self.text(*slot)?, *unit)));
        let all = single.chain(self.extracted(column).map(|text| (text, units.all)));
        let mut read = all.filter_map(|(text, unit)| {
            let number = text.trim().parse().ok()?;
            Some(unit.map_or(number, |unit| unit.millis(number)))
        });
        read.find(|number| number.is_finite() && *number >= 0.0)
    }

    fn time(&self, column: Column) -> Option<Timestamp> {
        let zone = self.reading.profile.timezone;
        self.values(column)
            .find_map(|text| when::parse(text, zone, self.bounds))
            .map(When::earliest)
    }

    fn dated(&self) -> RecordTime {
        let mut seen = RecordTime::Missing;
        for text in self.values(Column::EventTime).filter(|text| !is_absent(text)) {
            match (dated(text, self.reading.profile.timezone, self.bounds), seen) {
                (RecordTime::At(when), _) => return RecordTime::At(self.within_span(when)),
                (RecordTime::Unreadable, RecordTime::Implausible) => {}
                (flaw, _) => seen = flaw,
            }
        }
        seen
    }

    /// Of a source that tells the beginning of a span alone, what it dates happened somewhere within.
    fn within_span(&self, when: When) -> When {
        match self.reading.profile.time_span {
            Some(span) => {
                let end = Some(when.latest() + span);
                When { end, basis: TimeBasis::Coarse, ..when }
            }
            None => when,
        }
    }

    /// What a condition says of the record: what it states, and as what testimony.
    fn kind_when(&self) -> Option<(Kind, Option<Layer>)> {
        let mut conditions = self.reading.slots.kinds_when.iter();
        let (_, kind, layer) = conditions.find(|(condition, ..)| self.holds(condition))?;
        Some((*kind, *layer))
    }

    fn kind(&self, when: Option<(Kind, Option<Layer>)>) -> Option<Kind> {
        if let Some((kind, _)) = when {
            return Some(kind);
        }
        let word = self.first(Column::Kind)?;
        let named =
            self.reading.profile.kinds.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        named
            .map(|(_, kind)| *kind)
            .or_else(|| Kind::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word)))
    }

    fn texts_at(&self, slots: &'f [usize]) -> impl Iterator<Item = &'f str> {
        let fields = self.fields;
        slots.iter().filter_map(move |slot| fields.scalar(*slot))
    }

    fn also(&self) -> Vec<Also<'f>> {
        let mut rows = Vec::new();
        for also in &self.reading.slots.also {
            if !self.holds(&also.when) {
                continue;
            }
            for uid in self.fields.scalars(also.uid) {
                let Some(uid) = part(also.pattern.as_ref(), uid).filter(|uid| !is_absent(uid))
                else {
                    continue;
                };
                let uid = if also.fold_lower { Cow::Owned(uid.to_ascii_lowercase()) } else { uid };
                rows.push(Also { uid, kind: also.kind, layer: also.layer });
            }
        }
        rows
    }

    fn links(&self) -> Vec<(&'f str, &'f str)> {
        let pairs = self.reading.slots.links.iter();
        pairs
            .filter(|(_, _, when)| self.holds(when))
            .filter_map(|(child, parent, _)| Some((self.text(*child)?, self.text(*parent)?)))
            .filter(|(child, parent)| !is_absent(child) && !is_absent(parent))
            .collect()
    }

    fn aliases(&self) -> Vec<String> {
        let of = |(slot, pattern): &'f (usize, Option<Expression>)| {
            let texts = self.fields.scalars(*slot);
            texts.filter_map(|text| part(pattern.as_ref(), text).map(Cow::into_owned))
        };
        self.reading.slots.aliases.iter().flat_map(of).collect()
    }

    /// An environment that is a list or an object is a place that no plan names.
    fn unreadable_place(&self, column: Column) -> Option<&'f str> {
        let slots = self.reading.slots.columns.get(&column)?;
        let fields = self.fields;
        let found = slots.iter().find_map(|slot| fields.get(*slot).filter(|text| !is_absent(text)));
        found.filter(|_| column == Column::Environment)
    }

    fn texts(&self) -> [Option<&'f str>; TEXTS.len()] {
        let mut texts = [None; TEXTS.len()];
        for (position, column) in TEXTS.iter().enumerate() {
            let value = self.first(*column).or_else(|| self.unreadable_place(*column));
            texts[position] = match self.reading.profile.strip.get(column) {
                Some(strip) => {
                    value.map(|text| text.trim_matches(|character| strip.contains(character)))
                }
                None => value,
            };
        }
        texts
    }
}
