/*! `version-flap`: an instance that had moved went back. */

use holdover::model::{Micros, Refresh};

use super::build::{World, cited, h, hours};

const RULE: &str = "version-flap";

/// The first new success of `i1` is at `h(1)`.
fn world() -> World {
    World::ready().consumer("w", |c| {
        (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(12)));
    })
}

#[test]
fn old_use_after_the_first_success_and_a_session_fires() {
    let finding = world().old("w", "i1", h(20)).fires(RULE);
    assert!(cited(&finding).contains(&h(20)), "{finding:?}");
    world().silent(RULE);
}

#[test]
fn a_session_may_outlive_the_change() {
    world().old("w", "i1", h(13)).silent(RULE);
    world().old("w", "i1", h(13) + Micros(1)).fires(RULE);
}

#[test]
fn a_start_of_its_own_and_a_fresh_success_heal() {
    world().old("w", "i1", h(20)).started("w", "i1", h(21)).silent(RULE);
}

#[test]
fn names_that_never_come_back_do_not_flap() {
    let pod = "api-7d4b9c6f5d-x2k9p";
    world().new_ok("w", pod, h(1)).old("w", pod, h(20)).silent(RULE);
}
