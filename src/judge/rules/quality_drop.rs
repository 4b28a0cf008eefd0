/*! `quality-drop`: it works, but takes much longer or shorter, or gives much less, than before. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::quality::{self, Shift};
use crate::model::facts::{Measure, Period};
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::wording::number;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("quality-drop"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let pairs = case.classes.iter().flat_map(|class| Measure::ALL.map(|measure| (class, measure)));
    let findings = pairs.filter_map(|(class, measure)| {
        let shift = quality::shift(class, case.facts, measure, case.level(class))?;
        let severity = severity(rule, case, class, (measure, &shift))?;
        let (before, after) = shift.counts;
        let numbers = Numbers { n: after, of: before + after, p: Some(shift.p) };
        let finding = rule.finding(Some(class.id), claim(class, measure, &shift)?);
        Some(Finding { total: after, numbers: Some(numbers), severity, ..finding })
    });
    findings.collect()
}

/// Slower or smaller is worse, and larger is not. Faster may be an empty answer, unless sizes say that it is not.
fn severity(
    rule: &Rule,
    case: &Case,
    class: &ClassCase,
    (measure, shift): (Measure, &Shift),
) -> Option<Severity> {
    let has_grown = shift.medians.1 > shift.medians.0;
    match (measure, has_grown) {
        (Measure::Duration, true) | (Measure::Size, false) => Some(rule.severity),
        (Measure::Size, true) => None,
        (Measure::Duration, false) => {
            let kept = quality::keeps_size(class, case.facts);
            Some(if kept { Severity::Advises } else { rule.severity })
        }
    }
}

/// An amount as people read it.
#[expect(clippy::cast_precision_loss, reason = "amounts have three digits")]
fn amount(measure: Measure, value: u64) -> String {
    let value = value as f64 / 1e5;
    match measure {
        Measure::Duration => format!("{value} ms"),
        Measure::Size => format!("{value}"),
    }
}

fn claim(class: &ClassCase, measure: Measure, shift: &Shift) -> Option<Claim> {
    let (now, then) = match measure {
        Measure::Duration => ("took", "took"),
        Measure::Size => ("had a size of", "had"),
    };
    let name = class.name();
    let is_of_window = shift.after.iter().all(|amount| amount.period != Period::Since);
    let when = if is_of_window { "in the window" } else { "since the change" };
    let first =
        shift.after.iter().map(|amount| amount.first).min_by_key(|at| (at.earliest(), at.row))?;
    Some(Claim {
        summary: format!(
            "{when}, successes of `{name}` {now} {} at the median, and {then} {} before the change ({} and {} of them, \
             without the fallback); chance does not explain that",
            amount(measure, shift.medians.1),
            amount(measure, shift.medians.0),
            number(shift.counts.1),
            number(shift.counts.0),
        ),
        remedy: format!(
            "find out what else changed for `{name}` with the new version (account, quota, region, model), and fix it or \
             show that the work is as good as before"
        ),
        cites: Cites::rows(
            first,
            shift.after.iter().flat_map(|amount| [amount.first, amount.last]),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::case::Case;
    use crate::judge::tests::{World, h};
    use crate::model::facts::{Amount, Measure, Period};
    use crate::model::finding::Severity;
    use crate::model::{At, ClassId, When};

    /// A class with this many successes of this length in each period. The values differ a little, as real ones do.
    fn took(parts: &[(Period, u64, u64)]) -> World {
        measured(Measure::Duration, parts)
    }

    fn measured(measure: Measure, parts: &[(Period, u64, u64)]) -> World {
        let mut world = World::ready();
        let class = world.id("w");
        for &(period, events, value) in parts {
            let at = world.cite(if period == Period::Baseline { h(-9) } else { h(60) });
            let (first, last) = (at, At { when: When::exact(at.earliest()), row: at.row });
            for (value, events) in [(value, events.div_ceil(2)), (value + 1, events / 2)] {
                let value = value * 100_000;
                let amount = Amount { class, measure, period, value, events, first, last };
                world = world.facts(|facts| facts.amounts.push(amount));
            }
        }
        world
    }

    const USUAL: (Period, u64, u64) = (Period::Baseline, 100, 100);

    #[test]
    fn half_as_much_again_in_each_half_fires() {
        let halves = |first, second| {
            took(&[USUAL, (Period::FirstHalf, 20, first), (Period::SecondHalf, 20, second)])
        };
        let finding = halves(300, 300).fires(&RULE);
        assert_eq!(
            finding.summary,
            "in the window, successes of `w` took 300 ms at the median, and took 100 ms before the change (40 and 100 of them, without the fallback); chance does not explain that"
        );
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of), (40, 140));
        assert!(numbers.p.is_some_and(|p| p < 0.001));
        // Boundary: half as much again in each half, and a little less in one.
        halves(150, 150).fires(&RULE);
        halves(149, 150).silent(&RULE);
        halves(150, 149).silent(&RULE);
        // Much faster is also suspicious: an answer from a cache, or an empty page.
        halves(40, 40).fires(&RULE);
        halves(51, 40).silent(&RULE);
    }

    #[test]
    fn sizes_are_compared_as_durations_are() {
        let halves = [(Period::FirstHalf, 20, 3), (Period::SecondHalf, 20, 3)];
        let finding = measured(Measure::Size, &[USUAL, halves[0], halves[1]]).fires(&RULE);
        assert!(finding.summary.contains("had a size of 3 at the median, and had 100 before"));
    }

    #[test]
    fn more_is_not_worse_and_faster_only_advises_if_sizes_are_kept() {
        let sizes = |value| {
            measured(
                Measure::Size,
                &[USUAL, (Period::FirstHalf, 20, value), (Period::SecondHalf, 20, value)],
            )
        };
        sizes(300).silent(&RULE);
        let faster = |world: World| {
            let halves = [(Period::FirstHalf, 20, 3), (Period::SecondHalf, 20, 3)];
            let quick = took(&[USUAL, halves[0], halves[1]]).facts.amounts;
            world.facts(|facts| facts.amounts.extend(quick))
        };
        assert_eq!(faster(World::ready()).fires(&RULE).severity, Severity::Withholds);
        assert_eq!(faster(sizes(100)).fires(&RULE).severity, Severity::Advises);
        assert_eq!(faster(sizes(99)).fires(&RULE).severity, Severity::Withholds);
        assert_eq!(faster(sizes(3)).findings_of(&RULE).len(), 2);
    }

    #[test]
    fn thirty_on_each_side_are_needed() {
        let half = |events| (Period::SecondHalf, events, 300);
        took(&[USUAL, half(30)]).fires(&RULE);
        took(&[USUAL, half(29)]).silent(&RULE);
        took(&[(Period::Baseline, 29, 100), half(30)]).silent(&RULE);
        // With too few in the window, all since the change count. A period without any does not count against a shift.
        let since = took(&[USUAL, half(10), (Period::Since, 20, 300)]).fires(&RULE);
        assert!(since.summary.starts_with("since the change, successes"), "{}", since.summary);
        took(&[USUAL, half(10), (Period::Since, 20, 100)]).silent(&RULE);
        took(&[USUAL, half(30), (Period::Since, 500, 100)]).fires(&RULE);
    }

    #[test]
    fn the_test_shares_alpha_with_all_other_tests() {
        let half = (Period::SecondHalf, 30, 300);
        let level = |world: &World| {
            let facts = world.finished();
            Case::new(&world.plan, &facts).levels[0]
        };
        assert!((level(&took(&[USUAL, half])) - 0.01).abs() < 1e-12);
        // Durations and sizes are two tests.
        let sized = |world: World| {
            let sizes = measured(Measure::Size, &[USUAL, half]).facts.amounts;
            world.facts(|facts| facts.amounts.extend(sizes))
        };
        let both = sized(took(&[USUAL, half]));
        assert!((level(&both) - 0.005).abs() < 1e-12);
        // What is known of another class softens no test of this one.
        let other = sized(took(&[USUAL, half]).class("x")).facts(|facts| {
            for amount in facts.amounts.iter_mut().filter(|a| a.measure == Measure::Size) {
                amount.class = ClassId(1);
            }
        });
        assert!((level(&other) - 0.01).abs() < 1e-12);
        let strict = took(&[USUAL, half]).consumer("w", |c| c.limits.alpha = 1e-30);
        strict.silent(&RULE);
    }

    #[test]
    fn every_class_is_judged_unless_disabled() {
        let world = || took(&[USUAL, (Period::SecondHalf, 30, 300)]);
        world().indirect("w").fires(&RULE);
        world().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
