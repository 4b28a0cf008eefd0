/*! More than chance: the test of shares, its thin baselines and its boundaries. */

use holdover::judge::case::Case;
use holdover::judge::share_test::{self, Comparison, DEGRADED, DENIED};
use holdover::model::{Timestamp, Use};

use crate::rules::build::{World, h, row};

/// A class with so many good tries before the change.
fn before(good: u64) -> World {
    World::new().class("w").put(row("w").old().aggregated().count(good).at(h(-9)))
}

/// So many good tries spread over five hours of the window, and bad ones in these.
fn after(world: World, good: u64, bad: &[i64]) -> World {
    let good = (0..5)
        .fold(world, |world, n| world.put(row("w").aggregated().count(good / 5).at(h(60 + n))));
    bad.iter().fold(good, |world, hour| world.put(row("w").degraded().denied().at(h(*hour))))
}

/// What the comparison finds.
#[derive(Debug, PartialEq)]
enum Found {
    Nothing,
    Untested,
    P(f64),
}

fn p(world: &World, what: &Comparison) -> Found {
    let facts = world.finished();
    let case = Case::new(&world.plan, &facts);
    match share_test::excess(&case.classes[0], what, case.comparisons).map(|excess| excess.p) {
        None => Found::Nothing,
        Some(None) => Found::Untested,
        Some(Some(p)) => Found::P(p),
    }
}

#[test]
fn a_thin_baseline_counts_as_one_without_faults() {
    let world = |good, bad: &[i64]| p(&after(before(29), good, bad), &DEGRADED);
    assert_eq!(world(55, &[60, 60, 60]), Found::Untested); // 3 of 58
    assert_eq!(world(60, &[60, 60, 60]), Found::Nothing); // 3 of 63
    assert_eq!(world(30, &[60, 60]), Found::Nothing);
}

#[test]
fn tests_share_alpha() {
    // Five of 40 against none of 100: C(40, 5) of C(140, 5).
    let five = after(before(100), 35, &[60, 61, 62, 60, 60]);
    let exact = 658_008.0 / 416_965_528.0;
    let found = p(&five, &DEGRADED);
    assert!(matches!(found, Found::P(p) if (p - exact).abs() < 1e-9), "{found:?}");
    assert!(matches!(p(&five, &DENIED), Found::P(_)));
    // Four of 39 give 0.0055: under 0.01, but four tests share it: degraded, denied, failed, and how many there are.
    let four = |alpha: f64| {
        let world = after(before(100), 35, &[60, 61, 62, 60]);
        p(&world.consumer("w", |c| c.limits.alpha = alpha), &DEGRADED)
    };
    assert_eq!(four(0.01), Found::Nothing);
    assert_eq!(four(0.02), Found::Nothing);
    assert!(matches!(four(0.03), Found::P(_)));
}

#[test]
fn one_bad_hour_is_not_enough() {
    assert_eq!(p(&after(before(100), 35, &[60, 60, 60, 60, 61]), &DEGRADED), Found::Nothing);
    let all_in_one = (0..9).fold(before(100), |world, _| world.put(row("w").degraded().at(h(60))));
    assert!(matches!(p(&all_in_one, &DEGRADED), Found::P(_)));
}

#[test]
fn few_tries_in_the_window_reach_back_to_the_first_new_success() {
    let world = |first: Timestamp| {
        let world = before(10).put(row("w").at(first)).put(row("w").at(h(60)));
        [20, 21, 22].iter().fold(world, |world, hour| world.put(row("w").degraded().at(h(*hour))))
    };
    assert_eq!(p(&world(h(10)), &DEGRADED), Found::Untested);
    assert_eq!(p(&world(h(30)), &DEGRADED), Found::Untested); // a degraded success is a success
    let denied = |hour| row("w").denied().at(h(hour));
    let late = before(10).put(row("w").at(h(30))).put(denied(20)).put(denied(21)).put(denied(22));
    assert_eq!(p(&late, &DENIED), Found::Nothing);
    let early = before(10).put(row("w").at(h(20))).put(denied(20)).put(denied(21)).put(denied(22));
    assert_eq!(p(&early, &DENIED), Found::Untested);
}

#[test]
fn old_tries_and_times_before_the_change_are_not_after() {
    let world = after(before(100), 0, &[60, 61, 62, 63, 64]).seen_at(h(65));
    let facts = world.finished();
    let case = Case::new(&world.plan, &facts);
    let sides = share_test::shares(&case.classes[0], &DEGRADED);
    assert_eq!((sides.after.n, sides.after.of, sides.before.of), (5, 5, 100));
    // Degraded, denied, failed, and how many there are: each is one comparison.
    assert_eq!(case.comparisons, 4);
}

#[test]
fn an_indirect_class_shows_no_version_to_compare() {
    let five = after(before(100), 35, &[60, 61, 62, 60, 60]);
    let indirect = five.consumer("w", |c| c.usage = Use::Indirect);
    assert!(matches!(p(&indirect, &DEGRADED), Found::P(_)));
    assert_eq!(p(&indirect, &DENIED), Found::Nothing);
    assert_eq!(p(&indirect.consumer("w", |c| c.disabled = true), &DEGRADED), Found::Nothing);
}
