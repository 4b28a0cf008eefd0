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
        // OpenTelemetry writes 0 for a time that is not known.
        let is_given = |text: &&str| !is_absent(text) && text.trim() != "0";
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

impl RecordMapper<'_, '_> {
    /// When the record was received, if that is later than it is dated by more than records of this source are late.
    pub(super) fn late_arrival(&self, time: RecordTime) -> Option<Timestamp> {
        let stamps = self.texts_at(&self.reading.slots.received).filter(|text| !is_absent(text));
        let times = stamps.filter_map(|text| record_time(text, None, self.bounds).instant());
        let latest = time.instant()? + self.reading.profile.lag + CLOCK_SKEW;
        times.max().filter(|received| *received > latest)
    }

    pub(super) fn event_time(&self) -> RecordTime {
        self.reading.time_of(self.values(Column::EventTime), self.bounds)
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
