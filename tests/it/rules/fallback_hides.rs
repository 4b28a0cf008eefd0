/*! `fallback-hides`: degraded successes exist at all. */

use holdover::model::decision::Verdict;
use holdover::model::{Duration, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "fallback-hides";

#[test]
fn one_degraded_success_advises_before_and_after_the_change() {
    let world = World::ready().put(row("w").old().degraded().at(h(-9)));
    let finding = world.fires(RULE);
    assert_eq!(cited(&finding), [h(-9)]);
    assert_eq!(
        finding.summary,
        "1 success of `w` went through its fallback, at 2026-03-02T00:00:00Z: it can keep succeeding while its credential is refused"
    );
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 73)));
    assert_eq!(world.verdict(), Verdict::Ready);
    World::ready().silent(RULE);
}

#[test]
fn it_looks_up_to_the_end_and_at_successes_alone() {
    let at = |at| World::ready().put(row("w").degraded().at(at));
    at(h(96)).fires(RULE);
    at(h(96) + Duration(1)).silent(RULE);
    World::ready().put(row("w").degraded().refused().at(h(90))).silent(RULE);
}

#[test]
fn an_indirect_class_is_told_and_a_disabled_one_is_not() {
    let world = World::ready().put(row("w").degraded().at(h(90)));
    world.clone().consumer("w", |c| c.usage = Use::Indirect).fires(RULE);
    world.consumer("w", |c| c.disabled = true).silent(RULE);
}
