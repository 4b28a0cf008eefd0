/*! `split-brain`: instances, or classes, on different truths at once. */

use holdover::model::Micros;

use super::build::{World, cited, h, hours, row};

const RULE: &str = "split-brain";

#[test]
fn two_instances_on_two_truths_fire() {
    let finding = World::ready().old("w", "i2", h(90)).fires(RULE);
    assert!(cited(&finding).contains(&h(90)), "{finding:?}");
    World::ready().silent(RULE);
}

#[test]
fn only_the_window_counts() {
    World::ready().old("w", "i2", h(48)).fires(RULE);
    World::ready().old("w", "i2", h(48) - Micros(1)).silent(RULE);
}

#[test]
fn the_last_use_of_an_instance_decides() {
    World::ready().old("w", "i2", h(90)).new_ok("w", "i2", h(91)).silent(RULE);
    World::ready().new_ok("w", "i2", h(90)).old("w", "i2", h(91)).fires(RULE);
}

#[test]
fn without_instances_three_turns_over_more_than_a_session_fire() {
    let world = || World::new().class("w").consumer("w", |c| c.session_max = Some(hours(2)));
    let turns = |last: Micros| {
        let uses = world().put(row("w").old().at(h(90))).put(row("w").at(h(91)));
        uses.put(row("w").old().at(h(91) + Micros(1))).put(row("w").at(last))
    };
    turns(h(92) + Micros(1)).fires(RULE);
    turns(h(92)).silent(RULE);
}

#[test]
fn classes_on_different_truths_are_one_finding_of_the_rotation() {
    let finding = World::ready().class("v").put(row("v").on("j").old().at(h(90))).fires(RULE);
    assert_eq!(finding.class, None);
    assert!(
        finding.summary.contains("v on old") && finding.summary.contains("w on new"),
        "{}",
        finding.summary
    );
}
