/*! `immediate-failure`: the new version was refused from the start. */

use holdover::model::Refresh;

use super::build::{World, cited, h, hours, row};

const RULE: &str = "immediate-failure";

fn world() -> World {
    World::ready().consumer("w", |c| {
        (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(12)));
    })
}

#[test]
fn an_instance_that_never_worked_on_new_fires() {
    let refused = || world().present("w", "i2", h(80), h(95));
    let finding = refused()
        .put(row("w").on("i2").refused().at(h(90)))
        .put(row("w").on("i2").refused().at(h(91)))
        .fires(RULE);
    assert_eq!(cited(&finding), [h(90), h(91)]);
    world().silent(RULE);
}

#[test]
fn a_later_success_of_the_same_instance_heals() {
    let refused = world()
        .put(row("w").on("i2").refused().at(h(90)))
        .put(row("w").on("i2").refused().at(h(91)));
    refused.clone().new_ok("w", "i2", h(92)).silent(RULE);
    refused.new_ok("w", "i2", h(90)).fires("delayed-failure");
}

#[test]
fn refused_before_the_change_is_another_matter() {
    world().put(row("w").on("i2").refused().at(h(-1))).silent(RULE);
}
