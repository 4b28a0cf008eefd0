/*! What the number of a record counts: occurrences, or the state of a counter whose growth the sample before it tells. */

use crate::model::columns::Column;
use crate::model::evidence::whole_count;
use crate::model::{TimeBasis, Timestamp, When, short};

use super::reading::Condition;
use super::{Read, RecordTime, when};

/// How often it happened what a record states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Occurrences {
    /// So many times.
    Times(u64),
    /// As often as its counter grew since the sample before.
    Grown(Total),
    /// Not at all: it is a state, and lasts.
    State,
    /// There is a number, and it cannot be read.
    Unreadable,
    /// There is a number, and nobody can say what it counts.
    Unknown,
}

/// A counter at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// Equal for samples of one series.
    pub series: [u8; 16],
    /// What it stands at.
    pub value: f64,
    /// Since when it counts, where it says so.
    pub since: Option<Timestamp>,
}

impl Read<'_, '_> {
    /// One where no count is written.
    pub(super) fn counted(&self) -> Occurrences {
        let Some(counter) = &self.reading.slots.counter else { return self.times() };
        let any = |conditions: &[Condition]| conditions.iter().any(|when| self.holds(when));
        let is_delta = any(&counter.delta);
        if !is_delta && !any(&counter.total) {
            return if any(&counter.state) { Occurrences::State } else { Occurrences::Unknown };
        }
        let value = counter.value.iter().find_map(|slot| self.text(*slot));
        let value = value.and_then(|text| text.trim().parse().ok());
        match value.filter(|value: &f64| value.is_finite() && *value >= 0.0) {
            None => Occurrences::Unreadable,
            Some(value) if is_delta => Occurrences::Times(whole_count(value)),
            Some(value) => Occurrences::Grown(Total {
                series: self.series(&counter.series),
                value,
                since: self.since(),
            }),
        }
    }

    fn times(&self) -> Occurrences {
        let Some(text) = self.first(Column::Count) else { return Occurrences::Times(1) };
        let whole = match text.split_once('.') {
            Some((whole, part)) if part.bytes().all(|digit| digit == b'0') => whole,
            Some(_) | None => text,
        };
        match whole.trim().parse() {
            // In a log of any application `count` may count other things: a record of none of them is a record still.
            Ok(0) if !self.reading.profile.counts => Occurrences::Times(1),
            Ok(count) => Occurrences::Times(count),
            Err(_) => Occurrences::Unreadable,
        }
    }

    fn series(&self, slots: &[usize]) -> [u8; 16] {
        let mut hash = blake3::Hasher::new();
        hash.update(self.reading.profile.family.as_bytes());
        for text in slots.iter().map(|slot| self.fields.get(*slot)) {
            hash.update(&[0, u8::from(text.is_some())]);
            hash.update(text.unwrap_or_default().as_bytes());
        }
        short(hash.finalize().as_bytes())
    }

    /// Since when the number counts.
    fn since(&self) -> Option<Timestamp> {
        let slots = &self.reading.slots.counter.as_ref()?.since;
        let zone = self.reading.profile.timezone;
        let mut read =
            slots.iter().filter_map(|slot| when::parse(self.text(*slot)?, zone, self.bounds));
        read.next().map(When::earliest).filter(|since| *since >= Timestamp::YEAR_2000)
    }

    /// What happened since a time happened in an interval.
    pub(super) fn as_interval(&self, dated: RecordTime, counted: Occurrences) -> RecordTime {
        // Of a source with counters, what is told as so many times is a delta.
        if !matches!(counted, Occurrences::Times(_)) {
            return dated;
        }
        match (dated, self.since()) {
            (RecordTime::At(when), Some(since)) if since < when.at => RecordTime::At(When {
                at: since,
                end: Some(when.latest()),
                basis: TimeBasis::Coarse,
            }),
            (dated, _) => dated,
        }
    }
}
