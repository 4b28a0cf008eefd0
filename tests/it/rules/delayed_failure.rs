/*! `delayed-failure`: it worked after the change, then it was refused. */

use holdover::model::{Duration, Timestamp, Use};

use super::build::{World, cited, h, hours, row};

const RULE: &str = "delayed-failure";

/// It worked up to `h(85)` on `i1`, and was refused from `h(91)` on.
fn stopped() -> World {
    let world = World::ready().facts(|facts| {
        facts.activity.retain(|row| row.first.when.at < h(90));
    });
    world.put(row("w").refused().on("i1").count(5).between(h(91), h(92)))
}

#[test]
fn it_states_the_delay_and_the_session_beside_it() {
    let finding = stopped().consumer("w", |c| c.session_max = Some(hours(6))).fires(RULE);
    assert_eq!(cited(&finding), [h(85), h(91), h(92)]);
    assert_eq!(
        finding.summary,
        "`w` was refused 5 times with `v2` from 2026-03-06T04:00:00Z to 2026-03-06T05:00:00Z on i1 and has not recovered; the first refusal came 6 h after its last success, at 2026-03-05T22:00:00Z, and 3 d 19 h after the change (session_max is 6 h)"
    );
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((5, 20)));
    stopped().silent("immediate-failure");
    World::ready().silent(RULE);
}

#[test]
fn a_success_of_its_own_at_the_same_time_comes_first() {
    let world = |worked: Timestamp| {
        let new = World::ready().put(row("w").on("i2").at(worked));
        new.put(row("w").refused().on("i2").count(2).at(h(80)))
    };
    world(h(80)).fires(RULE);
    world(h(80)).silent("immediate-failure");
    world(h(80) + Duration(1)).silent(RULE);
    world(h(80) + Duration(1)).silent("immediate-failure");
}

#[test]
fn in_one_hour_with_a_success_it_may_have_come_before() {
    let both = World::ready().put(row("w").on("i2").count(4).between(h(80), h(81)));
    let finding =
        both.put(row("w").refused().on("i2").count(9).between(h(80) - Duration(1), h(82)));
    assert!(
        finding.fires(RULE).summary.contains("; the first refusal came 1 h after its last success")
    );
}

#[test]
fn another_version_is_no_success_of_the_refused_one() {
    let world = |worked: super::parts::Row| World::ready().put(worked.on("i2").at(h(20)));
    let refused = || row("w").refused().on("i2").count(2).at(h(80));
    world(row("w").old()).put(refused()).silent(RULE);
    world(row("w").old()).put(refused()).fires("immediate-failure");
    world(row("w").old()).put(refused().unversioned()).fires(RULE);
    world(row("w").unversioned()).put(refused()).fires(RULE);
    world(row("w").unversioned()).put(refused()).fires("immediate-failure");
    world(row("w").foreign()).put(refused()).silent(RULE);
}

#[test]
fn degraded_work_is_a_success_that_a_refusal_can_follow() {
    let world = |worked: super::parts::Row| {
        let world = World::ready().put(worked.degraded().on("i2").at(h(20)));
        world.put(row("w").refused().unversioned().on("i2").count(2).at(h(80)))
    };
    world(row("w").unversioned()).fires(RULE);
    world(row("w").unversioned()).fires("immediate-failure");
    world(row("w")).fires(RULE);
}

#[test]
fn a_success_before_the_change_is_none() {
    let world = |worked| {
        let world = World::ready().put(row("w").unversioned().on("i2").at(worked));
        world.put(row("w").refused().on("i2").count(2).at(h(80)))
    };
    world(h(0)).fires(RULE);
    world(h(0) - Duration(1)).silent(RULE);
}

#[test]
fn a_later_success_heals() {
    stopped().new_ok("w", "i1", h(92) + Duration(1)).silent(RULE);
    stopped().new_ok("w", "i1", h(92)).fires(RULE);
}

#[test]
fn where_no_instance_is_logged_the_class_is_asked() {
    let refused = |world: World| world.put(row("w").refused().on("").count(2).at(h(95)));
    assert!(
        refused(World::ready())
            .fires(RULE)
            .summary
            .contains("; the first refusal came 4 h after its last success")
    );
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    stopped().consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    stopped().consumer("w", |c| c.disabled = true).silent(RULE);
}
