/*! `exception-path-untested`: a path that runs when things go wrong was not run on the new version. */

use holdover::model::PathKind;
use holdover::model::ledger::ExceptionTest;

use super::build::{World, cited, h, row};

const RULE: &str = "exception-path-untested";

fn replay() -> World {
    let world = World::new().class("replay").old("replay", "i1", h(-40));
    world.consumer("replay", |c| c.path = PathKind::Exception)
}

#[test]
fn it_fires_with_the_state_of_the_silence() {
    let finding = replay().fires(RULE);
    assert_eq!(cited(&finding), [h(-40)]);
    assert!(
        finding.summary.starts_with(
            "no success proves that exception path `replay` works on `v2` (silent, schedule unknown)"
        ),
        "{}",
        finding.summary
    );
    assert_eq!(replay().decide().classes[0].exception_test, ExceptionTest::Missing);
}

#[test]
fn one_fresh_success_passes_the_test() {
    let world = replay().new_ok("replay", "i1", h(0));
    world.silent(RULE);
    assert_eq!(world.decide().classes[0].exception_test, ExceptionTest::Passed);
    let refused = world.put(row("replay").refused().at(h(1)));
    assert_eq!(refused.decide().classes[0].exception_test, ExceptionTest::Failed);
}

#[test]
fn a_success_before_the_change_is_none() {
    replay().new_ok("replay", "i1", h(-1)).fires(RULE);
    replay().consumer("replay", |c| c.disabled = true).silent(RULE);
    replay().consumer("replay", |c| c.path = PathKind::Background).silent(RULE);
}
