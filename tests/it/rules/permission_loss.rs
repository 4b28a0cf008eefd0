/*! `permission-loss`: accepted with the new version, and not allowed. */

use super::build::{World, h, minutes, row};

const RULE: &str = "permission-loss";

fn denied(n: i64) -> World {
    (0..n).fold(World::ready(), |world, i| {
        world.put(row("w").on("i1").denied().at(h(50 + i) + minutes(7)))
    })
}

#[test]
fn a_share_that_luck_does_not_explain_fires() {
    let finding = denied(40).fires(RULE);
    assert!(finding.numbers.is_some_and(|numbers| numbers.n == 40), "{finding:?}");
    World::ready().silent(RULE);
}

#[test]
fn fewer_than_three_are_luck() {
    denied(2).silent(RULE);
}

#[test]
fn all_denied_since_the_change_fires_with_one() {
    World::new().class("w").put(row("w").on("i1").denied().at(h(0))).fires(RULE);
    World::new().class("w").put(row("w").on("i1").denied().at(h(-1))).silent(RULE);
    World::new().class("w").put(row("w").on("i1").old().denied().at(h(1))).silent(RULE);
}
