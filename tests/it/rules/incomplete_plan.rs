/*! `incomplete-plan`: what a decision needs and the plan does not say. */

use holdover::model::facts::Crossing;
use holdover::model::{ClassId, Refresh, Use};
use holdover::plan::{Consumer, InFlight};

use super::build::{World, cited, h, hours};

const RULE: &str = "incomplete-plan";

fn class(change: impl FnOnce(&mut Consumer)) -> World {
    World::ready().consumer("w", change)
}

#[test]
fn each_missing_part_of_a_class_is_named() {
    let finding = class(|c| (c.owner, c.refresh) = (None, None)).fires(RULE);
    assert_eq!(finding.summary, "the plan does not set owner, refresh and session_max of `w`");
    assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
    class(|c| c.owner = Some(" ".to_owned())).fires(RULE);
    class(|c| c.refresh = Some(Refresh::Cached)).fires(RULE);
    class(|c| (c.refresh, c.session_max) = (Some(Refresh::Cached), Some(hours(1)))).silent(RULE);
    World::ready().silent(RULE);
}

#[test]
fn other_classes_need_less() {
    class(|c| (c.usage, c.owner) = (Use::Indirect, None)).silent(RULE);
    let finding = class(|c| (c.disabled, c.refresh) = (true, None)).fires(RULE);
    assert_eq!(finding.summary, "the plan does not set disabled_reason of `w`");
}

#[test]
fn the_rotation_needs_a_way_back_and_somebody_who_decides() {
    let world = World::ready().plan(|p| {
        (p.rotation.rollback, p.rotation.decision_owner) = (None, None);
    });
    let finding = world.fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(
        finding.summary,
        "the plan does not set rollback and decision_owner of the rotation"
    );
}

#[test]
fn jobs_that_cross_the_change_need_a_word() {
    let mut world = World::ready();
    let crossing = Crossing { class: ClassId(0), jobs: 3, example: world.cite(h(2)) };
    let world = world.facts(|f| f.crossing.push(crossing));
    assert_eq!(cited(&world.fires(RULE)), [h(2)]);
    world.plan(|p| p.rotation.in_flight = Some(InFlight::Fail)).silent(RULE);
}
