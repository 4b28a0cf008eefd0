/*! When something happened. `When` has no order of its own: a comparison must say which end it means. */

use std::fmt;
use std::ops::{Add, Sub};

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A length of time in microseconds. It may be negative: then the second of two instants came first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

impl Timestamp {
    /// 2000-01-01T00:00:00Z: a stamp before it counts as no time.
    pub const YEAR_2000: Self = Self(946_684_800_000_000);

    /// The instant that an RFC 3339 text with an offset names.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self(time.timestamp_micros()))
    }

    /// The instant as RFC 3339 in UTC, with a fraction only if it has one.
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0).map_or_else(
            || format!("{}us", self.0),
            |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        )
    }

    /// The start of the minute this instant lies in.
    #[must_use]
    pub fn minute(self) -> Self {
        self.start_of(Duration::MINUTE)
    }

    /// The start of the hour this instant lies in.
    #[must_use]
    pub fn hour(self) -> Self {
        self.start_of(Duration::HOUR)
    }

    fn start_of(self, unit: Duration) -> Self {
        Self(self.0.div_euclid(unit.0) * unit.0)
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000);
    /// One day.
    pub const DAY: Self = Self(86_400_000_000);

    /// Whole minutes, rounded down: `26h5m`.
    pub fn hours_minutes(self) -> String {
        let minutes = self.0.div_euclid(Self::MINUTE.0);
        format!("{}h{}m", minutes / 60, minutes % 60)
    }

    /// Reads what `hours_minutes` writes.
    pub fn from_hours_minutes(text: &str) -> Option<Self> {
        let (hours, minutes) = text.strip_suffix('m')?.split_once('h')?;
        let minutes = hours.parse::<i64>().ok()?.checked_mul(60)? + minutes.parse::<i64>().ok()?;
        minutes.checked_mul(Self::MINUTE.0).map(Self)
    }

    /// Whole minutes, rounded up: for a length that is still needed.
    pub fn hours_minutes_up(self) -> String {
        Self(self.0.saturating_add(Self::MINUTE.0 - 1)).hours_minutes()
    }

    /// `self * numerator / denominator`, without overflow.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Self {
        let wide = i128::from(self.0) * i128::from(numerator) / i128::from(denominator);
        Self(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl Sub for Timestamp {
    type Output = Duration;
    fn sub(self, earlier: Self) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.rfc3339())
    }
}

/// How well the time of a record is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeBasis {
    /// An instant with its offset.
    #[default]
    Exact,
    /// A stamp without offset in a source that declares no zone, read as UTC.
    ZoneAssumed,
    /// An interval: a day, a scrape interval, a local time that a clock change made twofold.
    Coarse,
}

impl TimeBasis {
    /// The word in columns and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::ZoneAssumed => "zone_assumed",
            Self::Coarse => "coarse",
        }
    }
}

/// How far ahead of UTC, and how far behind it, a clock may be that names no zone.
const ZONES_AHEAD_OF_UTC: Duration = Duration(14 * Duration::HOUR.0);
const ZONES_BEHIND_UTC: Duration = Duration(12 * Duration::HOUR.0);

/// When a record happened: an instant, or an interval that `end` closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The instant, or the start of the interval.
    pub at: Timestamp,
    /// The end of the interval, of a coarse time only.
    pub end: Option<Timestamp>,
    /// How well it is known.
    pub basis: TimeBasis,
}

impl When {
    /// An instant known exactly.
    pub fn exact(at: Timestamp) -> Self {
        Self { at, end: None, basis: TimeBasis::Exact }
    }

    /// The start of the interval. A new success counts at this end.
    pub fn earliest(self) -> Timestamp {
        self.at
    }

    /// The end of the interval. An old use counts at this end.
    pub fn latest(self) -> Timestamp {
        self.end.map_or(self.at, |end| end.max(self.at))
    }

    /// The earliest instant that it may be: a stamp that names no zone may be one of the easternmost.
    pub fn earliest_in_any_zone(self) -> Timestamp {
        match self.basis {
            TimeBasis::ZoneAssumed => self.at - ZONES_AHEAD_OF_UTC,
            TimeBasis::Exact | TimeBasis::Coarse => self.at,
        }
    }

    /// The latest instant that it may be: a stamp that names no zone may be one of the westernmost.
    pub fn latest_in_any_zone(self) -> Timestamp {
        match self.basis {
            TimeBasis::ZoneAssumed => self.latest() + ZONES_BEHIND_UTC,
            TimeBasis::Exact | TimeBasis::Coarse => self.latest(),
        }
    }
}

/// A span of time that includes both ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first instant.
    pub from: Timestamp,
    /// The last instant.
    pub to: Timestamp,
}

impl Span {
    /// The span of one instant.
    pub fn at(at: Timestamp) -> Self {
        Self { from: at, to: at }
    }

    /// Does the instant lie in the span, ends included?
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }

    /// The length of the span; zero if its end lies before its start.
    pub fn length(self) -> Duration {
        (self.to - self.from).max(Duration::ZERO)
    }

    /// From the earlier start to the later end.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// What both spans share, if anything.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_round_as_the_design_says() {
        let length = Duration::HOUR.scaled(26, 1) + Duration::MINUTE.scaled(5, 1) + Duration(1);
        assert_eq!(length.hours_minutes(), "26h5m");
        assert_eq!(length.hours_minutes_up(), "26h6m");
        assert_eq!(Duration::ZERO.hours_minutes_up(), "0h0m");
    }

    #[test]
    fn instants_print_as_rfc3339() {
        assert_eq!(Timestamp(1_772_442_000_000_000).rfc3339(), "2026-03-02T09:00:00Z");
        assert_eq!(Timestamp(1_772_442_000_250_000).rfc3339(), "2026-03-02T09:00:00.250Z");
    }
}
