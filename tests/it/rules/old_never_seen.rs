/*! `old-never-seen`: the end of old use cannot be told from its absence. */

use super::build::{World, h, row};

const RULE: &str = "old-never-seen";

fn only_new() -> World {
    World::new().class("w").new_ok("w", "i1", h(90))
}

#[test]
fn it_fires_for_the_rotation() {
    let finding = only_new().fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(finding.cites.searched(), ["w"]);
    only_new().put(row("w").old().inferred().at(h(-9))).fires(RULE);
}

#[test]
fn any_old_use_up_to_the_end_keeps_it_silent() {
    World::ready().silent(RULE);
    only_new().put(row("w").old().refused().ambiguous().at(h(-9))).silent(RULE);
    only_new().undeclared("x", &[h(-9)]).silent(RULE);
    only_new().old("w", "i1", h(96)).silent(RULE);
    only_new().old("w", "i1", h(97)).fires(RULE);
}
