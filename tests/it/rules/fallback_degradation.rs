/*! `fallback-degradation`: the work goes on through a weaker path. */

use super::build::{World, h, minutes, row};

const RULE: &str = "fallback-degradation";

fn degraded(n: i64) -> World {
    (0..n).fold(World::ready(), |world, i| {
        world.put(row("w").on("i1").degraded().at(h(50 + i) + minutes(7)))
    })
}

#[test]
fn a_share_that_luck_does_not_explain_fires() {
    let finding = degraded(40).fires(RULE);
    let numbers = finding.numbers.expect("counts");
    assert!(numbers.n >= 40 && numbers.p.is_some_and(|p| p < 0.01), "{numbers:?}");
    World::ready().silent(RULE);
}

#[test]
fn fewer_than_three_are_luck() {
    degraded(2).silent(RULE);
}

#[test]
fn every_success_degraded_fires_with_one() {
    World::new().class("w").put(row("w").on("i1").degraded().at(h(1))).fires(RULE);
    World::new().class("w").put(row("w").on("i1").degraded().at(h(-1))).silent(RULE);
    World::new()
        .class("w")
        .put(row("w").on("i1").degraded().at(h(1)))
        .new_ok("w", "i1", h(2))
        .silent(RULE);
}
