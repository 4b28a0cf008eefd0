/*! `coverage-hole`: a stream of the class did not record all of the window. */

use holdover::model::Use;

use super::build::{World, h, minutes};

const RULE: &str = "coverage-hole";

#[test]
fn a_hole_in_the_window_fires_and_one_before_it_does_not() {
    let finding = World::ready().hole("w", h(60), h(61)).fires(RULE);
    assert_eq!(finding.cites.searched(), ["w"]);
    assert_eq!(
        finding.summary,
        "1 log source of `w` (w) has 1 gap in the window, from 2026-03-04T21:00:00Z to 2026-03-04T22:00:00Z"
    );
    World::ready().hole("w", h(40), h(48)).silent(RULE);
}

#[test]
fn every_stream_of_the_class_must_cover_it() {
    World::ready().stream("queue", "w").silent(RULE);
    let finding = World::ready().stream("queue", "w").hole("queue", h(60), h(61)).fires(RULE);
    assert_eq!(finding.cites.searched(), ["queue"]);
}

#[test]
fn records_may_arrive_as_late_as_the_lag() {
    let ends_early = |lag: i64| {
        let world = World::ready().hole("w", h(96) - minutes(20), h(97));
        world.consumer("w", |c| c.lag = minutes(lag))
    };
    ends_early(20).silent(RULE);
    ends_early(19).fires(RULE);
}

#[test]
fn a_stream_too_short_to_learn_from_covers_nothing() {
    let world = World::ready().stream("new", "w").hole("new", h(-337), h(96));
    let finding = world.fires(RULE);
    assert!(finding.remedy.starts_with("declare `max_gap`"), "{}", finding.remedy);
}

#[test]
fn a_disabled_class_must_have_been_visible() {
    let off = |c: &mut holdover::plan::Consumer| {
        (c.disabled, c.disabled_reason) = (true, Some("frozen".to_owned()));
    };
    World::ready().class("d").consumer("d", off).silent(RULE);
    World::ready().class("d").consumer("d", off).hole("d", h(60), h(61)).fires(RULE);
    let unseen = World::ready().class("d").consumer("d", off);
    unseen.facts(|f| f.streams.truncate(1)).fires(RULE);
}

#[test]
fn an_indirect_class_needs_no_coverage() {
    let world = World::ready().class("x").consumer("x", |c| c.usage = Use::Indirect);
    world.hole("x", h(60), h(61)).silent(RULE);
}
