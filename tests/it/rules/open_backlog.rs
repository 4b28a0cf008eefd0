/*! `open-backlog`: queued before the change, and never done. */

use holdover::model::facts::Backlog;
use holdover::plan::InFlight;

use super::build::{World, cited, h};

const RULE: &str = "open-backlog";

fn waiting(jobs: u64) -> World {
    let mut world = World::ready();
    let (class, first, last) = (world.id("w"), world.cite(h(-9)), world.cite(h(-3)));
    let one = Backlog { class, jobs, oldest: h(-20), first, last };
    world.facts(|facts| facts.backlog.push(one))
}

#[test]
fn jobs_that_wait_since_before_the_change_fire_with_the_age_of_the_oldest() {
    let finding = waiting(2).fires(RULE);
    assert_eq!(cited(&finding), [h(-9), h(-3)]);
    assert_eq!(finding.cites.searched(), ["w"]);
    assert_eq!(
        finding.summary,
        "2 jobs of `w`, queued in the 7 days before the change, have not succeeded since; the oldest was queued at 2026-03-01T13:00:00Z, 4 d 20 h ago"
    );
    assert_eq!(finding.total, 2);
    waiting(0).silent(RULE);
    World::ready().silent(RULE);
}

#[test]
fn it_is_off_where_such_work_may_fail_or_the_class_is_disabled() {
    let said = |way| waiting(1).plan(|plan| plan.rotation.in_flight = Some(way));
    said(InFlight::Fail).silent(RULE);
    said(InFlight::Requeue).fires(RULE);
    said(InFlight::Finish).fires(RULE);
    waiting(1).consumer("w", |c| c.disabled = true).silent(RULE);
}
