/*! `stale-runtime`: a living process on a value from before the change. */

use holdover::model::{Duration, Layer, Outcome, Refresh, State, Timestamp};

use super::build::{World, cited, h, hours, row};

const RULE: &str = "stale-runtime";

fn world() -> World {
    World::ready().consumer("w", |c| {
        (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(12)));
    })
}

#[test]
fn an_instance_whose_last_version_is_old_fires() {
    let finding = world().old("w", "i2", h(-3)).present("w", "i2", h(-3), h(90)).fires(RULE);
    assert_eq!(cited(&finding), [h(-3)]);
    assert_eq!(
        finding.summary,
        "1 instance of `w`, alive in the window, was last known to hold a value from before the change: i2"
    );
    world().silent(RULE);
}

#[test]
fn the_dead_and_the_gone_do_not() {
    world().old("w", "i2", h(-3)).silent(RULE);
    let alive = |until: Timestamp| world().old("w", "i2", h(-3)).present("w", "i2", h(-3), until);
    alive(h(72)).fires(RULE);
    alive(h(72) - Duration(1)).silent(RULE);
    alive(h(90)).stopped("w", "i2", h(90)).silent(RULE);
    alive(h(90)).stopped("w", "i2", h(90) - Duration(1)).fires(RULE);
}

#[test]
fn old_that_follows_from_times_alone_fires_and_new_proves_nothing() {
    world().put(row("w").on("i2").old().inferred().at(h(90))).fires(RULE);
    let before = world().put(row("w").on("i2").old().inferred().at(h(-9)));
    before.clone().put(row("w").on("i2").inferred().at(h(90))).fires(RULE);
    before.put(row("w").on("i2").at(h(90))).silent(RULE);
}

#[test]
fn an_instance_from_before_the_change_must_show_a_new_use() {
    let started = |at: Timestamp| {
        let world = world().put(row("w").on("i2").unversioned().outcome(Outcome::None).at(h(90)));
        world.started("w", "i2", at)
    };
    started(h(0)).silent(RULE);
    started(h(0) - Duration(1)).fires(RULE);
    started(h(-9)).refreshed("w", "i2", h(1)).silent(RULE);
    started(h(-9)).put(row("w").on("i2").denied().at(h(91))).silent(RULE);
    let unstarted = world().present("w", "i2", h(-9), h(90));
    unstarted.fires(RULE);
    world().present("w", "i2", h(1), h(90)).silent(RULE);
}

#[test]
fn an_instance_that_says_it_holds_the_old_version_fires() {
    let state = |state: State| (Layer::Runtime, state);
    let own = ("w", Some("i2"));
    let alive = || world().present("w", "i2", h(1), h(90));
    let finding = alive().states(own, state(State::Old), h(80)).fires(RULE);
    assert_eq!(cited(&finding), [h(80)]);
    alive().states(own, state(State::New), h(80)).silent(RULE);
    alive()
        .states(own, state(State::Old), h(80))
        .states(own, state(State::New), h(81))
        .silent(RULE);
    alive().states(own, state(State::New), h(80)).states(own, state(State::Old), h(80)).fires(RULE);
    let used = alive().states(own, state(State::Old), h(80)).new_ok("w", "i2", h(81));
    used.silent(RULE);
}

#[test]
fn a_class_that_reads_it_each_time_has_no_stale_process() {
    let stale = world().old("w", "i2", h(-3)).present("w", "i2", h(-3), h(90));
    stale.consumer("w", |c| c.refresh = Some(Refresh::PerRun)).silent(RULE);
}
