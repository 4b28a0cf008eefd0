/*! `boundary-job-failure`: queued before the change, refused after it. */

use holdover::model::facts::{Boundary, Crossing};
use holdover::model::{Duration, Outcome};
use holdover::plan::InFlight;

use super::build::{World, cited, h};
use super::parts::minutes;

const RULE: &str = "boundary-job-failure";

/// So many jobs that were last tried five hours after the change, and what another stream shows so much later.
fn ended(outcome: Outcome, jobs: u64, later: Duration) -> World {
    let mut world = World::ready();
    let (class, first, last) = (world.id("w"), world.cite(h(5)), world.cite(h(6)));
    let one = Boundary { class, outcome, is_old: false, later, jobs, first, last };
    world.facts(|facts| {
        facts.crossing.push(Crossing { class, jobs: 4, example: first });
        facts.boundary.push(one);
    })
}

#[test]
fn a_refused_job_fires_and_cites_its_tries() {
    let finding = ended(Outcome::AuthFailure, 3, Duration::ZERO).fires(RULE);
    assert_eq!(cited(&finding), [h(5), h(6)]);
    assert_eq!(
        finding.summary,
        "`w` tried 4 jobs after the change that were queued before it; the last attempt of 3 went wrong: 3 refused, from 2026-03-02T14:00:00Z to 2026-03-02T15:00:00Z"
    );
    assert_eq!((finding.total, finding.waivable.is_waivable()), (3, true));
    ended(Outcome::Denied, 1, Duration(0)).fires(RULE);
    World::ready().silent(RULE);
}

#[test]
fn old_use_in_the_window_is_named_as_such() {
    let world = ended(Outcome::Success, 1, Duration::ZERO);
    let world = world.facts(|facts| facts.boundary[0].is_old = true);
    assert!(world.fires(RULE).summary.contains("1 used the old version in the window"));
}

#[test]
fn a_better_try_of_another_clock_must_lie_further_off_than_clocks_differ() {
    let later = |later: Duration| ended(Outcome::AuthFailure, 1, later);
    later(Duration::ZERO).fires(RULE);
    later(minutes(1)).silent(RULE);
    let unsure =
        |later| ended(Outcome::AuthFailure, 1, later).consumer("w", |c| c.limits.skew = minutes(5));
    unsure(minutes(4)).fires(RULE);
    unsure(minutes(5)).silent(RULE);
    // Clocks without any promised difference do not make equal times an order.
    later(Duration::ZERO).consumer("w", |c| c.limits.skew = Duration::ZERO).fires(RULE);
}

#[test]
fn it_is_off_where_such_work_may_fail_or_the_class_is_disabled() {
    let world = || ended(Outcome::AuthFailure, 1, Duration::ZERO);
    let said = |way| world().plan(|plan| plan.rotation.in_flight = Some(way));
    said(InFlight::Fail).silent(RULE);
    said(InFlight::Requeue).fires(RULE);
    said(InFlight::Finish).fires(RULE);
    world().consumer("w", |c| c.disabled = true).silent(RULE);
}
