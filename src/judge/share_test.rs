/*! More than chance: is the share of bad tries after the change larger than luck explains? */

use std::collections::BTreeSet;

use statrs::function::gamma::ln_gamma;

use super::activity;
use super::class::{ClassCase, keep};
use super::words::share;
use crate::model::facts::Activity;
use crate::model::ledger::Share;
use crate::model::{ClassBasis, MarkerShown, Outcome, State, Timestamp};

/// A kind of bad try whose share is compared before and after.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    /// The rule that compares it.
    pub rule: &'static str,
    /// Does it ask for a version, so that indirect classes have none of it?
    pub is_versioned: bool,
    /// Which tries after the change are looked at.
    pub is_looked_at: fn(&Activity) -> bool,
    /// Which of them, and of the baseline, are bad.
    pub is_bad: fn(&Activity) -> bool,
}

/// Work that went through a fallback.
pub const DEGRADED: Chance = Chance {
    rule: "fallback-degradation",
    is_versioned: false,
    is_looked_at: |row| row.state != State::Old && counts_either_way(row),
    is_bad: |row| row.degraded,
};

/// Accepted with the new version, but not allowed.
pub const DENIED: Chance = Chance {
    rule: "permission-loss",
    is_versioned: true,
    is_looked_at: activity::is_new_use,
    is_bad: |row| row.outcome == Outcome::Denied,
};

/// It failed, and the log does not say that the credential was the cause. A marker that nobody knew before may be the
/// new one, mistyped.
pub const FAILED: Chance = Chance {
    rule: "failure-rise",
    is_versioned: false,
    is_looked_at: |row| {
        let is_mistyped = row.shown == MarkerShown::Novel && row.outcome == Outcome::Failure;
        row.state != State::Old && (counts_either_way(row) || is_mistyped)
    },
    is_bad: |row| row.outcome == Outcome::Failure,
};

/// A try with another credential would thin the shares out, unless it is the fallback's own: then it is the bad sign.
pub fn counts_either_way(row: &Activity) -> bool {
    match row.shown {
        MarkerShown::Foreign | MarkerShown::Novel => row.degraded,
        MarkerShown::Plan | MarkerShown::None => true,
    }
}

/// All comparisons of a run; they share `alpha`.
pub const CHANCES: &[Chance] = &[DEGRADED, DENIED, FAILED];

/// The tries of a class on both sides of the change.
#[derive(Debug)]
pub struct Sides<'a> {
    /// Bad and all tries of the baseline.
    pub before: Share,
    /// Bad and all tries after the change.
    pub after: Share,
    /// The bad ones after the change.
    pub bad: Vec<&'a Activity>,
    /// Different hours with tries after the change.
    pub hours: u64,
    /// Different hours with bad tries after the change.
    pub bad_hours: u64,
}

/// A share that luck does not explain.
#[derive(Debug)]
pub struct Excess<'a> {
    /// Both sides.
    pub sides: Sides<'a>,
    /// Of the test, where the baseline was large enough for one.
    pub p: Option<f64>,
}

/// How many comparisons the run makes: one for each class and rule with a try on each side.
pub fn comparisons(classes: &[ClassCase]) -> u64 {
    let pairs = classes.iter().flat_map(|class| CHANCES.iter().map(move |chance| (class, chance)));
    let made = pairs.filter(|(class, chance)| is_asked(class, chance)).filter(|(class, chance)| {
        let sides = sides(class, chance);
        sides.before.of > 0 && sides.after.of > 0
    });
    made.count() as u64
}

/// Is the bad share of the class more than chance, in a run of so many tests?
pub fn excess<'a>(class: &ClassCase<'a>, chance: &Chance, tests: u64) -> Option<Excess<'a>> {
    if !is_asked(class, chance) {
        return None;
    }
    let sides = sides(class, chance);
    let limits = &class.consumer.limits;
    let is_thin = sides.before.of < limits.min_tries;
    let before = if is_thin { 0.0 } else { share(sides.before.n, sides.before.of) };
    let points = if is_thin || before > 0.0 { limits.share_points } else { 1.0 };
    let is_larger = 100.0 * (share(sides.after.n, sides.after.of) - before) >= points - 1e-9;
    if sides.after.n < 3 || !is_larger {
        return None;
    }
    if is_thin {
        return Some(Excess { sides, p: None });
    }
    let p = fisher(sides.before, sides.after);
    let is_spread = sides.bad_hours >= sides.hours.min(3);
    (is_spread && p <= level(limits.alpha, tests)).then_some(Excess { sides, p: Some(p) })
}

/// The tries of a class before the change, and in the window; too few there, back to the first new success.
pub fn sides<'a>(class: &ClassCase<'a>, chance: &Chance) -> Sides<'a> {
    let is_bad = chance.is_bad;
    let own =
        keep(&class.baseline, |row| row.basis == ClassBasis::Matched && counts_either_way(row));
    let before = Share { n: activity::count(&keep(&own, is_bad)), of: activity::count(&own) };
    let from = class.times.window.from.max(class.times.introduced);
    let within = after(class, chance, from);
    let reach = class.first_new_success.map_or(from, |at| at.earliest().min(from));
    if within.after.of >= class.consumer.limits.min_tries || reach == from {
        return Sides { before, ..within };
    }
    Sides { before, ..after(class, chance, reach) }
}

/// Tries since `from`. Of a group of rows that began before it, all bad ones count and one good one.
fn after<'a>(class: &ClassCase<'a>, chance: &Chance, from: Timestamp) -> Sides<'a> {
    let is_bad = chance.is_bad;
    let rows = keep(&class.tries, |row| {
        (chance.is_looked_at)(row)
            && row.last.earliest() >= from
            && (row.basis == ClassBasis::Matched || is_bad(row))
    });
    let (bad, good): (Vec<&Activity>, Vec<&Activity>) = rows.iter().partition(|row| is_bad(row));
    let good_count: u64 =
        good.iter().map(|row| if row.first.earliest() >= from { row.count } else { 1 }).sum();
    let bad_count = activity::count(&bad);
    Sides {
        before: Share::default(),
        after: Share { n: bad_count, of: bad_count + good_count },
        hours: hours(&rows),
        bad_hours: hours(&bad),
        bad,
    }
}

/// The level of one of so many tests that share `alpha`.
#[expect(clippy::cast_precision_loss, reason = "the number of tests is small")]
pub fn level(alpha: f64, tests: u64) -> f64 {
    alpha / tests.max(1) as f64
}

fn is_asked(class: &ClassCase, chance: &Chance) -> bool {
    !class.consumer.disabled && (class.is_judged() || !chance.is_versioned)
}

fn hours(rows: &[&Activity]) -> u64 {
    let hours: BTreeSet<Timestamp> = rows.iter().map(|row| row.first.earliest().hour()).collect();
    hours.len() as u64
}

/// One-sided: how likely chance alone puts at least so many of all bad tries after the change.
pub fn fisher(before: Share, after: Share) -> f64 {
    let (all, bad) = (before.of + after.of, before.n + after.n);
    let most = bad.min(after.of);
    let ways = ln_choose(all, after.of);
    let (mut sum, mut largest) = (0.0_f64, 0.0_f64);
    for n in after.n..=most {
        if bad - n > all - after.of {
            continue;
        }
        let term = (ln_choose(bad, n) + ln_choose(all - bad, after.of - n) - ways).exp();
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
}
