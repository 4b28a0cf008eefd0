/*! `new-before-introduction`: new use before the change. */

use holdover::model::Micros;

use super::build::{World, cited, h};

const RULE: &str = "new-before-introduction";

#[test]
fn new_use_before_the_change_is_told() {
    let finding = World::ready().new_ok("w", "i1", h(-1)).fires(RULE);
    assert_eq!(cited(&finding), [h(-1)]);
    World::ready().silent(RULE);
}

#[test]
fn at_the_change_it_is_in_time() {
    World::ready().new_ok("w", "i1", h(0)).silent(RULE);
    World::ready().new_ok("w", "i1", h(0) - Micros(1)).fires(RULE);
}
