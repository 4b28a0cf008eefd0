/*! `wrong-place`: the new version works where the class does not. */

use holdover::model::decision::Verdict;
use holdover::model::{Duration, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "wrong-place";

/// Two weeks of old use in production, and nothing since.
fn world() -> World {
    (-56..0).fold(World::new().class("w"), |world, n| {
        world.put(row("w").old().on("i1").env("production").at(h(n * 6)))
    })
}

#[test]
fn work_in_another_environment_alone_fires() {
    let staging = || world().put(row("w").env("staging").at(h(3)).count(2));
    let finding = staging().fires(RULE);
    assert_eq!((finding.total, cited(&finding)), (2, vec![h(3)]));
    assert_eq!(
        finding.summary,
        "`w` succeeded twice with the new version, at 2026-03-02T12:00:00Z, but only in staging, not in production"
    );
    assert!(!finding.waivable.is_waivable());
    assert_eq!(staging().verdict(), Verdict::NotReady);
    world().silent(RULE);
}

#[test]
fn one_success_in_place_is_enough_and_a_refusal_there_is_none() {
    let staging = || world().put(row("w").env("staging").at(h(90)));
    staging().put(row("w").env("production").at(h(3))).silent(RULE);
    // A row that names no environment is in place.
    staging().put(row("w").at(h(3))).silent(RULE);
    staging().put(row("w").env("production").denied().at(h(91))).fires(RULE);
    staging().put(row("w").env("production").unversioned().at(h(91))).fires(RULE);
    staging().put(row("w").env("production").inferred().at(h(91))).fires(RULE);
}

#[test]
fn since_the_change_both_ends_in() {
    let at = |at| world().put(row("w").env("staging").at(at));
    at(h(0)).fires(RULE);
    at(h(0) - Duration(1)).silent(RULE);
    at(h(96)).fires(RULE);
    at(h(96) + Duration(1)).silent(RULE);
}

#[test]
fn only_what_surely_worked_with_the_new_version_is_told() {
    let put = |row: super::parts::Row| world().put(row.env("staging").at(h(90)));
    put(row("w").refused()).silent(RULE);
    put(row("w").unversioned()).silent(RULE);
    put(row("w").inferred()).silent(RULE);
    put(row("w").old()).silent(RULE);
    put(row("w").ambiguous()).silent(RULE);
}

#[test]
fn the_plan_says_where_a_class_works() {
    let staging = || world().put(row("w").env("staging").at(h(90)));
    staging().consumer("w", |c| c.environments = vec!["staging".to_owned()]).silent(RULE);
    staging().consumer("w", |c| c.environments = vec!["eu".to_owned()]).fires(RULE);
    // Where nothing says where it works, it works everywhere.
    let nowhere = World::new().class("w").old("w", "i1", h(-9));
    nowhere.put(row("w").env("staging").at(h(90))).silent(RULE);
}

#[test]
fn classes_that_show_no_version_are_not_asked() {
    let staging = world().put(row("w").env("staging").at(h(90)));
    staging.clone().consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
    staging.consumer("w", |c| c.disabled = true).silent(RULE);
}
