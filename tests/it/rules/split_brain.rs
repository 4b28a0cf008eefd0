/*! `split-brain`: the same work under both versions, in one class or side by side. */

use holdover::model::{Duration, Timestamp, Use};

use super::build::{World, cited, h, hours, row};

const RULE: &str = "split-brain";

#[test]
fn instances_on_both_versions_fire() {
    let finding = World::ready().old("w", "i2", h(60)).new_ok("w", "i3", h(80)).fires(RULE);
    assert_eq!(cited(&finding), [h(60), h(80), h(91)]);
    assert_eq!(
        finding.summary,
        "in the window, 1 instance of `w` last used `v1` (i2) and 2 last used `v2` (i1 and i3)"
    );
    World::ready().silent(RULE);
}

#[test]
fn the_last_version_of_an_instance_in_the_window_counts() {
    World::ready().old("w", "i2", h(48)).fires(RULE);
    World::ready().old("w", "i2", h(48) - Duration(1)).silent(RULE);
    let old = World::ready().old("w", "i2", h(60));
    old.clone().new_ok("w", "i2", h(60) + Duration(1)).silent(RULE);
    old.clone().new_ok("w", "i2", h(60)).fires(RULE);
    old.put(row("w").on("i2").unversioned().at(h(61))).fires(RULE);
    World::ready().old("w", "i1", h(95)).silent(RULE);
    World::ready().put(row("w").old().inferred().on("i2").at(h(60))).silent(RULE);
}

/// Old and new by turns on nobody's instance: old, new, old, new, one hour apart, from `h(60)` on.
fn turns(last: Timestamp) -> World {
    let world = World::new().class("w").put(row("w").old().at(h(59))).put(row("w").old().at(h(60)));
    let world = world.put(row("w").at(h(61))).put(row("w").old().at(h(62)));
    world.put(row("w").at(last)).put(row("w").at(h(95)))
}

#[test]
fn without_instances_three_turns_over_more_than_a_session_fire() {
    let session = |last| turns(last).consumer("w", |c| c.session_max = Some(hours(4)));
    session(h(64)).silent(RULE);
    let finding = session(h(64) + Duration(1)).fires(RULE);
    assert_eq!(cited(&finding), [h(60), h(61), h(62), h(64) + Duration(1)]);
    assert!(
        finding.summary.starts_with("`w` switched 3 times between `v1` and `v2` in the window")
    );
    turns(h(62) + Duration(1)).fires(RULE);
}

#[test]
fn two_turns_are_a_handover() {
    let world = World::new().class("w").put(row("w").at(h(60))).put(row("w").old().at(h(70)));
    world.clone().put(row("w").at(h(80))).silent(RULE);
    world.clone().put(row("w").at(h(80))).put(row("w").old().at(h(81))).fires(RULE);
    world.put(row("w").old().at(h(47))).put(row("w").at(h(80))).silent(RULE);
}

#[test]
fn groups_that_overlap_take_turns_by_their_ends() {
    let old = row("w").old().count(9).between(h(60), h(61));
    let new = |from: Timestamp| row("w").count(9).between(from, h(61) + Duration(1));
    World::new().class("w").put(old).put(new(h(60) + Duration(1))).fires(RULE);
    let old = row("w").old().count(9).between(h(60), h(61));
    World::new().class("w").put(old).put(new(h(61) + Duration(1))).silent(RULE);
}

#[test]
fn at_equal_times_they_take_as_many_turns_as_they_can() {
    let both = |world: World, at| world.put(row("w").old().at(at)).put(row("w").at(at));
    let world = World::new().class("w").put(row("w").old().at(h(60)));
    both(world.clone(), h(61)).silent(RULE);
    both(both(world, h(61)), h(62)).fires(RULE);
}

#[test]
fn classes_on_either_side_fire_once_for_the_rotation() {
    let world = World::ready().class("x").class("y").class("z");
    let world =
        world.old("x", "i1", h(60)).old("y", "i1", h(61)).put(row("z").unversioned().at(h(62)));
    let finding = world.fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(cited(&finding), [h(60), h(61), h(91)]);
    assert_eq!(finding.summary, "in the window, x and y used only `v1` and w used only `v2`");
    world.clone().new_ok("x", "i1", h(62)).new_ok("y", "i1", h(62)).silent(RULE);
}

#[test]
fn the_window_bounds_both_sides() {
    let with = |at: Timestamp| World::ready().class("x").old("x", "i1", at);
    with(h(48)).fires(RULE);
    with(h(48) - Duration(1)).silent(RULE);
    with(h(60)).consumer("x", |c| c.disabled = true).silent(RULE);
    with(h(60)).consumer("x", |c| c.usage = Use::Indirect).silent(RULE);
}
