/*! `activity-collapse`: much quieter than ever before. */

use holdover::model::decision::Verdict;
use holdover::model::{Timestamp, Use};

use super::build::{World, h, minutes, row};

const RULE: &str = "activity-collapse";

/// A class that used old each hour for two weeks, and new each `every` hours from the change on.
fn since(every: usize) -> World {
    let before =
        (-336..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", at_half(n)));
    (0..96).step_by(every).fold(before, |world, n| world.new_ok("w", "i1", at_half(n)))
}

fn at_half(hour: i64) -> Timestamp {
    h(hour) + minutes(30)
}

#[test]
fn under_half_of_the_quietest_stretch_fires() {
    let finding = since(4).fires(RULE);
    let numbers = finding.numbers.expect("a test was made");
    assert_eq!((numbers.n, numbers.of), (12, 48));
    assert!(numbers.p.is_some_and(|p| p < 1e-6));
    assert_eq!(
        finding.summary,
        "`w` made 12 attempts from 2026-03-04T09:00:00Z to 2026-03-06T09:00:00Z; before the change, it never made fewer than 48 in a logged stretch of that length"
    );
    assert!(finding.waivable.is_waivable());
    assert_eq!(since(4).verdict(), Verdict::Inconclusive);
    since(1).silent(RULE);
    // Half of it is not under half.
    since(2).silent(RULE);
    since(3).fires(RULE);
}

#[test]
fn tries_that_are_not_its_own_hide_no_silence() {
    let with = |row: fn() -> super::parts::Row| {
        (48..96).fold(since(4), |world, n| world.put(row().at(h(n))))
    };
    with(|| row("w")).silent(RULE);
    with(|| row("w").unversioned()).silent(RULE);
    with(|| row("w").foreign()).fires(RULE);
    with(|| row("w").ambiguous()).fires(RULE);
    // What was done before the window or after the report tells nothing of it.
    let outside = (0..40).fold(since(4), |world, n| world.put(row("w").at(h(n))));
    outside.fires(RULE);
}

#[test]
fn a_quiet_weekend_is_in_the_smallest_count() {
    let mut world = World::new().class("w");
    for n in -336..0 {
        if !(-200..-150).contains(&n) {
            world = world.old("w", "i1", at_half(n));
        }
    }
    world.new_ok("w", "i1", h(90)).silent(RULE);
}

#[test]
fn a_stretch_that_was_not_covered_is_no_quiet_one() {
    let mut world = World::new().class("w").hole("w", h(-200), h(-150));
    for n in -336..0 {
        if !(-200..-150).contains(&n) {
            world = world.old("w", "i1", at_half(n));
        }
    }
    world.new_ok("w", "i1", h(90)).fires(RULE);
}

#[test]
fn ten_must_be_expected() {
    let of = |n: i64| {
        let every = 48 * 60 / n;
        let world = (0..7 * n).fold(World::new().class("w"), |world, i| {
            world.old("w", "i1", h(0) - minutes(every * i) - minutes(1))
        });
        world.facts(|_| ())
    };
    of(10).fires(RULE);
    of(9).silent(RULE);
}

#[test]
fn a_baseline_shorter_than_the_window_tells_its_rate() {
    let short = |from: i64| {
        let world = (from..0)
            .fold(World::new().class("w").hole("w", h(-337), h(from)), |world, n| {
                world.old("w", "i1", at_half(n))
            });
        world.new_ok("w", "i1", h(90))
    };
    let finding = short(-24).fires(RULE);
    assert_eq!(finding.numbers.expect("a test").of, 48, "24 in a day");
}

#[test]
fn classes_whose_silence_is_not_judged_are_not_asked() {
    since(4).consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    since(4).consumer("w", |c| c.disabled = true).silent(RULE);
}
