/*! When something happened. `When` has no order of its own: a comparison must say which end it means. */

use std::fmt;
use std::ops::{Add, Sub};

use chrono::{DateTime, SecondsFormat, Utc};

/// An instant or a length of time in microseconds; instants count from 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// One second.
    pub const SECOND: Self = Self(1_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000);
    /// One day.
    pub const DAY: Self = Self(86_400_000_000);
    /// 2000-01-01T00:00:00Z: a stamp before it counts as no time.
    pub const YEAR_2000: Self = Self(946_684_800_000_000);

    /// The instant that an RFC 3339 text with an offset names.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self(time.timestamp_micros()))
    }

    /// The instant as RFC 3339 in UTC; fractions only where there are any.
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_micros(self.0).map_or_else(
            || format!("{}us", self.0),
            |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        )
    }

    /// A length of time in whole minutes, rounded down: `26h5m`.
    pub fn hours_minutes(self) -> String {
        let minutes = self.0.div_euclid(Self::MINUTE.0);
        format!("{}h{}m", minutes / 60, minutes % 60)
    }

    /// A length of time as `hours_minutes` writes it.
    pub fn from_hours_minutes(text: &str) -> Option<Self> {
        let (hours, minutes) = text.strip_suffix('m')?.split_once('h')?;
        let minutes = hours.parse::<i64>().ok()?.checked_mul(60)? + minutes.parse::<i64>().ok()?;
        minutes.checked_mul(Self::MINUTE.0).map(Self)
    }

    /// A length of time in whole minutes, rounded up: for what is still needed.
    pub fn hours_minutes_up(self) -> String {
        Self(self.0.saturating_add(Self::MINUTE.0 - 1)).hours_minutes()
    }

    /// The start of the minute this instant lies in.
    #[must_use]
    pub fn minute(self) -> Self {
        Self(self.0.div_euclid(Self::MINUTE.0) * Self::MINUTE.0)
    }

    /// The start of the hour this instant lies in.
    #[must_use]
    pub fn hour(self) -> Self {
        Self(self.0.div_euclid(Self::HOUR.0) * Self::HOUR.0)
    }

    /// `self * numerator / denominator`, without overflow.
    #[must_use]
    pub fn scaled(self, numerator: i64, denominator: i64) -> Self {
        let wide = i128::from(self.0) * i128::from(numerator) / i128::from(denominator);
        Self(i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX }))
    }
}

impl Add for Micros {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Micros {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Micros {
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

/// When a record happened: an instant, or an interval that `end` closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The instant, or the start of the interval.
    pub at: Micros,
    /// The end of the interval, of a coarse time only.
    pub end: Option<Micros>,
    /// How well it is known.
    pub basis: TimeBasis,
}

impl When {
    /// An instant known exactly.
    pub fn exact(at: Micros) -> Self {
        Self { at, end: None, basis: TimeBasis::Exact }
    }

    /// The end to read a new success at.
    pub fn earliest(self) -> Micros {
        self.at
    }

    /// The end to read an old use at.
    pub fn latest(self) -> Micros {
        self.end.map_or(self.at, |end| end.max(self.at))
    }
}

/// A span of time, both ends in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first instant.
    pub from: Micros,
    /// The last instant.
    pub to: Micros,
}

impl Span {
    /// Does the instant lie in the span, ends included?
    pub fn contains(self, at: Micros) -> bool {
        self.from <= at && at <= self.to
    }

    /// How long the span is; nothing where it is turned round.
    pub fn length(self) -> Micros {
        Micros((self.to - self.from).0.max(0))
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
        let length = Micros(26 * Micros::HOUR.0 + 5 * Micros::MINUTE.0 + 1);
        assert_eq!(length.hours_minutes(), "26h5m");
        assert_eq!(length.hours_minutes_up(), "26h6m");
        assert_eq!(Micros(0).hours_minutes_up(), "0h0m");
    }

    #[test]
    fn instants_print_as_rfc3339() {
        assert_eq!(Micros(1_772_442_000_000_000).rfc3339(), "2026-03-02T09:00:00Z");
        assert_eq!(Micros(1_772_442_000_250_000).rfc3339(), "2026-03-02T09:00:00.250Z");
    }
}
