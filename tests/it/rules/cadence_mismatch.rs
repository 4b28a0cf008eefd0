/*! `cadence-mismatch`: declared and learned differ by more than two times. */

use super::build::{World, hours};
use holdover::model::Micros;

const RULE: &str = "cadence-mismatch";

/// The baseline runs every six hours.
fn declared(every: Micros) -> World {
    World::ready().consumer("w", |c| c.every = Some(every))
}

#[test]
fn more_than_twice_is_told() {
    let finding = declared(hours(24)).fires(RULE);
    assert!(
        finding.summary.contains("24h0m") && finding.summary.contains("6h0m"),
        "{}",
        finding.summary
    );
    declared(hours(2)).fires(RULE);
    declared(hours(6)).silent(RULE);
}

#[test]
fn exactly_twice_is_not() {
    declared(hours(12)).silent(RULE);
    declared(hours(12) + Micros(1)).fires(RULE);
    declared(hours(3)).silent(RULE);
}
