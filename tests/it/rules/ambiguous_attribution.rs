/*! `ambiguous-attribution`: tries that match two classes. */

use super::build::{World, cited, h, row};

const RULE: &str = "ambiguous-attribution";

/// Eight own tries lie in the window; so many more, and an ambiguous one.
fn one_of(more: u64) -> World {
    let world = World::ready().put(row("w").on("i1").aggregated().count(more).at(h(70)));
    world.put(row("w").on("i1").ambiguous().at(h(71)))
}

#[test]
fn one_in_twenty_may_be_ambiguous() {
    one_of(11).silent(RULE);
    let finding = one_of(10).fires(RULE);
    assert_eq!(cited(&finding), [h(71)]);
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 19)));
}

#[test]
fn an_only_proof_may_not() {
    let world = World::new().class("w").old("w", "i1", h(-9));
    let world = world.put(row("w").degraded().aggregated().count(1000).at(h(70)));
    world.clone().silent(RULE);
    let finding = world.put(row("w").ambiguous().at(h(71))).fires(RULE);
    assert!(
        finding.summary.ends_with("no success that matches it alone proves the move"),
        "{}",
        finding.summary
    );
}

#[test]
fn only_the_window_counts() {
    World::ready().put(row("w").ambiguous().at(h(48))).fires(RULE);
    World::ready().put(row("w").ambiguous().at(h(47))).silent(RULE);
}
