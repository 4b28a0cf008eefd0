/*! `SUM`, `MIN` and `MAX` over the rows of a group: how many occurrences, the first and the last of them. */

use super::evidence::Seen;
use crate::model::{At, TimeBasis, Timestamp, When};

/// An instant that a row shows, with the end of its interval.
pub fn at(earliest: Timestamp, latest: Timestamp, row: u64) -> At {
    let is_coarse = latest > earliest;
    let basis = if is_coarse { TimeBasis::Coarse } else { TimeBasis::Exact };
    At { when: When { at: earliest, end: is_coarse.then_some(latest), basis }, row }
}

/// The earlier of two rows, by the starts of their times.
pub(super) fn earlier(known: Option<At>, at: At) -> Option<At> {
    known.into_iter().chain([at]).min_by_key(|at| (at.earliest(), at.row))
}

/// The later of two rows, by the ends of their times.
pub(super) fn later(known: Option<At>, at: At) -> Option<At> {
    known.into_iter().chain([at]).max_by_key(|at| (at.latest(), at.row))
}

/// The ends of a group, each column by itself.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    first: (Timestamp, Timestamp, u64),
    last: (Timestamp, Timestamp, u64),
}

impl Default for Ends {
    fn default() -> Self {
        let (least, most) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        Self { first: (most, most, u64::MAX), last: (least, least, 0) }
    }
}

impl Ends {
    pub(super) fn add(&mut self, seen: Seen<'_>) {
        self.extend(seen.earliest(), seen.latest(), seen.number);
    }

    pub(super) fn extend(&mut self, earliest: Timestamp, latest: Timestamp, row: u64) {
        let (first, last) = (&mut self.first, &mut self.last);
        *first = (first.0.min(earliest), first.1.min(latest), first.2.min(row));
        *last = (last.0.max(earliest), last.1.max(latest), last.2.max(row));
    }

    /// The first of the rows.
    pub(super) fn first(self) -> At {
        at(self.first.0, self.first.1, self.first.2)
    }

    /// The last of the rows.
    pub(super) fn last(self) -> At {
        at(self.last.0, self.last.1, self.last.2)
    }
}

/// How many occurrences, and the ends of their rows.
#[derive(Clone, Copy, Default)]
pub(super) struct Uses {
    pub(super) events: u64,
    pub(super) ends: Ends,
}

impl Uses {
    pub(super) fn add(&mut self, seen: Seen<'_>) {
        self.events += seen.count;
        self.ends.add(seen);
    }

    pub(super) fn first(self) -> At {
        self.ends.first()
    }

    pub(super) fn last(self) -> At {
        self.ends.last()
    }
}

/// `MIN` over values of which some are null.
pub(super) fn least<T: Ord>(known: &mut Option<T>, value: Option<T>) {
    if value.is_some() && (known.is_none() || value < *known) {
        *known = value;
    }
}

/// `MAX` over values of which some are null.
pub(super) fn most<T: Ord>(known: &mut Option<T>, value: Option<T>) {
    if value > *known {
        *known = value;
    }
}
