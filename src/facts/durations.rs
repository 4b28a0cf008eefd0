/*! How long successes without a fallback took and how much they gave, to three digits, before and after the change. */

use super::ends::Uses;
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::evidence::whole_count;
use crate::model::facts::{Amount, Measure, Period};
use crate::model::{ClassBasis, ClassId, Outcome, State};

/// More is not told apart.
const AMOUNT_MAX: f64 = 9_000_000_000_000.0;

/// Amounts below the first number are told apart by the second.
const STEPS: [(f64, f64); 15] = [
    (0.01, 0.00001),
    (0.1, 0.0001),
    (1.0, 0.001),
    (10.0, 0.01),
    (100.0, 0.1),
    (1_000.0, 1.0),
    (10_000.0, 10.0),
    (100_000.0, 100.0),
    (1_000_000.0, 1_000.0),
    (10_000_000.0, 10_000.0),
    (100_000_000.0, 100_000.0),
    (1_000_000_000.0, 1_000_000.0),
    (10_000_000_000.0, 10_000_000.0),
    (100_000_000_000.0, 100_000_000.0),
    (1_000_000_000_000.0, 1_000_000_000.0),
];

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Amount> {
    let mut groups: Groups<(ClassId, Measure, Period, u64), Uses> = Groups::default();
    for seen in asked.known() {
        let measured =
            [(Measure::Duration, seen.measured.duration_ms), (Measure::Size, seen.measured.size)];
        if measured.iter().all(|(_, amount)| amount.is_none()) || !is_success(seen) {
            continue;
        }
        let (Some(class), Some(period)) = (seen.class, period(seen, asked)) else { continue };
        for (measure, amount) in measured {
            if let Some(value) = amount.and_then(to_three_digits) {
                groups.of((class, measure, period, value)).add(seen);
            }
        }
    }
    groups.facts(|((class, measure, period, value), uses)| Amount {
        class,
        measure,
        period,
        value,
        events: uses.events,
        first: uses.first(),
        last: uses.last(),
    })
}

fn is_success(seen: Seen<'_>) -> bool {
    seen.basis == ClassBasis::Matched
        && seen.kind.is_try()
        && seen.outcome == Outcome::Success
        && !seen.degraded
        && seen.is_own()
}

/// The period that a success lies in; none if its version does not count there.
fn period(seen: Seen<'_>, asked: Beginning<'_>) -> Option<Period> {
    let (at, t0, window) = (seen.earliest(), asked.t0(), asked.window_from());
    if at < t0 {
        return (seen.state != State::New).then_some(Period::Baseline);
    }
    if at < window {
        let is_new = seen.state == State::New && seen.binding.proves();
        return is_new.then_some(Period::Since);
    }
    let both = i128::from(asked.as_of().0) + i128::from(t0.max(window).0);
    let is_first_half = 2 * i128::from(at.0) < both;
    let half = if is_first_half { Period::FirstHalf } else { Period::SecondHalf };
    (seen.state != State::Old).then_some(half)
}

/// An amount in hundred-thousandths of its unit, rounded down. What is not a number is more than any number.
fn to_three_digits(amount: f64) -> Option<u64> {
    if amount < 0.0 {
        return None;
    }
    let step = STEPS.iter().find(|(below, _)| amount < *below);
    let step = step.map_or(10_000_000_000.0, |(_, step)| *step);
    let amount = if amount <= AMOUNT_MAX { amount } else { AMOUNT_MAX };
    Some(whole_count(((amount / step).floor() * (step * 100_000.0)).floor()))
}

pub(super) fn sort(amounts: &mut [Amount]) {
    amounts.sort_by_key(|amount| (amount.class, amount.measure, amount.period, amount.value));
}
