/*! Which times can be true, and whether a later bound would accept more of them. */

use std::sync::atomic::{AtomicI64, Ordering};

use super::time::Timestamp;

/// What is known about time outside of a record.
#[derive(Clone, Copy, Debug)]
pub struct TimeBounds<'b> {
    /// The latest time that can be true.
    pub latest: Timestamp,
    /// Stamps without a year are placed near this instant.
    pub near: Timestamp,
    /// Keeps the stamps that only a later bound would accept.
    pub beyond: Option<&'b TooLate>,
}

impl TimeBounds<'_> {
    /// Any time can be true; stamps without a year are placed near this instant.
    pub fn around(near: Timestamp) -> Self {
        Self { latest: Timestamp(i64::MAX), near, beyond: None }
    }

    /// Whether a time is too late to be true.
    pub fn is_beyond(self, at: Timestamp) -> bool {
        let is_beyond = at > self.latest;
        if let Some(beyond) = self.beyond.filter(|_| is_beyond) {
            beyond.note(at);
        }
        is_beyond
    }
}

/// The earliest stamp that was too late to be true. Under a later bound its record may mean something else.
#[derive(Debug)]
pub struct TooLate(AtomicI64);

impl Default for TooLate {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MAX))
    }
}

impl TooLate {
    /// A stamp was too late.
    pub fn note(&self, at: Timestamp) {
        self.0.fetch_min(at.0, Ordering::Relaxed);
    }

    /// That stamp, if there was any.
    pub fn earliest(&self) -> Option<Timestamp> {
        Some(Timestamp(self.0.load(Ordering::Relaxed))).filter(|at| at.0 != i64::MAX)
    }
}
