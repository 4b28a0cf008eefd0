/*! Compares the share of bad attempts before and after the change: is it larger than chance explains? */

use std::collections::BTreeSet;

use statrs::function::gamma::ln_gamma;

use super::activity::{self, keep};
use super::class::ClassCase;
use crate::model::facts::Activity;
use crate::model::ledger::Share;
use crate::model::{ClassBasis, MarkerShown, Outcome, State, Timestamp};
use crate::plan::JudgementLimits;

/// A kind of bad attempt whose share is compared before and after the change.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// Is it about versions, which an indirect class does not show?
    pub is_versioned: bool,
    /// Which attempts before the change are compared.
    pub is_before: fn(&Activity) -> bool,
    /// Which attempts after the change are compared.
    pub is_compared: fn(&Activity) -> bool,
    /// Which of both are bad.
    pub is_bad: fn(&Activity) -> bool,
}

/// Work that went through a fallback.
pub const DEGRADED: Comparison = Comparison {
    is_versioned: false,
    is_before: counts_either_way,
    is_compared: is_not_old,
    is_bad: |row| row.degraded,
};

/// The credential was refused.
pub const REFUSED: Comparison =
    Comparison { is_bad: |row| row.outcome == Outcome::AuthFailure, ..DEGRADED };

/// Accepted with the new version, but not allowed.
pub const DENIED: Comparison =
    Comparison { is_versioned: true, is_compared: activity::is_new_use, ..DENIED_OF_ALL };

/// Not allowed, whatever version it used: an indirect class shows none.
pub const DENIED_OF_ALL: Comparison =
    Comparison { is_bad: |row| row.outcome == Outcome::Denied, ..DEGRADED };

/// It failed, and the log does not say that the credential was the cause. A marker that nobody knew before may be a
/// mistyped new one.
pub const FAILED: Comparison = Comparison {
    is_compared: |row| {
        let is_mistyped = row.shown == MarkerShown::Novel && row.outcome == Outcome::Failure;
        is_not_old(row) || (row.state != State::Old && is_mistyped)
    },
    is_bad: |row| row.outcome == Outcome::Failure,
    ..DEGRADED
};

/// It worked, and its record shows no version.
pub const UNVERSIONED: Comparison = Comparison {
    is_versioned: true,
    is_before: may_show_version,
    is_compared: may_show_version,
    is_bad: |row| !row.binding.proves(),
};

/// The comparisons of shares that are made for each class, apart from that of denied attempts.
const COMPARISONS: &[Comparison] = &[DEGRADED, REFUSED, FAILED, UNVERSIONED];

/// The comparison of denied attempts that fits the class.
pub fn denied(class: &ClassCase) -> Comparison {
    if class.is_judged() { DENIED } else { DENIED_OF_ALL }
}

fn is_not_old(row: &Activity) -> bool {
    row.state != State::Old && counts_either_way(row)
}

/// A success without a fallback that should show its version. One with another credential that the class used before
/// need not. An attempt with a credential that it did not use before counts, whatever its outcome.
pub fn may_show_version(row: &Activity) -> bool {
    match row.shown {
        MarkerShown::Foreign => false,
        MarkerShown::Novel => row.kind.is_try(),
        MarkerShown::Plan | MarkerShown::None => {
            let is_bare = !row.binding.proves();
            activity::is_success(row)
                && !row.degraded
                && (is_bare || row.basis == ClassBasis::Matched)
        }
    }
}

/// May the attempt count as a good one? An attempt with another credential would dilute the share. If the fallback uses
/// that credential, it is a bad attempt.
pub fn counts_either_way(row: &Activity) -> bool {
    match row.shown {
        MarkerShown::Foreign | MarkerShown::Novel => row.degraded,
        MarkerShown::Plan | MarkerShown::None => true,
    }
}

/// The attempts of a class before and after the change.
#[derive(Debug)]
pub struct Shares<'a> {
    /// Bad attempts of all in the baseline.
    pub before: Share,
    /// Bad attempts of all after the change.
    pub after: Share,
    /// The bad attempts after the change.
    pub bad: Vec<&'a Activity>,
    /// In how many hours after the change there are attempts.
    pub hours: u64,
    /// In how many hours after the change there are bad attempts.
    pub bad_hours: u64,
}

/// A share that is larger than chance explains.
#[derive(Debug)]
pub struct Excess<'a> {
    /// What was compared.
    pub shares: Shares<'a>,
    /// The p value of the test. A baseline that is too small for a test has none.
    pub p: Option<f64>,
}

/// The least p values that the comparisons of the class could have, one for each that is tested.
pub fn least_p(class: &ClassCase) -> Vec<f64> {
    let compared = COMPARISONS.iter().copied().chain([denied(class)]);
    let compared = compared.filter(|compared| is_asked(class, compared));
    let shares = compared.map(|compared| shares(class, &compared));
    let tested = shares.filter(|shares| {
        shares.before.of >= class.consumer.limits.min_tries.max(1) && shares.after.of > 0
    });
    tested.map(|shares| least_fisher(shares.before, shares.after)).collect()
}

/// Is the bad share of the class larger than chance explains, at that level of a test?
pub fn excess<'a>(class: &ClassCase<'a>, compared: &Comparison, level: f64) -> Option<Excess<'a>> {
    if !is_asked(class, compared) {
        return None;
    }
    let shares = shares(class, compared);
    let p = larger(shares.before, shares.after, &class.consumer.limits, level)?;
    // A thin baseline is not tested, and asks for no more than three bad attempts.
    let is_spread = p.is_none() || shares.bad_hours >= shares.hours.min(3);
    is_spread.then_some(Excess { shares, p })
}

/// Is the later share larger than the earlier one by more than chance explains? The p value of the test, or none if the
/// baseline is too small for one.
pub fn larger(
    before: Share,
    after: Share,
    limits: &JudgementLimits,
    level: f64,
) -> Option<Option<f64>> {
    let is_thin = before.of < limits.min_tries;
    let usual = if is_thin { 0.0 } else { share(before.n, before.of) };
    let points = if is_thin || usual > 0.0 { limits.share_points } else { 1.0 };
    let is_larger = 100.0 * (share(after.n, after.of) - usual) >= points - 1e-9;
    if after.n < 3 || !is_larger {
        return None;
    }
    if is_thin {
        return Some(None);
    }
    let p = fisher(before, after);
    (p <= level).then_some(Some(p))
}

/// The shares of a class before the change and in the window. If the window holds too few attempts, the later side
/// starts at the first new success.
pub fn shares<'a>(class: &ClassCase<'a>, compared: &Comparison) -> Shares<'a> {
    let is_bad = compared.is_bad;
    let tries =
        keep(&class.baseline, |row| row.basis == ClassBasis::Matched && (compared.is_before)(row));
    let before = Share { n: activity::count(&keep(&tries, is_bad)), of: activity::count(&tries) };
    let from = class.times.window.from.max(class.times.introduced);
    let within = since(class, compared, before, from);
    let reach = class.first_new_success.map_or(from, |at| at.earliest().min(from));
    if within.after.of >= class.consumer.limits.min_tries || reach == from {
        return within;
    }
    since(class, compared, before, reach)
}

/// The later side, from an instant on. Of a group of rows that began before it, all bad attempts count and one good
/// one.
fn since<'a>(
    class: &ClassCase<'a>,
    compared: &Comparison,
    before: Share,
    from: Timestamp,
) -> Shares<'a> {
    let is_bad = compared.is_bad;
    let rows = keep(&class.tries, |row| {
        (compared.is_compared)(row)
            && row.last.earliest() >= from
            && (row.basis == ClassBasis::Matched || is_bad(row))
    });
    let (bad, good): (Vec<&Activity>, Vec<&Activity>) = rows.iter().partition(|row| is_bad(row));
    let good_count: u64 =
        good.iter().map(|row| if row.first.earliest() >= from { row.count } else { 1 }).sum();
    let bad_count = activity::count(&bad);
    Shares {
        before,
        after: Share { n: bad_count, of: bad_count + good_count },
        hours: hours(&rows),
        bad_hours: hours(&bad),
        bad,
    }
}

/// A part of a whole. A part of nothing is 0.
#[expect(clippy::cast_precision_loss, reason = "shares are compared to a few digits")]
pub fn share(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}

fn is_asked(class: &ClassCase, compared: &Comparison) -> bool {
    !class.consumer.disabled && (class.is_judged() || !compared.is_versioned)
}

fn hours(rows: &[&Activity]) -> u64 {
    let hours: BTreeSet<Timestamp> = rows.iter().map(|row| row.first.earliest().hour()).collect();
    hours.len() as u64
}

/// The p value of Fisher's test if all bad attempts, or as many as there is room for, had come after the change.
fn least_fisher(before: Share, after: Share) -> f64 {
    let bad = before.n + after.n;
    let most = bad.min(after.of);
    fisher(Share { n: bad - most, ..before }, Share { n: most, ..after })
}

/// Fisher's test, one-sided: how likely chance alone puts at least `after.n` of all bad attempts after the change.
pub fn fisher(before: Share, after: Share) -> f64 {
    let (total, bad) = (before.of + after.of, before.n + after.n);
    let most = bad.min(after.of);
    let ways = ln_choose(total, after.of);
    let (mut sum, mut largest) = (0.0_f64, 0.0_f64);
    for n in after.n..=most {
        if bad - n > total - after.of {
            continue;
        }
        let term = (ln_choose(bad, n) + ln_choose(total - bad, after.of - n) - ways).exp();
        sum += term;
        largest = largest.max(term);
        if term < largest * 1e-17 {
            break;
        }
    }
    sum.min(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ln_choose(of: u64, n: u64) -> f64 {
    let (of, n) = (of as f64, n as f64);
    ln_gamma(of + 1.0) - ln_gamma(n + 1.0) - ln_gamma(of - n + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::case::Case;
    use crate::judge::tests::{World, h, row};

    fn check(before: (u64, u64), after: (u64, u64), expected: f64) {
        let share = |(n, of)| Share { n, of };
        let p = fisher(share(before), share(after));
        assert!((p - expected).abs() < 1e-9 * expected.max(1e-3), "{p} is not {expected}");
    }

    #[test]
    fn the_tail_is_that_of_the_hypergeometric_distribution() {
        check((0, 3), (3, 3), 1.0 / 20.0); // one way of C(6, 3)
        check((1, 4), (3, 4), 17.0 / 70.0); // the lady tasting tea
        check((0, 40), (0, 40), 1.0);
        check((0, 40), (3, 40), 9880.0 / 82160.0); // C(40, 3) of C(80, 3)
    }

    #[test]
    fn large_counts_stay_finite() {
        let before = Share { n: 1_000, of: 1_000_000_000 };
        let after = Share { n: 60_000_000, of: 1_000_000_000 };
        let p = fisher(before, after);
        assert!((0.0..1e-300).contains(&p));
    }

    /// A class with this many good attempts before the change.
    fn before(good: u64) -> World {
        World::new().class("w").put(row("w").old().aggregated().count(good).at(h(-9)))
    }

    /// Adds this many good attempts, spread over five hours of the window, and a bad one in each of the given hours.
    fn after(world: World, good: u64, bad: &[i64]) -> World {
        let good = (0..5)
            .fold(world, |world, n| world.put(row("w").aggregated().count(good / 5).at(h(60 + n))));
        bad.iter().fold(good, |world, hour| world.put(row("w").degraded().denied().at(h(*hour))))
    }

    #[derive(Debug, PartialEq)]
    enum Tested {
        Nothing,
        WithoutP,
        P(f64),
    }

    fn p(world: &World, what: &Comparison) -> Tested {
        let facts = world.finished();
        let case = Case::new(&world.plan, &facts);
        match excess(&case.classes[0], what, case.levels[0]).map(|excess| excess.p) {
            None => Tested::Nothing,
            Some(None) => Tested::WithoutP,
            Some(Some(p)) => Tested::P(p),
        }
    }

    #[test]
    fn a_small_baseline_counts_as_one_without_failures() {
        let world = |good, bad: &[i64]| p(&after(before(29), good, bad), &DEGRADED);
        assert_eq!(world(55, &[60, 60, 60]), Tested::WithoutP); // 3 of 58
        assert_eq!(world(60, &[60, 60, 60]), Tested::Nothing); // 3 of 63
        assert_eq!(world(30, &[60, 60]), Tested::Nothing);
    }

    #[test]
    fn tests_share_alpha() {
        // Five of 40 against none of 100: C(40, 5) of C(140, 5).
        let five = after(before(100), 35, &[60, 61, 62, 60, 60]);
        let exact = 658_008.0 / 416_965_528.0;
        let tested = p(&five, &DEGRADED);
        assert!(matches!(tested, Tested::P(p) if (p - exact).abs() < 1e-9), "{tested:?}");
        assert!(matches!(p(&five, &DENIED), Tested::P(_)));
        // Four of 39 give 0.0055, which is under 0.01. But two tests share 0.01: degraded and denied. Those of which
        // the class shows no bad attempt can reach no level.
        let four = |alpha: f64| {
            let world = after(before(100), 35, &[60, 61, 62, 60]);
            p(&world.consumer("w", |c| c.limits.alpha = alpha), &DEGRADED)
        };
        assert_eq!(four(0.01), Tested::Nothing);
        assert!(matches!(four(0.012), Tested::P(_)));
    }

    #[test]
    fn one_bad_hour_is_not_enough() {
        assert_eq!(p(&after(before(100), 35, &[60, 60, 60, 60, 61]), &DEGRADED), Tested::Nothing);
        let all_in_one =
            (0..9).fold(before(100), |world, _| world.put(row("w").degraded().at(h(60))));
        assert!(matches!(p(&all_in_one, &DEGRADED), Tested::P(_)));
    }

    #[test]
    fn with_few_attempts_in_the_window_the_later_side_starts_at_the_first_new_success() {
        let world = |first: Timestamp| {
            let world = before(10).put(row("w").at(first)).put(row("w").at(h(60)));
            [20, 21, 22]
                .iter()
                .fold(world, |world, hour| world.put(row("w").degraded().at(h(*hour))))
        };
        assert_eq!(p(&world(h(10)), &DEGRADED), Tested::WithoutP);
        assert_eq!(p(&world(h(30)), &DEGRADED), Tested::WithoutP); // a degraded success is a success
        let denied = |hour| row("w").denied().at(h(hour));
        let late =
            before(10).put(row("w").at(h(30))).put(denied(20)).put(denied(21)).put(denied(22));
        assert_eq!(p(&late, &DENIED), Tested::Nothing);
        let early =
            before(10).put(row("w").at(h(20))).put(denied(20)).put(denied(21)).put(denied(22));
        assert_eq!(p(&early, &DENIED), Tested::WithoutP);
    }

    #[test]
    fn old_attempts_and_those_before_the_change_are_not_on_the_later_side() {
        let world = after(before(100), 0, &[60, 61, 62, 63, 64]).judged_at(h(65));
        let facts = world.finished();
        let case = Case::new(&world.plan, &facts);
        let sides = super::shares(&case.classes[0], &DEGRADED);
        assert_eq!((sides.after.n, sides.after.of, sides.before.of), (5, 5, 100));
        // Of the comparisons, those of degraded and of denied attempts can reach the level.
        assert!((case.levels[0] - 0.005).abs() < 1e-12);
    }

    #[test]
    fn an_indirect_class_shows_no_version_to_compare() {
        let five = after(before(100), 35, &[60, 61, 62, 60, 60]);
        let indirect = five.indirect("w");
        assert!(matches!(p(&indirect, &DEGRADED), Tested::P(_)));
        assert_eq!(p(&indirect, &DENIED), Tested::Nothing);
        assert_eq!(p(&indirect.consumer("w", |c| c.disabled = true), &DEGRADED), Tested::Nothing);
    }
}
