/*! `quality-drop`: slower or faster, more or less than before. */

use holdover::judge::case::Case;
use holdover::model::facts::{Amount, Measure, Part};
use holdover::model::{At, Use, When};

use super::build::{World, h, row};

const RULE: &str = "quality-drop";

/// A class of which so many successes of each part took so long; values differ a little, as they do.
fn took(parts: &[(Part, u64, u64)]) -> World {
    measured(Measure::Duration, parts)
}

fn measured(measure: Measure, parts: &[(Part, u64, u64)]) -> World {
    let mut world = World::ready();
    let class = world.id("w");
    for &(part, events, value) in parts {
        let at = world.cite(if part == Part::Baseline { h(-9) } else { h(60) });
        let (first, last) = (at, At { when: When::exact(at.earliest()), row: at.row });
        for (value, events) in [(value, events.div_ceil(2)), (value + 1, events / 2)] {
            let value = value * 100_000;
            let one = Amount { class, measure, part, value, events, first, last };
            world = world.facts(|facts| facts.amounts.push(one));
        }
    }
    world
}

const USUAL: (Part, u64, u64) = (Part::Baseline, 100, 100);

#[test]
fn half_as_much_again_in_each_half_fires() {
    let halves = |first, second| {
        took(&[USUAL, (Part::FirstHalf, 20, first), (Part::SecondHalf, 20, second)])
    };
    let finding = halves(300, 300).fires(RULE);
    assert_eq!(
        finding.summary,
        "an undegraded success of `w` takes 300 ms since the change and took 100 ms before (medians of 40 and 100 \
         successes), which is no chance"
    );
    let numbers = finding.numbers.expect("a test was made");
    assert_eq!((numbers.n, numbers.of), (40, 140));
    assert!(numbers.p.is_some_and(|p| p < 0.001));
    halves(150, 150).fires(RULE);
    halves(149, 150).silent(RULE);
    halves(150, 149).silent(RULE);
    // Faster is as suspicious: an answer from a cache, an empty page.
    halves(40, 40).fires(RULE);
    halves(51, 40).silent(RULE);
}

#[test]
fn sizes_are_compared_as_durations_are() {
    let halves = [(Part::FirstHalf, 20, 3), (Part::SecondHalf, 20, 3)];
    let finding = measured(Measure::Size, &[USUAL, halves[0], halves[1]]).fires(RULE);
    assert!(finding.summary.contains("gives a size of 3 since the change and gave 100 before"));
}

#[test]
fn thirty_on_each_side_are_needed() {
    let half = |events| (Part::SecondHalf, events, 300);
    took(&[USUAL, half(30)]).fires(RULE);
    took(&[USUAL, half(29)]).silent(RULE);
    took(&[(Part::Baseline, 29, 100), half(30)]).silent(RULE);
    // Too few in the window reach back to the change; a part without any speaks neither way.
    took(&[USUAL, half(10), (Part::Since, 20, 300)]).fires(RULE);
    took(&[USUAL, half(10), (Part::Since, 20, 100)]).silent(RULE);
    took(&[USUAL, half(30), (Part::Since, 500, 100)]).fires(RULE);
}

#[test]
fn the_test_shares_alpha_with_all_others() {
    let half = (Part::SecondHalf, 30, 300);
    let tests = |world: &World| {
        let facts = world.finished();
        Case::new(&world.plan, &facts).tests
    };
    let without = tests(&World::ready());
    assert_eq!(tests(&took(&[USUAL, half])), without + 1);
    assert_eq!(tests(&took(&[USUAL])), without);
    let degraded = took(&[USUAL, half]).put(row("w").degraded().at(h(70)));
    assert_eq!(tests(&degraded), without + 1);
    let strict = took(&[USUAL, half]).consumer("w", |c| c.limits.alpha = 1e-30);
    strict.silent(RULE);
}

#[test]
fn whoever_works_is_asked_unless_disabled() {
    let world = || took(&[USUAL, (Part::SecondHalf, 30, 300)]);
    world().consumer("w", |c| c.usage = Use::Indirect).fires(RULE);
    world().consumer("w", |c| c.disabled = true).silent(RULE);
}
