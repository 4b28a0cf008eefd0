/*! `layer-contradiction`: work on old, though configuration or a fresh process says new. */

use holdover::model::{Duration, Layer, State, Timestamp};

use super::build::{World, cited, h, row};

const RULE: &str = "layer-contradiction";
const NEW: (Layer, State) = (Layer::Configuration, State::New);

fn world() -> World {
    World::ready().old("w", "i2", h(80))
}

#[test]
fn old_use_under_a_new_configuration_fires() {
    let finding = world().states(("w", Some("i2")), NEW, h(70)).fires(RULE);
    assert_eq!(cited(&finding), [h(70), h(80)]);
    assert_eq!(
        finding.summary,
        "`w` used `v1` at 2026-03-05T17:00:00Z on i2, although its configuration names the new version since 2026-03-05T07:00:00Z"
    );
    world().states(("w", None), NEW, h(70)).fires(RULE);
    world().states(("w", Some("i1")), NEW, h(70)).silent(RULE);
    world().silent(RULE);
}

#[test]
fn a_configuration_of_later_or_of_both_is_no_contradiction() {
    let own = ("w", Some("i2"));
    world().states(own, NEW, h(80) - Duration(1)).fires(RULE);
    world().states(own, NEW, h(80)).silent(RULE);
    let old = (Layer::Configuration, State::Old);
    world().states(own, NEW, h(70)).states(own, old, h(69)).fires(RULE);
    world().states(own, NEW, h(70)).states(own, old, h(70)).silent(RULE);
    world().states(own, (Layer::Runtime, State::New), h(70)).silent(RULE);
}

#[test]
fn a_process_from_after_the_change_fires() {
    let skew = Duration::MINUTE;
    let started = |at: Timestamp| world().started("w", "i2", at);
    let finding = started(h(60)).fires(RULE);
    assert_eq!(cited(&finding), [h(60), h(80)]);
    started(h(0)).silent(RULE);
    started(h(0) + skew - Duration(1)).silent(RULE);
    started(h(0) + skew).fires(RULE);
    started(h(80)).silent(RULE);
}

#[test]
fn it_stands_beside_old_use_in_the_window_alone() {
    let earlier =
        |at: Timestamp| World::ready().old("w", "i2", at).states(("w", Some("i2")), NEW, h(10));
    earlier(h(48)).fires(RULE);
    earlier(h(48) - Duration(1)).silent(RULE);
    let refused = World::ready().put(row("w").on("i2").old().refused().at(h(80)));
    refused.states(("w", Some("i2")), NEW, h(70)).fires(RULE);
}
