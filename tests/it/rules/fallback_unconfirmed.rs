/*! `fallback-unconfirmed`: a fallback hides whether the path itself works. */

use holdover::model::{Duration, Use};
use holdover::plan::MatchTable;

use super::build::{World, cited, h, row};

const RULE: &str = "fallback-unconfirmed";

fn indirect() -> World {
    let world = World::ready().class("ui").put(row("ui").unversioned().at(h(-9)));
    world.consumer("ui", |c| {
        c.usage = Use::Indirect;
        c.fallback = vec![MatchTable { entries: Vec::new() }];
    })
}

#[test]
fn an_indirect_class_needs_an_undegraded_success_since_the_change() {
    let finding = indirect().fires(RULE);
    assert_eq!(cited(&finding), [h(-9)]);
    indirect().put(row("ui").unversioned().degraded().at(h(9))).fires(RULE);
    indirect().put(row("ui").unversioned().ambiguous().at(h(9))).fires(RULE);
    indirect().put(row("ui").unversioned().at(h(0) - Duration(1))).fires(RULE);
    indirect().put(row("ui").unversioned().at(h(0))).silent(RULE);
}

#[test]
fn a_missing_fresh_success_is_said_elsewhere() {
    let direct = indirect().consumer("ui", |c| c.usage = Use::Direct);
    direct.silent(RULE);
    direct.fires("silent-consumer");
}

#[test]
fn only_fallbacks_are_asked() {
    indirect().consumer("ui", |c| c.disabled = true).silent(RULE);
    indirect().consumer("ui", |c| c.fallback.clear()).silent(RULE);
    let is_one = indirect().consumer("ui", |c| (c.fallback, c.is_fallback) = (Vec::new(), true));
    is_one.fires(RULE);
}
