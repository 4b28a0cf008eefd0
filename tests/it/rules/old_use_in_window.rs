/*! `old-use-in-window`: somebody used the old version in the window. */

use holdover::model::{Micros, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "old-use-in-window";

#[test]
fn old_use_in_the_window_fires_whatever_came_of_it() {
    let finding = World::ready().old("w", "i1", h(90)).fires(RULE);
    assert_eq!(cited(&finding), [h(90)]);
    World::ready().put(row("w").old().refused().at(h(90))).fires(RULE);
    World::ready().put(row("w").old().derived().at(h(90))).fires(RULE);
    World::ready().silent(RULE);
}

#[test]
fn both_ends_of_the_window_are_in_it() {
    World::ready().old("w", "i1", h(48)).fires(RULE);
    World::ready().old("w", "i1", h(48) - Micros(1)).silent(RULE);
    World::ready().old("w", "i1", h(96)).fires(RULE);
}

#[test]
fn a_coarse_use_counts_with_any_part_of_it() {
    World::ready().put(row("w").old().coarse(h(20), h(48))).fires(RULE);
    World::ready().put(row("w").old().coarse(h(20), h(48) - Micros(1))).silent(RULE);
}

#[test]
fn old_use_after_the_report_fires_too() {
    World::ready().old("w", "i1", h(97)).fires(RULE);
}

#[test]
fn a_disabled_class_may_not_use_it_since_the_change() {
    let off = || World::ready().consumer("w", |c| c.disabled = true);
    off().old("w", "i1", h(0)).fires(RULE);
    off().old("w", "i1", h(0) - Micros(1)).silent(RULE);
}

#[test]
fn what_follows_from_times_alone_does_not_fire() {
    World::ready().put(row("w").old().inferred().at(h(90))).silent(RULE);
}

#[test]
fn ambiguous_rows_and_indirect_classes_count_against() {
    World::ready().put(row("w").old().ambiguous().at(h(90))).fires(RULE);
    let indirect = World::ready().consumer("w", |c| c.usage = Use::Indirect);
    indirect.old("w", "i1", h(90)).fires(RULE);
}
