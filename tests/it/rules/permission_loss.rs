/*! `permission-loss`: accepted, but scoped differently. */

use holdover::model::{Duration, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "permission-loss";

/// Two weeks of old use, then nothing.
fn moved() -> World {
    (-56..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n * 6)))
}

#[test]
fn one_denied_try_is_enough_where_there_is_no_other() {
    let finding = moved().put(row("w").denied().at(h(90))).fires(RULE);
    assert_eq!(cited(&finding), [h(90)]);
    assert_eq!(
        finding.summary,
        "1 of 1 attempt of `w` with `v2` (100.0 %) was not permitted, at 2026-03-06T03:00:00Z; before the change, 0 of 56 (0.0 %)"
    );
    assert!(finding.waivable.is_waivable());
    moved().silent(RULE);
}

#[test]
fn since_the_change_both_ends_in() {
    let at = |at| moved().put(row("w").denied().at(at));
    at(h(0)).fires(RULE);
    at(h(0) - Duration(1)).silent(RULE);
    at(h(96)).fires(RULE);
    at(h(96) + Duration(1)).silent(RULE);
}

#[test]
fn only_tries_with_the_new_version_are_asked() {
    let denied = || moved().put(row("w").denied().at(h(90)));
    denied().put(row("w").at(h(2))).silent(RULE);
    denied().put(row("w").refused().at(h(2))).silent(RULE);
    denied().put(row("w").unversioned().at(h(2))).fires(RULE);
    denied().put(row("w").inferred().at(h(2))).fires(RULE);
    denied().put(row("w").old().at(h(2))).fires(RULE);
    moved().put(row("w").unversioned().denied().at(h(90))).silent(RULE);
    moved().put(row("w").old().denied().at(h(90))).silent(RULE);
}

#[test]
fn a_larger_share_than_luck_explains_fires() {
    let bad =
        |n: i64| (0..n).fold(World::ready(), |world, n| world.put(row("w").denied().at(h(60 + n))));
    bad(2).silent(RULE);
    let finding = bad(8).fires(RULE);
    let numbers = finding.numbers.expect("a test was made");
    assert_eq!((numbers.n, numbers.of, cited(&finding).len()), (8, 24, 8));
    assert!(numbers.p.is_some_and(|p| p < 0.005));
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    let world = moved().put(row("w").denied().at(h(90)));
    world.clone().consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    world.consumer("w", |c| c.disabled = true).silent(RULE);
}
