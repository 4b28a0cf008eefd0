/*! `old-use-in-window`: old use in the time that was to be free of it. */

use holdover::model::finding::Severity;
use holdover::model::{Duration, Kind, Timestamp, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "old-use-in-window";

#[test]
fn it_counts_the_uses_and_cites_their_ends() {
    let world = World::ready().old("w", "i2", h(60)).old("w", "i3", h(50));
    let finding = world.put(row("w").old().refused().count(3).between(h(70), h(71))).fires(RULE);
    assert_eq!(cited(&finding), [h(50), h(60), h(70), h(71)]);
    assert_eq!(
        (finding.severity, finding.total, finding.waivable.is_waivable()),
        (Severity::Blocks, 5, false)
    );
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((5, 13)));
    assert_eq!(
        finding.summary,
        "`w` used `v1` 5 times in the 48 h up to 2026-03-06T09:00:00Z: from 2026-03-04T11:00:00Z to 2026-03-05T08:00:00Z on i2 and i3"
    );
    World::ready().silent(RULE);
}

#[test]
fn both_ends_of_the_window_are_in() {
    let at = |at: Timestamp| World::ready().old("w", "i1", at);
    at(h(48)).fires(RULE);
    at(h(48) - Duration(1)).silent(RULE);
    at(h(96)).fires(RULE);
}

#[test]
fn old_use_after_the_end_fires_too() {
    let finding = World::ready().old("w", "i1", h(96) + Duration(1)).fires(RULE);
    assert!(
        finding.summary.ends_with("the time of this report: at 2026-03-06T09:00:00.000001Z on i1"),
        "{}",
        finding.summary
    );
}

#[test]
fn a_coarse_use_counts_with_any_part_of_its_interval() {
    let from = |end: Timestamp| World::ready().put(row("w").old().coarse(h(24), end));
    from(h(48)).fires(RULE);
    from(h(48) - Duration(1)).silent(RULE);
}

#[test]
fn what_is_no_old_use_does_not_fire() {
    World::ready().put(row("w").old().inferred().at(h(90))).silent(RULE);
    World::ready().put(row("w").old().kind(Kind::Lookup).at(h(90))).silent(RULE);
    World::ready().put(row("w").unversioned().at(h(90))).silent(RULE);
    World::ready().put(row("w").old().derived().at(h(90))).fires(RULE);
}

#[test]
fn a_row_of_two_classes_fires_for_both() {
    let world = World::ready().class("x").steady("x", "i9");
    let shared = |class: &str| row(class).old().ambiguous().at(h(90));
    let all = world.put(shared("w")).put(shared("x")).all(RULE);
    assert_eq!(all.len(), 2);
    assert!(all[0].summary.ends_with("; 1 also matches another consumer"), "{}", all[0].summary);
}

#[test]
fn a_disabled_class_is_free_of_it_since_the_change() {
    let off = |at: Timestamp| {
        World::ready().class("x").consumer("x", |c| c.disabled = true).old("x", "i1", at)
    };
    off(h(0)).fires(RULE);
    off(h(0) - Duration(1)).silent(RULE);
    let early = off(h(0) - Duration(1)).plan(|p| p.rotation.window = h(97) - h(0));
    assert!(early.all(RULE).iter().all(|finding| finding.class != Some(early.id("x"))));
}

#[test]
fn an_indirect_class_is_asked_too() {
    World::ready().consumer("w", |c| c.usage = Use::Indirect).old("w", "i1", h(90)).fires(RULE);
}
