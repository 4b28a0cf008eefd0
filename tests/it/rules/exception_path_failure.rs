/*! `exception-path-failure`: a path for emergencies was refused. */

use holdover::model::{Micros, PathKind};

use super::build::{World, cited, h, row};

const RULE: &str = "exception-path-failure";

fn world() -> World {
    World::ready().consumer("w", |c| c.path = PathKind::Exception)
}

#[test]
fn a_refusal_without_a_fresh_success_after_it_fires() {
    let finding = world().put(row("w").on("i1").refused().at(h(96))).fires(RULE);
    assert_eq!(cited(&finding), [h(96)]);
    world().put(row("w").on("i1").old().refused().at(h(96))).fires(RULE);
    world().silent(RULE);
}

#[test]
fn a_fresh_success_after_it_silences() {
    world().put(row("w").on("i1").refused().at(h(60))).silent(RULE);
}

#[test]
fn since_the_change_means_from_it_on() {
    let never = || World::new().class("w").consumer("w", |c| c.path = PathKind::Exception);
    never().put(row("w").on("i1").refused().at(h(0))).fires(RULE);
    never().put(row("w").on("i1").refused().at(h(0) - Micros(1))).silent(RULE);
}

#[test]
fn other_paths_have_rules_of_their_own() {
    World::ready().put(row("w").on("i1").refused().at(h(96))).silent(RULE);
}
