/*! `fallback-hides`: degraded successes exist. */

use super::build::{World, cited, h, row};

const RULE: &str = "fallback-hides";

#[test]
fn a_degraded_success_is_told_at_any_time() {
    let finding = World::ready().put(row("w").on("i1").degraded().at(h(-9))).fires(RULE);
    assert_eq!(cited(&finding), [h(-9)]);
    World::ready().silent(RULE);
}

#[test]
fn what_failed_hides_nothing() {
    World::ready().put(row("w").on("i1").degraded().refused().at(h(9))).silent(RULE);
}

#[test]
fn what_comes_after_the_report_is_outside() {
    World::ready().put(row("w").on("i1").degraded().at(h(96))).fires(RULE);
    World::ready().put(row("w").on("i1").degraded().at(h(97))).silent(RULE);
}
