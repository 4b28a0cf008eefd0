/*! When a record happened: an instant, an interval, or why it has no time. */

use super::absent::is_absent;
use super::mapper::RecordMapper;
use super::occurrences::Occurrences;
use super::timestamp;
use crate::model::bounds::TimeBounds;
use crate::model::columns::Column;
use crate::model::{TimeBasis, Timestamp, When};

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

impl RecordMapper<'_, '_> {
    pub(super) fn event_time(&self) -> RecordTime {
        let mut flaw = RecordTime::Missing;
        for text in self.values(Column::EventTime).filter(|text| !is_absent(text)) {
            match (record_time(text, self.reading.profile.timezone, self.bounds), flaw) {
                (RecordTime::At(when), _) => return RecordTime::At(self.within_span(when)),
                (RecordTime::Unreadable, RecordTime::Implausible) => {}
                (next_flaw, _) => flaw = next_flaw,
            }
        }
        flaw
    }

    /// If a source writes only the beginning of a span, the record happened at some time within the span.
    fn within_span(&self, when: When) -> When {
        match self.reading.profile.time_span {
            Some(span) => {
                let end = Some(when.latest() + span);
                When { end, basis: TimeBasis::Coarse, ..when }
            }
            None => when,
        }
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
