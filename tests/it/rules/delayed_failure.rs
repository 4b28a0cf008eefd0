/*! `delayed-failure`: it worked after the change, and then it was refused. */

use super::build::{World, cited, h, minutes, row};

const RULE: &str = "delayed-failure";

fn refused() -> World {
    World::ready()
        .put(row("w").on("i1").refused().at(h(95)))
        .put(row("w").on("i1").refused().at(h(96)))
}

#[test]
fn a_refusal_after_a_success_fires_and_tells_the_delay() {
    let finding = refused().fires(RULE);
    assert!(cited(&finding).contains(&h(95)), "{finding:?}");
    assert!(finding.summary.contains("94h0m"), "{}", finding.summary);
    World::ready().silent(RULE);
}

#[test]
fn a_success_after_it_heals() {
    let once = World::ready()
        .put(row("w").on("i1").refused().at(h(90)))
        .put(row("w").on("i1").refused().at(h(90) + minutes(1)));
    once.clone().new_ok("w", "i1", h(90) + minutes(2)).silent(RULE);
    World::ready().put(row("w").on("i1").refused().at(h(30))).silent(RULE);
}

#[test]
fn a_single_young_refusal_is_not_judged_yet() {
    World::ready().put(row("w").on("i1").refused().at(h(96))).silent(RULE);
}
