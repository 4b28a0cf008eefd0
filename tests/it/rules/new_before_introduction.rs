/*! `new-before-introduction`: new use before the plan says that there was any. */

use holdover::model::Duration;
use holdover::model::decision::Verdict;

use super::build::{World, cited, h, row};

const RULE: &str = "new-before-introduction";

#[test]
fn a_use_before_the_change_advises() {
    let world = World::ready().put(row("w").denied().on("i1").at(h(-2)));
    let finding = world.fires(RULE);
    assert_eq!(cited(&finding), [h(-2)]);
    assert_eq!(finding.cites.plan_site(), Some("holdover.toml:10:1"));
    assert_eq!(
        finding.summary,
        "`w` used `v2` once before its introduction at 2026-03-02T09:00:00Z: at 2026-03-02T07:00:00Z on i1"
    );
    assert_eq!(world.verdict(), Verdict::Ready);
    World::ready().silent(RULE);
}

#[test]
fn at_the_change_it_is_in_time() {
    World::ready().put(row("w").at(h(0))).silent(RULE);
    World::ready().put(row("w").at(h(0) - Duration(1))).fires(RULE);
    World::ready().put(row("w").coarse(h(-9), h(0))).silent(RULE);
    World::ready().put(row("w").inferred().at(h(-9))).silent(RULE);
}
