/*! `undeclared-consumer`: old use since the change that no class matches. */

use holdover::model::Micros;
use holdover::model::decision::Verdict;

use super::build::{World, cited, h};

const RULE: &str = "undeclared-consumer";

#[test]
fn old_use_of_no_class_fires_at_any_age() {
    let finding = World::ready().undeclared("laptop", &[h(1), h(3)]).fires(RULE);
    assert_eq!(cited(&finding), [h(1), h(3)]);
    assert_eq!(finding.class, None);
    assert!(finding.remedy.contains("service_name = \"laptop\""), "{}", finding.remedy);
    assert_eq!(World::ready().undeclared("laptop", &[h(1)]).verdict(), Verdict::NotReady);
    World::ready().silent(RULE);
}

#[test]
fn the_change_itself_is_since_the_change() {
    World::ready().undeclared("laptop", &[h(0)]).fires(RULE);
    World::ready().undeclared("laptop", &[h(0) - Micros(1)]).silent(RULE);
}

#[test]
fn each_consumer_is_a_finding_of_its_own() {
    let world = World::ready().undeclared("one", &[h(1)]).undeclared("two", &[h(2)]);
    assert_eq!(world.all(RULE).len(), 2);
}
