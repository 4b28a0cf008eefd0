/*! What a row of activity counts as, and which of two rows came later. */

use std::collections::BTreeMap;

use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Skew};
use crate::model::ledger::Truth;
use crate::model::{At, ClassBasis, Duration, Outcome, Span, State};

/// A use of the old version, whatever came of it.
pub fn is_old_use(row: &Activity) -> bool {
    row.kind.is_try() && row.state == State::Old && row.binding.proves()
}

/// A use of the new version by a class that alone matches, whatever came of it.
pub fn is_new_use(row: &Activity) -> bool {
    row.kind.is_try()
        && row.state == State::New
        && row.binding.proves()
        && row.basis == ClassBasis::Matched
}

/// A try that worked.
pub fn is_success(row: &Activity) -> bool {
    row.kind.is_try() && row.outcome == Outcome::Success
}

/// A try whose credential was refused.
pub fn is_auth_failure(row: &Activity) -> bool {
    row.kind.is_try() && row.outcome == Outcome::AuthFailure
}

/// Does the row lie in the span? Old use lies in it with any part of its interval.
pub fn lies_in(row: &Activity, span: Span) -> bool {
    if row.state == State::Old {
        row.last.latest() >= span.from && row.first.earliest() <= span.to
    } else {
        row.last.earliest() >= span.from && row.first.earliest() <= span.to
    }
}

/// How many occurrences the rows stand for.
pub fn count<'r>(rows: impl IntoIterator<Item = &'r &'r Activity>) -> u64 {
    rows.into_iter().map(|row| row.count).sum()
}

/// The row that ends last.
pub fn latest<'a, 'r>(rows: impl IntoIterator<Item = &'r &'a Activity>) -> Option<&'a Activity>
where
    'a: 'r,
{
    rows.into_iter().copied().max_by_key(|row| (row.last.latest(), row.last.row))
}

/// The row that begins first.
pub fn earliest<'a, 'r>(rows: impl IntoIterator<Item = &'r &'a Activity>) -> Option<&'a Activity>
where
    'a: 'r,
{
    rows.into_iter().copied().min_by_key(|row| (row.first.earliest(), row.first.row))
}

/// An instant and the stream whose clock tells it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub at: At,
    /// By which clock.
    pub stream: StreamId,
}

impl Seen {
    /// The first of a group of rows.
    pub fn first(row: &Activity) -> Self {
        Self { at: row.first, stream: row.stream }
    }

    /// The last of a group of rows.
    pub fn last(row: &Activity) -> Self {
        Self { at: row.last, stream: row.stream }
    }

    /// Did this good news surely come after that bad news? At equal times it did not, and across streams
    /// times closer than the clocks agree have no order.
    pub fn surely_after(self, bad: Self, clocks: Clocks<'_>) -> bool {
        let (good, bad_end) = (self.at.earliest(), bad.at.latest());
        good > bad_end && good - bad_end >= clocks.between(Some(self.stream), bad.stream)
    }
}

/// How well clocks agree: as promised, or as measured where that is worse.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<'a> {
    /// The promise.
    pub skew: Duration,
    /// The measurements.
    pub measured: &'a [Skew],
}

/// Fewer shared requests measure nothing.
const SHARED_REQUESTS_MIN: u64 = 3;

impl Clocks<'_> {
    /// What is further apart than this has an order, whichever clocks tell it.
    pub fn widest(self) -> Duration {
        let measured = self.measured.iter().filter(|skew| skew.requests >= SHARED_REQUESTS_MIN);
        measured.map(|skew| skew.offset).max().unwrap_or_default().max(self.skew)
    }

    /// Times of these two streams that are closer than this have no order; those of one stream have.
    pub fn between(self, one: Option<StreamId>, two: StreamId) -> Duration {
        let Some(one) = one else { return self.skew };
        if one == two {
            return Duration::ZERO;
        }
        let pair = (one.min(two), one.max(two));
        let measured = self
            .measured
            .iter()
            .filter(|skew| skew.requests >= SHARED_REQUESTS_MIN && skew.streams == pair);
        measured.map(|skew| skew.offset).max().unwrap_or_default().max(self.skew)
    }
}

/// The last row of each stream: what came surely after all of these came after all of the rows.
pub fn ends(rows: &[&Activity]) -> Vec<Seen> {
    let mut ends: BTreeMap<StreamId, Seen> = BTreeMap::new();
    for seen in rows.iter().map(|row| Seen::last(row)) {
        let end = ends.entry(seen.stream).or_insert(seen);
        if seen.at.latest() > end.at.latest() {
            *end = seen;
        }
    }
    ends.into_values().collect()
}

/// On which truth these tries stand in the window; where none there shows a version, the last that does.
pub fn truth(tries: &[&Activity], window: Span) -> Truth {
    let shows = |row: &&&Activity| is_old_use(row) || is_new_use(row);
    let within = tries
        .iter()
        .filter(shows)
        .filter(|row| lies_in(row, window))
        .fold(Truth::Unknown, |truth, row| truth.with(truth_of(row.state)));
    if within != Truth::Unknown {
        return within;
    }
    let end = |row: &&&Activity| {
        let old = row.state == State::Old;
        (if old { row.last.latest() } else { row.last.earliest() }, old, row.last.row)
    };
    tries.iter().filter(shows).max_by_key(end).map_or(Truth::Unknown, |row| truth_of(row.state))
}

/// On which truth a row of that state stands.
pub fn truth_of(state: State) -> Truth {
    match state {
        State::Old => Truth::Old,
        State::New => Truth::New,
        State::Unknown => Truth::Unknown,
    }
}
