/*! `cadence-mismatch`: plan and logs disagree on how often a class runs. */

use holdover::model::Duration;
use holdover::model::decision::Verdict;

use super::build::{World, cited, h, hours};

const RULE: &str = "cadence-mismatch";

/// It ran every six hours.
fn every(length: Duration) -> World {
    World::ready().consumer("w", |c| c.every = Some(length))
}

#[test]
fn more_than_two_times_apart_advises() {
    every(hours(12)).silent(RULE);
    every(hours(12) + Duration(1)).fires(RULE);
    every(hours(3)).silent(RULE);
    every(hours(3) - Duration(1)).fires(RULE);
}

#[test]
fn it_states_both_and_cites_the_plan_and_the_baseline() {
    let finding = every(hours(24)).fires(RULE);
    assert_eq!(cited(&finding), [h(-336), h(-6)]);
    assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
    assert_eq!(
        finding.summary,
        "the plan says that `w` runs every 24 h; before the change, the longest of 55 gaps between its runs was 6 h"
    );
    assert_eq!(every(hours(24)).verdict(), Verdict::Ready);
}

#[test]
fn both_must_be_known() {
    World::ready().silent(RULE);
    let unlearned = World::new().class("w").old("w", "i1", h(-9)).old("w", "i1", h(-8));
    unlearned.consumer("w", |c| c.every = Some(hours(240))).silent(RULE);
    every(hours(24)).consumer("w", |c| c.disabled = true).silent(RULE);
}
