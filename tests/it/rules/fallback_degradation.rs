/*! `fallback-degradation`: work through the weaker path, more than before the change. */

use holdover::model::{Duration, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "fallback-degradation";

/// Two weeks of old use, then nothing.
fn moved() -> World {
    (-56..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n * 6)))
}

#[test]
fn one_degraded_success_is_enough_where_there_is_no_other() {
    let finding = moved().put(row("w").degraded().at(h(90))).fires(RULE);
    assert_eq!(cited(&finding), [h(90)]);
    assert_eq!(
        finding.summary,
        "the only success of `w` since the change went through its fallback, at 2026-03-06T03:00:00Z; before the change, 0 of 56 attempts did"
    );
    assert!(finding.waivable.is_waivable());
    moved().silent(RULE);
    World::ready().silent(RULE);
}

#[test]
fn since_the_change_both_ends_in() {
    let at = |at| moved().put(row("w").degraded().unversioned().at(at));
    at(h(0)).fires(RULE);
    at(h(0) - Duration(1)).silent(RULE);
    at(h(96)).fires(RULE);
    at(h(96) + Duration(1)).silent(RULE);
}

#[test]
fn a_good_success_is_an_answer_if_it_counts() {
    let world = || moved().put(row("w").degraded().at(h(90)));
    world().put(row("w").at(h(2))).silent(RULE);
    world().put(row("w").unversioned().at(h(0))).silent(RULE);
    let on_old = world().put(row("w").old().at(h(2))).fires(RULE);
    assert!(on_old.summary.contains("since the change (apart from 1 on the old version"));
    world().put(row("w").ambiguous().at(h(2))).fires(RULE);
    world().put(row("w").foreign().at(h(2))).fires(RULE);
    let placed = world().consumer("w", |c| c.environments = vec!["prod".to_owned()]);
    placed.clone().put(row("w").env("test").at(h(2))).fires(RULE);
    placed.put(row("w").env("prod").at(h(2))).silent(RULE);
}

#[test]
fn a_larger_share_than_luck_explains_fires() {
    let bad = |n: i64| {
        (0..n).fold(World::ready(), |world, n| world.put(row("w").degraded().at(h(60 + n))))
    };
    bad(2).silent(RULE);
    let finding = bad(8).fires(RULE);
    assert_eq!(cited(&finding).len(), 8);
    let numbers = finding.numbers.expect("a test was made");
    assert_eq!((numbers.n, numbers.of), (8, 24));
    assert!(numbers.p.is_some_and(|p| p < 0.005));
    assert!(
        finding.summary.starts_with("8 of 24 attempts of `w` (33.3 %) went through its fallback")
    );
}

#[test]
fn an_indirect_class_is_asked_and_a_disabled_one_is_not() {
    let world = moved().put(row("w").unversioned().degraded().at(h(90)));
    world.clone().consumer("w", |c| c.usage = Use::Indirect).fires(RULE);
    world.consumer("w", |c| c.disabled = true).silent(RULE);
}
