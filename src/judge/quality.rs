/*! Quality: does work that succeeds take as long as before, and return as much? */

use std::collections::BTreeMap;

use statrs::function::erf::erfc;

use super::class::ClassCase;
use crate::model::facts::{Amount, Facts, Measure, Period};

/// The fewest successes on each side for a rank test.
const RANKED_MIN: u64 = 30;

/// How long successes of a class took, or how much they returned, before and after the change.
#[derive(Debug)]
pub struct Amounts<'a> {
    /// In the baseline.
    pub before: Vec<&'a Amount>,
    /// After the change, in two halves of the time.
    pub halves: [Vec<&'a Amount>; 2],
}

/// A shift that chance does not explain.
#[derive(Clone, Debug)]
pub struct Shift<'a> {
    /// The median before the change, and the median after it.
    pub medians: (u64, u64),
    /// How many successes there are before and after.
    pub counts: (u64, u64),
    /// The amounts after the change.
    pub after: Vec<&'a Amount>,
    /// The two-sided p value of the rank test.
    pub p: f64,
}

/// The least p values that the comparisons of the class could have, one for each measure that is compared. With this
/// many successes on each side they are close to 0.
pub fn least_p(class: &ClassCase, facts: &Facts) -> Vec<f64> {
    let is_compared = |measure: &&Measure| {
        let sides = amounts(class, facts, **measure);
        is_asked(class) && count(&sides.before) >= RANKED_MIN && count(&sides.after()) >= RANKED_MIN
    };
    Measure::ALL.iter().filter(is_compared).map(|_| 0.0).collect()
}

/// Did the median shift by half or more, in each half of the time since the change, and by more than chance?
pub fn shift<'a>(
    class: &ClassCase,
    facts: &'a Facts,
    measure: Measure,
    level: f64,
) -> Option<Shift<'a>> {
    let sides = amounts(class, facts, measure);
    let after = sides.after();
    let counts = (count(&sides.before), count(&after));
    if !is_asked(class) || counts.0 < RANKED_MIN || counts.1 < RANKED_MIN {
        return None;
    }
    let before = median(&sides.before)?;
    // A half in which nothing was measured does not count against a shift.
    let is_shifted = |half: &Vec<&Amount>| median(half).is_none_or(|now| is_far(before, now));
    let p = rank_test(&sides.before, &after);
    let medians = (before, median(&after)?);
    (sides.halves.iter().all(is_shifted) && p <= level).then_some(Shift {
        medians,
        counts,
        after,
        p,
    })
}

/// Are sizes logged on both sides, and is the median after the change no smaller?
pub fn keeps_size(class: &ClassCase, facts: &Facts) -> bool {
    let sizes = amounts(class, facts, Measure::Size);
    let after = sizes.after();
    let is_enough = count(&sizes.before) >= RANKED_MIN && count(&after) >= RANKED_MIN;
    let medians = median(&sizes.before).zip(median(&after));
    is_enough && medians.is_some_and(|(before, now)| now >= before)
}

impl<'a> Amounts<'a> {
    fn after(&self) -> Vec<&'a Amount> {
        self.halves.iter().flatten().copied().collect()
    }
}

fn is_asked(class: &ClassCase) -> bool {
    !class.consumer.disabled
}

/// The amounts in the window. If these are too few, all since the change, with the window as the later half.
fn amounts<'a>(class: &ClassCase, facts: &'a Facts, measure: Measure) -> Amounts<'a> {
    let measured = |period: Period| {
        let wanted = move |amount: &&Amount| amount.measure == measure && amount.period == period;
        facts.amounts.iter().filter(|amount| amount.class == class.id).filter(wanted)
    };
    let before = measured(Period::Baseline).collect();
    let halves = [measured(Period::FirstHalf).collect(), measured(Period::SecondHalf).collect()];
    let within: Vec<&Amount> = halves.iter().flatten().copied().collect();
    if count(&within) >= RANKED_MIN {
        return Amounts { before, halves };
    }
    Amounts { before, halves: [measured(Period::Since).collect(), within] }
}

fn count(amounts: &[&Amount]) -> u64 {
    amounts.iter().map(|amount| amount.events).sum()
}

/// The value that half of the events do not exceed.
fn median(amounts: &[&Amount]) -> Option<u64> {
    let mut sorted = amounts.to_vec();
    sorted.sort_by_key(|amount| amount.value);
    let half = count(amounts).div_ceil(2);
    let mut seen = 0;
    let middle = sorted.into_iter().find(|amount| {
        seen += amount.events;
        seen >= half
    });
    middle.map(|amount| amount.value)
}

/// Is the difference at least half of the value before?
fn is_far(before: u64, now: u64) -> bool {
    before != now && u128::from(before.abs_diff(now)) * 2 >= u128::from(before)
}

/// Mann and Whitney's test in its normal form, two-sided, corrected for ties and for continuity.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rank_test(before: &[&Amount], after: &[&Amount]) -> f64 {
    let mut tied: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    for amount in before {
        tied.entry(amount.value).or_default().0 += amount.events;
    }
    for amount in after {
        tied.entry(amount.value).or_default().1 += amount.events;
    }
    let (n, m) = (count(before) as f64, count(after) as f64);
    let total = n + m;
    let (mut below, mut ranks, mut cubes) = (0.0, 0.0, 0.0);
    for (first, second) in tied.into_values() {
        let same = (first + second) as f64;
        ranks += second as f64 * (below + f64::midpoint(same, 1.0));
        cubes += same * same * same - same;
        below += same;
    }
    let apart = (ranks - m * (m + 1.0) / 2.0 - n * m / 2.0).abs() - 0.5;
    let variance = n * m / 12.0 * (total + 1.0 - cubes / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    erfc(apart.max(0.0) / (2.0 * variance).sqrt()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{At, ClassId, Timestamp, When};

    fn events(values: &[(u64, u64)]) -> Vec<Amount> {
        let at = At { when: When::exact(Timestamp(0)), row: 0 };
        let (measure, period) = (Measure::Duration, Period::Baseline);
        let amount = |&(value, events)| Amount {
            class: ClassId(0),
            measure,
            period,
            value,
            events,
            first: at,
            last: at,
        };
        values.iter().map(amount).collect()
    }

    fn p(before: &[(u64, u64)], after: &[(u64, u64)]) -> f64 {
        let (before, after) = (events(before), events(after));
        let (before, after): (Vec<&Amount>, Vec<&Amount>) =
            (before.iter().collect(), after.iter().collect());
        rank_test(&before, &after)
    }

    #[test]
    fn the_rank_test_is_the_one_of_the_textbooks() {
        // 1, 2, 3 against 4, 5, 6: U = 0, z = 4 / sqrt(5.25).
        let apart = p(&[(1, 1), (2, 1), (3, 1)], &[(4, 1), (5, 1), (6, 1)]);
        assert!((apart - 0.080_855_6).abs() < 1e-6, "{apart}");
        // Ties: 1, 1, 2 against 2, 2, 3: ranks of the second 4, 4, 6; variance 0.75 * (7 - 30/30).
        let tied = p(&[(1, 2), (2, 1)], &[(2, 2), (3, 1)]);
        assert!((tied - erfc(3.0 / 9.0_f64.sqrt())).abs() < 1e-12, "{tied}");
        assert!((p(&[(5, 40)], &[(5, 40)]) - 1.0).abs() < 1e-12);
        assert!(p(&[(1, 1_000_000)], &[(2, 1_000_000)]) < 1e-300);
    }

    #[test]
    fn a_median_counts_events_and_half_of_it_is_far() {
        let values = events(&[(3, 1), (1, 2), (2, 1)]);
        assert_eq!(median(&values.iter().collect::<Vec<_>>()), Some(1));
        assert_eq!(median(&[]), None);
        let far = [is_far(100, 150), is_far(100, 50), is_far(0, 1)];
        let near = [is_far(100, 149), is_far(100, 51), is_far(0, 0), is_far(100, 100)];
        assert_eq!((far, near), ([true; 3], [false; 4]));
    }
}
