/*! `window-too-short`: covered time without old use against what cadence, window and sessions need. */

use holdover::model::{Duration, Refresh, Timestamp};

use super::build::{World, cited, h, hours, minutes, row};

const RULE: &str = "window-too-short";

fn with_session(length: Duration) -> World {
    World::ready().consumer("w", |c| c.session_max = Some(length))
}

#[test]
fn the_window_itself_is_needed() {
    World::ready().old("w", "i1", h(48)).silent(RULE);
    let finding = World::ready().old("w", "i1", h(48) + Duration(1)).fires(RULE);
    assert_eq!(cited(&finding)[0], h(48) + Duration(1));
    assert_eq!(
        finding.summary,
        "`w` has been free of old use for 47 h 59 min of logged time since its last old use at 2026-03-04T09:00:00.000001Z, and must be for 48 h"
    );
}

#[test]
fn a_session_that_may_outlive_the_quiet_time_is_too_long() {
    with_session(hours(102)).silent(RULE);
    with_session(Duration(hours(102).0 + 1)).fires(RULE);
}

#[test]
fn a_hole_stops_the_clock() {
    with_session(hours(99)).hole("w", h(10), h(13)).silent(RULE);
    with_session(hours(100)).hole("w", h(10), h(13)).fires(RULE);
}

#[test]
fn the_last_lag_counts_once_its_start_is_covered() {
    let ends_early = |lag: Duration| {
        let world = with_session(hours(102)).hole("w", h(96) - minutes(20), h(97));
        world.consumer("w", |c| c.lag = lag)
    };
    ends_early(minutes(20)).silent(RULE);
    ends_early(minutes(19)).fires(RULE);
}

#[test]
fn a_declared_cadence_is_needed_unless_a_run_settles_it() {
    let rare = World::ready().consumer("w", |c| c.every = Some(hours(200)));
    rare.fires(RULE);
    rare.clone().consumer("w", |c| c.run_settles = true).fires(RULE); // runs each 6 h, not each 200 h
    let monthly = World::new().class("w").old("w", "i1", h(-200)).new_ok("w", "i1", h(90));
    let monthly = monthly.consumer("w", |c| c.every = Some(hours(720)));
    monthly.fires(RULE);
    monthly.consumer("w", |c| c.run_settles = true).silent(RULE);
}

#[test]
fn without_a_cadence_only_a_settling_run_helps() {
    let seldom = |refresh: Refresh, instance: &str| {
        let world = World::new().class("w").old("w", "i1", h(-200)).new_ok("w", instance, h(90));
        world.consumer("w", |c| (c.refresh, c.session_max) = (Some(refresh), Some(hours(12))))
    };
    seldom(Refresh::PerRun, "i2").silent(RULE);
    seldom(Refresh::OnStart, "i1").silent(RULE);
    seldom(Refresh::OnStart, "i2").fires(RULE);
    seldom(Refresh::OnStart, "i2").started("w", "i2", h(80)).silent(RULE);
    seldom(Refresh::OnStart, "i2").started("w", "i2", h(91)).fires(RULE); // the success came before
    seldom(Refresh::OnStart, "i2").started("w", "i2", h(-201)).fires(RULE);
    seldom(Refresh::OnStart, "").fires(RULE); // the old one had a name
}

#[test]
fn without_instances_a_session_must_lie_between() {
    let unnamed = |session: Duration| {
        let world = World::new().class("w").old("w", "", h(0)).new_ok("w", "", h(60));
        let refresh = Some(Refresh::OnStart);
        world.consumer("w", |c| (c.refresh, c.session_max) = (refresh, Some(session)))
    };
    unnamed(hours(60)).silent(RULE);
    unnamed(Duration(hours(60).0 + 1)).fires(RULE);
}

#[test]
fn after_a_revocation_the_clock_starts_anew() {
    let revoked = |at: Timestamp| World::ready().plan(|p| p.rotation.revoked = Some(at));
    revoked(h(48)).silent(RULE);
    revoked(h(48) + Duration(1)).fires(RULE);
}

#[test]
fn a_learned_cadence_is_stretched_where_no_success_is_fresh() {
    let daily = |fresh: bool| {
        let world = World::new().class("w");
        let world = (2..30).fold(world, |world, n| world.old("w", "i1", h(n * -50)));
        if fresh { world.put(row("w").at(h(95))) } else { world }
    };
    // 28 runs, 50 h apart: a schedule, so 1.5 times 50 h without a fresh success and 50 h with one.
    assert_eq!(daily(true).decide().classes[0].silence.needed, hours(50));
    assert_eq!(daily(false).decide().classes[0].silence.needed, hours(75));
}
