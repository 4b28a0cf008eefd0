/*! When a record happened: an instant, an interval, or why it has no time. */

use super::ProfileReading;
use super::absent::is_absent;
use super::mapper::RecordMapper;
use super::occurrences::Occurrences;
use super::timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
use crate::model::{Duration, TimeBasis, Timestamp, When};

/// When a record says that it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordTime {
    /// At an instant, or within an interval.
    At(When),
    /// The record states no time.
    Missing,
    /// The record states a time that cannot be read.
    Unreadable,
    /// The record states a time that cannot be true.
    Implausible,
}

impl RecordTime {
    /// The earliest instant at which the record may have happened, if it has a time.
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::At(when) => Some(when.earliest()),
            Self::Missing | Self::Unreadable | Self::Implausible => None,
        }
    }

    /// When it happened, if it has a time.
    pub fn when(self) -> Option<When> {
        match self {
            Self::At(when) => Some(when),
            Self::Missing | Self::Unreadable | Self::Implausible => None,
        }
    }
}

/// Reads the time of a record; `zone` is that of times without an offset.
pub fn record_time(text: &str, zone: Option<chrono_tz::Tz>, bounds: TimeBounds<'_>) -> RecordTime {
    match timestamp::parse(text, zone, bounds) {
        Some(when) if when.at >= Timestamp::YEAR_2000 && !bounds.is_beyond(when.at) => {
            RecordTime::At(when)
        }
        Some(_) => RecordTime::Implausible,
        None => RecordTime::Unreadable,
    }
}

/// OpenTelemetry writes 0 for a time that is not known.
fn is_given(text: &&str) -> bool {
    !is_absent(text) && text.trim() != "0"
}

/// By how much the clocks of two machines may differ without anybody noticing.
const CLOCK_SKEW: Duration = Duration::MINUTE;

impl ProfileReading {
    /// When a record happened whose fields of the time have these texts.
    pub(super) fn time_of<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        bounds: TimeBounds<'_>,
    ) -> RecordTime {
        let mut flaw = RecordTime::Missing;
        for text in texts.filter(is_given) {
            match record_time(text, self.profile.timezone, bounds) {
                RecordTime::At(when) => return RecordTime::At(self.within_span(when)),
                // A field that cannot be read may have said another time than the next one does.
                RecordTime::Unreadable => return RecordTime::Unreadable,
                next_flaw => flaw = next_flaw,
            }
        }
        flaw
    }

    /// If a source writes only the beginning of a span, the record happened at some time within the span.
    fn within_span(&self, when: When) -> When {
        match self.profile.time_span {
            Some(span) => {
                let end = Some(when.latest() + span);
                When { end, basis: TimeBasis::Coarse, ..when }
            }
            None => when,
        }
    }
}

/// When a record arrived, if that is certainly later than it is dated, by more than records of its source are late:
/// whatever zones the stamps have that name none.
pub(super) fn late_arrival(
    time: RecordTime,
    received: Option<When>,
    lag: Duration,
) -> Option<Timestamp> {
    let (time, received) = (time.when()?, received?);
    let in_time = time.latest_in_any_zone() + lag + CLOCK_SKEW;
    (received.earliest_in_any_zone() > in_time).then(|| received.latest_in_any_zone())
}

impl RecordMapper<'_, '_> {
    /// When a record happened by the first of its times, and the latest of its other times: those at which it was
    /// written, received or observed.
    pub(super) fn stamps(&self) -> (RecordTime, Option<When>) {
        let mut stamps = self.values(Column::EventTime);
        let time = self.reading.time_of(&mut stamps, self.bounds);
        let zone = self.reading.profile.timezone;
        let others = stamps.chain(self.texts_at(&self.reading.slots.received)).filter(is_given);
        let others = others.filter_map(|text| record_time(text, zone, self.bounds).when());
        let names_no_zone = |when: &When| when.basis == TimeBasis::ZoneAssumed;
        let is_zoneless = time.when().as_ref().is_some_and(names_no_zone);
        // The stamps of one record that name no zone share one.
        let others = others.map(|when| {
            let shares_zone = is_zoneless && names_no_zone(&when);
            if shares_zone { When::exact(when.latest_in_any_zone()) } else { when }
        });
        (time, others.max_by_key(|when| when.earliest_in_any_zone()))
    }

    /// Whether the first time that the record gives may be of what it is about.
    pub(super) fn has_doubtful_time(&self) -> bool {
        let slots = self.reading.slots.columns.filled(Column::EventTime, self.fields);
        let mut given =
            slots.iter().filter(|slot| self.text(**slot).as_ref().is_some_and(is_given));
        let doubtful = &self.reading.slots.doubtful_times;
        !doubtful.is_empty() && given.next().is_some_and(|slot| doubtful.contains(slot))
    }

    /// The time of a record that counts since an earlier instant is the interval between both.
    pub(super) fn as_interval(&self, time: RecordTime, occurrences: Occurrences) -> RecordTime {
        // If a source with counters states a plain number, the number is a delta.
        if !matches!(occurrences, Occurrences::Times(_)) {
            return time;
        }
        match (time, self.counts_since()) {
            (RecordTime::At(when), Some(since)) if since < when.at => RecordTime::At(When {
                at: since,
                end: Some(when.latest()),
                basis: TimeBasis::Coarse,
            }),
            (time, _) => time,
        }
    }
}
