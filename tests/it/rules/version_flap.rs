/*! `version-flap`: an instance that had moved went back. */

use holdover::model::{Duration, Timestamp, Use};

use super::build::{World, cited, h, hours, minutes, row};

const RULE: &str = "version-flap";

/// `i1` works with the new version from `h(1)` on.
fn back(at: Timestamp) -> World {
    World::ready().old("w", "i1", at)
}

#[test]
fn old_use_after_the_move_fires() {
    let finding = back(h(26)).fires(RULE);
    assert_eq!(cited(&finding), [h(1), h(26)]);
    assert_eq!(
        finding.summary,
        "i1 of `w` used `v1` at 2026-03-03T11:00:00Z, 25 h after its first success on the new version at 2026-03-02T10:00:00Z (session_max is not declared)"
    );
    assert!(finding.waivable.is_waivable());
    World::ready().silent(RULE);
}

#[test]
fn a_session_may_outlive_the_move() {
    let session = |at| back(at).consumer("w", |c| c.session_max = Some(hours(12)));
    session(h(13)).silent(RULE);
    session(h(13) + Duration(1)).fires(RULE);
    back(h(1)).fires(RULE); // without a session, at equal times old comes last
    back(h(1) - Duration(1)).silent(RULE);
}

#[test]
fn across_streams_times_within_the_skew_have_no_order() {
    let other = |at| {
        World::ready().stream("other", "w").put(row("w").old().on("i1").stream("other").at(at))
    };
    other(h(1) - minutes(1)).silent(RULE);
    other(h(1) - minutes(1) + Duration(1)).fires(RULE);
}

#[test]
fn a_made_up_name_may_be_another_process() {
    let pod = "web-7d4b9c6f5d-x2k9p";
    World::ready().new_ok("w", pod, h(20)).old("w", pod, h(80)).silent(RULE);
    World::ready().new_ok("w", "i2", h(20)).old("w", "i2", h(80)).fires(RULE);
    World::ready().new_ok("w", "i2", h(20)).old("w", "i3", h(80)).silent(RULE);
}

#[test]
fn two_needs_of_covered_time_heal() {
    let world = |at| back(at).plan(|p| p.rotation.window = hours(40));
    world(h(16)).silent(RULE);
    world(h(16) + Duration(1)).fires(RULE);
    world(h(16)).hole("w", h(20), h(21)).fires(RULE);
}

#[test]
fn its_own_start_and_a_fresh_success_after_it_heal() {
    let started = |at| back(h(80)).started("w", "i1", at);
    started(h(90)).silent(RULE);
    started(h(80)).fires(RULE);
    started(h(80) + minutes(1)).silent(RULE);
    started(h(80) + minutes(1) - Duration(1)).fires(RULE);
    started(h(91) - Duration(1)).silent(RULE);
    started(h(91)).fires(RULE);
    started(h(94)).put(row("w").degraded().on("i1").at(h(95))).fires(RULE);
    started(h(94)).new_ok("w", "i2", h(95)).fires(RULE);
    back(h(80)).started("w", "i2", h(90)).fires(RULE);
}

#[test]
fn several_instances_are_one_finding() {
    let world = back(h(26)).new_ok("w", "i2", h(20)).old("w", "i2", h(80));
    let finding = world.fires(RULE);
    assert_eq!((finding.total, cited(&finding)), (4, vec![h(1), h(20), h(26), h(80)]));
    assert!(finding.summary.ends_with("; 1 more instance did the same"), "{}", finding.summary);
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    back(h(80)).consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    back(h(80)).consumer("w", |c| c.disabled = true).silent(RULE);
}
