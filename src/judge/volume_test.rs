/*! Volume: does a class make fewer attempts in the window than in any stretch of that length before the change? */

use statrs::function::gamma::gamma_ur;

use super::activity::keep;
use super::class::ClassCase;
use super::spans;
use crate::model::facts::{Activity, Facts, Tick};
use crate::model::{ClassBasis, Duration, MarkerShown, Span, Timestamp};

/// If fewer attempts are expected than this, their absence shows nothing.
const EXPECTED_MIN: f64 = 10.0;

/// Fewer attempts in the window than chance explains.
#[derive(Debug)]
pub struct Collapse<'a> {
    /// The attempts in the window.
    pub tries: Vec<&'a Activity>,
    /// How many attempts the rows of `tries` count.
    pub count: u64,
    /// How many attempts were to be expected.
    pub expected: f64,
    /// From what that was learned.
    pub learned_from: LearnedFrom,
    /// How likely it is to see at most `count` if `expected` are expected.
    pub p: f64,
    /// Does the window hold a weekend, and no logged time of the baseline?
    pub has_new_weekend: bool,
}

/// From what the expected number of attempts was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnedFrom {
    /// The logged stretch before the change that is as long as the window and had the fewest attempts.
    Stretch,
    /// The rate of the logged time before the change, since no stretch of it is as long as the window.
    Rate(Duration),
}

/// The least p value that the comparison of the class could have, if it is made.
pub fn least_p(class: &ClassCase, facts: &Facts) -> Option<f64> {
    let (expected, _) = expected(class, &before(class, facts)).filter(|_| is_asked(class))?;
    (expected >= EXPECTED_MIN).then(|| at_most(0, expected))
}

/// Does the window have under half of the attempts that any stretch of the baseline had, by more than chance?
pub fn collapse<'a>(class: &ClassCase<'a>, facts: &Facts, level: f64) -> Option<Collapse<'a>> {
    if !is_asked(class) {
        return None;
    }
    let tries = within(class);
    let count: u64 = tries.iter().map(|row| row.count).sum();
    let (expected, learned_from) = expected(class, &before(class, facts))?;
    if expected < EXPECTED_MIN || 2.0 * real(count) >= expected {
        return None;
    }
    let p = at_most(count, expected);
    let has_new_weekend = has_new_weekend(class);
    (p <= level).then_some(Collapse { tries, count, expected, learned_from, p, has_new_weekend })
}

/// How likely at most `count` events are, if their number has a Poisson distribution with that mean.
pub fn at_most(count: u64, expected: f64) -> f64 {
    gamma_ur(real(count) + 1.0, expected)
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn real(count: u64) -> f64 {
    count as f64
}

/// An indirect class does not have to be silent, so its volume is not compared.
fn is_asked(class: &ClassCase) -> bool {
    class.is_judged()
}

/// Attempts in the window that match this class alone and show no other credential. All others may hide its silence.
fn within<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    keep(&class.in_window(), |row| {
        row.basis == ClassBasis::Matched
            && matches!(row.shown, MarkerShown::Plan | MarkerShown::None)
    })
}

/// Attempts before the change that are surely of this class, in order of time.
fn before(class: &ClassCase, facts: &Facts) -> Vec<Tick> {
    let is_before =
        |tick: &&Tick| tick.class == class.id && tick.own && tick.first < class.times.introduced;
    let mut ticks: Vec<Tick> = facts.ticks.iter().filter(is_before).copied().collect();
    ticks.sort_by_key(|tick| tick.first);
    ticks
}

/// The fewest attempts in any logged stretch of the baseline that is as long as the window. If none is as long, the
/// number at the rate of the whole baseline.
#[expect(clippy::cast_precision_loss, reason = "counts and lengths are far below 2^52")]
fn expected(class: &ClassCase, ticks: &[Tick]) -> Option<(f64, LearnedFrom)> {
    let length = class.times.window.length();
    let covered = logged_baseline(class);
    let stretches = covered.iter().flat_map(|span| stretches(*span, length));
    if let Some(least) = stretches.map(|stretch| attempts_in(ticks, stretch)).min() {
        return Some((least as f64, LearnedFrom::Stretch));
    }
    let time = Duration(covered.iter().map(|span| span.length().0).sum());
    let total: u64 = covered.iter().map(|span| attempts_in(ticks, *span)).sum();
    let at_rate = || total as f64 * (length.0 as f64 / time.0 as f64);
    (time > Duration::ZERO).then(|| (at_rate(), LearnedFrom::Rate(time)))
}

/// When the class was logged before the change.
fn logged_baseline(class: &ClassCase) -> Vec<Span> {
    let end = class.times.introduced - Duration(1);
    let first = class.covered.first().filter(|span| span.from <= end);
    first.map_or_else(Vec::new, |span| {
        spans::intersect(&class.covered, &[Span { from: span.from, to: end }])
    })
}

/// Is a day of the window on a weekend (or half of a short window), and no logged time of the baseline?
fn has_new_weekend(class: &ClassCase) -> bool {
    let window = class.times.window;
    let needed = Duration::DAY.min(Duration(window.length().0 / 2));
    let before: i64 = logged_baseline(class).iter().map(|span| weekend(*span).0).sum();
    before == 0 && weekend(window) >= needed
}

/// How much of the span lies on Saturdays and Sundays, by UTC.
fn weekend(span: Span) -> Duration {
    let day = |at: Timestamp| at.0.div_euclid(Duration::DAY.0);
    let is_weekend = |day: &i64| matches!((day + 4).rem_euclid(7), 6 | 0); // 1970 began on a Thursday
    let days = (day(span.from)..=day(span.to)).filter(is_weekend);
    let parts = days.filter_map(|day| {
        let from = Timestamp(day * Duration::DAY.0);
        span.intersect(Span { from, to: from + Duration::DAY })
    });
    Duration(parts.map(|part| part.length().0).sum())
}

/// The stretches of that length in the span, in steps of an hour back from its end.
fn stretches(span: Span, length: Duration) -> impl Iterator<Item = Span> {
    let ends = std::iter::successors(Some(span.to), |to| Some(*to - Duration::HOUR));
    ends.map(move |to| Span { from: to - length, to })
        .take_while(move |stretch| stretch.from >= span.from)
}

/// How many attempts lie in the span.
fn attempts_in(ticks: &[Tick], span: Span) -> u64 {
    let from = ticks.partition_point(|tick| tick.first < span.from);
    let to = ticks.partition_point(|tick| tick.first <= span.to);
    ticks[from..to].iter().map(|tick| tick.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_are_saturdays_and_sundays() {
        let day = |n: i64| Timestamp(n * Duration::DAY.0);
        let within =
            |from: i64, to: i64| weekend(Span { from: day(from), to: day(to) }).0 / Duration::DAY.0;
        // 1970-01-03 was a Saturday.
        assert_eq!(
            [within(0, 2), within(0, 3), within(0, 4), within(4, 9), within(-7, 7)],
            [0, 1, 2, 0, 4]
        );
    }

    #[test]
    fn the_tail_is_that_of_the_sum() {
        // exp(-5) * (1 + 5 + 25/2), and exp(-12).
        for (count, expected, p) in [(2, 5.0, 0.124_652_019), (0, 12.0, 6.144_212e-6)] {
            let p_found = at_most(count, expected);
            assert!((p_found - p).abs() < 1e-9, "{count} of {expected}: {p_found}");
        }
    }
}
