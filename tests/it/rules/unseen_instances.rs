/*! `unseen-instances`: an old hand that nobody has seen since the change. */

use holdover::model::decision::Verdict;
use holdover::model::{Duration, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "unseen-instances";

/// A ready class whose second instance used old at these hours.
fn seen_at(hours: &[i64]) -> World {
    hours.iter().fold(World::ready(), |world, n| world.old("w", "i2", h(*n)))
}

/// Each day of the two weeks before the change.
fn daily() -> World {
    seen_at(&(1..=14).map(|n| -24 * n + 4).collect::<Vec<i64>>())
}

#[test]
fn an_instance_of_most_days_that_shows_nothing_new_fires() {
    let finding = daily().fires(RULE);
    assert_eq!((finding.total, cited(&finding)), (1, vec![h(-20)]));
    assert_eq!(
        finding.summary,
        "1 instance of `w` that worked on most days before the change has not been seen with the new version since, and no stop is logged: i2, last seen at 2026-03-01T13:00:00Z"
    );
    assert!(finding.waivable.is_waivable());
    assert_eq!(
        daily().verdict(),
        Verdict::Inconclusive,
        "it counts as gone, and still nobody knows"
    );
    World::ready().silent(RULE);
}

#[test]
fn half_of_the_active_days_and_three_at_least() {
    // `w` worked on 15 days of the calendar: from the afternoon of the first to the morning of the last.
    let on = |n: i64| seen_at(&(1..=n).map(|n| -24 * n + 4).collect::<Vec<i64>>());
    on(8).fires(RULE);
    on(7).silent(RULE);
    let few = |n: i64| {
        let world =
            (1..=n).fold(World::new().class("w"), |world, n| world.old("w", "i2", h(-24 * n)));
        world.new_ok("w", "i1", h(90))
    };
    few(3).fires(RULE);
    few(2).silent(RULE);
}

#[test]
fn a_new_use_since_the_change_ends_it_whatever_came_of_it() {
    daily().put(row("w").on("i2").at(h(0))).silent(RULE);
    daily().put(row("w").on("i2").at(h(0) - Duration(1))).fires(RULE);
    daily().put(row("w").on("i2").refused().at(h(3))).silent(RULE);
    daily().put(row("w").on("i2").unversioned().at(h(3))).fires(RULE);
    daily().put(row("w").on("i2").inferred().at(h(3))).fires(RULE);
    daily().put(row("w").on("i2").ambiguous().at(h(3))).fires(RULE);
    daily().put(row("w").on("i2").at(h(96) + Duration(1))).fires(RULE);
}

#[test]
fn a_logged_stop_ends_it_unless_it_was_seen_later() {
    daily().stopped("w", "i2", h(5)).silent(RULE);
    daily().stopped("w", "i2", h(-20)).silent(RULE);
    daily().stopped("w", "i2", h(-21)).fires(RULE);
    daily().stopped("w", "i2", h(96) + Duration(1)).fires(RULE);
    daily().stopped("w", "i2", h(5)).present("w", "i2", h(6), h(7)).fires(RULE);
}

#[test]
fn generated_names_come_and_go() {
    let pod = "worker-7d9f8b6c5d-x2x4z";
    let world = (1..=14).fold(World::ready(), |world, n| world.old("w", pod, h(-24 * n)));
    world.silent(RULE);
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    daily().consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    daily().consumer("w", |c| c.disabled = true).silent(RULE);
}
