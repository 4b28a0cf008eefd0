/*! Which times can be true, and whether a later bound would have let more of them pass. */

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDateTime};
use chrono_tz::Tz;

use super::when::local;
use crate::model::{Timestamp, When};

/// What the caller knows that a record does not.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'b> {
    /// The latest time that can be true.
    pub latest: Timestamp,
    /// Stamps without a year lie near this.
    pub near: Timestamp,
    /// ReportedOutcome of stamps that a later bound would let pass.
    pub beyond: Option<&'b Beyond>,
}

impl Bounds<'_> {
    /// Any time can be true; stamps without a year lie near this.
    pub fn around(near: Timestamp) -> Self {
        Self { latest: Timestamp(i64::MAX), near, beyond: None }
    }

    /// Is it too late to be true?
    pub(super) fn is_beyond(self, at: Timestamp) -> bool {
        let is_beyond = at > self.latest;
        if let Some(beyond) = self.beyond.filter(|_| is_beyond) {
            beyond.note(at);
        }
        is_beyond
    }
}

/// The earliest stamp that was taken for too late: under a later bound, what holds it may mean something else.
#[derive(Debug)]
pub struct Beyond(AtomicI64);

impl Default for Beyond {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MAX))
    }
}

impl Beyond {
    fn note(&self, at: Timestamp) {
        self.0.fetch_min(at.0, Ordering::Relaxed);
    }

    /// That stamp, if there was any.
    pub fn earliest(&self) -> Option<Timestamp> {
        Some(Timestamp(self.0.load(Ordering::Relaxed))).filter(|at| at.0 != i64::MAX)
    }
}

/// `Mar  2 09:00:00` of RFC 3164: in the year in which it lies nearest to a known instant, of those that can be true.
pub(super) fn yearless(text: &str, zone: Option<Tz>, bounds: Bounds<'_>) -> Option<When> {
    let year = DateTime::from_timestamp_micros(bounds.near.0)?.year();
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let reading = |year| {
        let text = format!("{year} {spaced}");
        local(NaiveDateTime::parse_from_str(&text, "%Y %b %d %H:%M:%S%.f").ok()?, zone)
    };
    let mut readings: Vec<When> = (year - 1..=year + 1).filter_map(reading).collect();
    readings.sort_by_key(|when| when.at.0.abs_diff(bounds.near.0));
    readings.iter().find(|when| !bounds.is_beyond(when.at)).or(readings.first()).copied()
}
