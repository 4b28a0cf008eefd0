/*! What a row of activity counts as, and which of two rows came later. */

use std::collections::BTreeMap;

use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Skew};
use crate::model::ledger::Truth;
use crate::model::{At, ClassBasis, Duration, Kind, MarkerShown, Outcome, Span, State};

/// A use of the old version, whatever its outcome.
pub fn is_old_use(row: &Activity) -> bool {
    row.kind.is_try() && row.state == State::Old && row.binding.proves()
}

/// A use of the new version that matches one class alone, whatever its outcome.
pub fn is_new_use(row: &Activity) -> bool {
    row.kind.is_try()
        && row.state == State::New
        && row.binding.proves()
        && row.basis == ClassBasis::Matched
}

/// Was somebody handed the old version: a record of a read that names or returns it?
pub fn is_old_read(row: &Activity) -> bool {
    row.kind == Kind::Refresh
        && row.state == State::Old
        && row.binding.proves()
        && matches!(row.outcome, Outcome::Success | Outcome::None)
}

/// An attempt that worked.
pub fn is_success(row: &Activity) -> bool {
    row.kind.is_try() && row.outcome == Outcome::Success
}

/// An attempt whose credential was refused.
pub fn is_auth_failure(row: &Activity) -> bool {
    row.kind.is_try() && row.outcome == Outcome::AuthFailure
}

/// Can the row be about this credential: does it show a marker of the plan, or none?
pub fn is_of_plan(row: &Activity) -> bool {
    match row.shown {
        MarkerShown::Plan | MarkerShown::None => true,
        MarkerShown::Foreign | MarkerShown::Novel => false,
    }
}

/// Does the row lie in the span? Old use does if any part of its interval does.
pub fn lies_in(row: &Activity, span: Span) -> bool {
    if row.state == State::Old {
        row.last.latest() >= span.from && row.first.earliest() <= span.to
    } else {
        row.last.earliest() >= span.from && row.first.earliest() <= span.to
    }
}

/// Copies the references to the rows for which the condition holds.
pub fn keep<'a>(rows: &[&'a Activity], holds: impl Fn(&Activity) -> bool) -> Vec<&'a Activity> {
    rows.iter().copied().filter(|row| holds(row)).collect()
}

/// How many occurrences the rows count.
pub fn count<'r>(rows: impl IntoIterator<Item = &'r &'r Activity>) -> u64 {
    rows.into_iter().map(|row| row.count).sum()
}

/// The row that ends last, and of several the one with the highest row number.
pub fn latest<'a, 'r>(rows: impl IntoIterator<Item = &'r &'a Activity>) -> Option<&'a Activity>
where
    'a: 'r,
{
    rows.into_iter().copied().max_by_key(|row| (row.last.latest(), row.last.row))
}

/// The row that begins first, and of several the one with the lowest row number.
pub fn earliest<'a, 'r>(rows: impl IntoIterator<Item = &'r &'a Activity>) -> Option<&'a Activity>
where
    'a: 'r,
{
    rows.into_iter().copied().min_by_key(|row| (row.first.earliest(), row.first.row))
}

/// An instant by the clock of one log source.
#[derive(Clone, Copy, Debug)]
pub struct ClockTime {
    /// The instant, with the row that shows it.
    pub at: At,
    /// The log source whose clock shows it.
    pub stream: StreamId,
}

impl ClockTime {
    /// The first of a group of rows.
    pub fn first_of(row: &Activity) -> Self {
        Self { at: row.first, stream: row.stream }
    }

    /// The last of a group of rows.
    pub fn last_of(row: &Activity) -> Self {
        Self { at: row.last, stream: row.stream }
    }

    /// Did this success surely come after that old use or failure? At equal times it did not. Times of two log sources
    /// have no order if their difference is smaller than the error of the clocks.
    pub fn surely_after(self, bad: Self, clocks: Clocks<'_>) -> bool {
        let (good, bad_end) = (self.at.earliest(), bad.at.latest());
        good > bad_end && good - bad_end >= clocks.between(Some(self.stream), bad.stream)
    }
}

/// How far clocks differ: as the plan promises, or as measured if that is more.
#[derive(Clone, Copy, Debug)]
pub struct Clocks<'a> {
    /// By how much they may differ, as the plan promises.
    pub skew: Duration,
    /// By how much they differ, by requests that appear in two log sources.
    pub measured: &'a [Skew],
}

/// The fewest shared requests from which the difference of two clocks is measured.
const SHARED_REQUESTS_MIN: u64 = 5;

/// A longer difference is not one of clocks.
const CLOCK_ERROR_MAX: Duration = Duration(12 * Duration::HOUR.0);

impl<'a> Clocks<'a> {
    /// Times that are further apart than this have an order, by whichever clocks.
    pub fn widest(self) -> Duration {
        self.largest(|_| true)
    }

    /// By how much the clock of this log source may be off.
    pub fn of(self, stream: StreamId) -> Duration {
        let is_of = |skew: &&Skew| skew.streams.0 == stream || skew.streams.1 == stream;
        self.largest(is_of)
    }

    /// The largest of these measured differences, or what is promised if that is more.
    fn largest(self, is_meant: impl Fn(&&Skew) -> bool) -> Duration {
        let measured = self.trusted().filter(is_meant).map(|skew| skew.offset);
        measured.max().unwrap_or_default().max(self.skew)
    }

    /// The measured differences that are those of clocks.
    pub fn trusted(self) -> impl Iterator<Item = &'a Skew> {
        self.measured
            .iter()
            .filter(|skew| skew.requests >= SHARED_REQUESTS_MIN && skew.offset <= CLOCK_ERROR_MAX)
    }

    /// Times of these two log sources that are closer than this have no order. Times of one log source always have one.
    pub fn between(self, first: Option<StreamId>, second: StreamId) -> Duration {
        let Some(first) = first else { return self.skew };
        if first == second {
            return Duration(0);
        }
        let pair = (first.min(second), first.max(second));
        self.largest(|skew| skew.streams == pair)
    }
}

/// The last row of each log source. What surely came after all of these came after all of the rows.
pub fn ends(rows: &[&Activity]) -> Vec<ClockTime> {
    let mut ends: BTreeMap<StreamId, ClockTime> = BTreeMap::new();
    for time in rows.iter().map(|row| ClockTime::last_of(row)) {
        let end = ends.entry(time.stream).or_insert(time);
        if time.at.latest() > end.at.latest() {
            *end = time;
        }
    }
    ends.into_values().collect()
}

/// Which versions these attempts used in the window. If none of those shows a version, the last attempt that does
/// decides.
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

/// The version that a row of that state used.
pub fn truth_of(state: State) -> Truth {
    match state {
        State::Old => Truth::Old,
        State::New => Truth::New,
        State::Unknown => Truth::Unknown,
    }
}
