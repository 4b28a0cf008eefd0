/*! `undeclared-baseline`: old use by nobody's class before the change, and none since. */

use holdover::model::Duration;

use super::build::{World, cited, h};

const RULE: &str = "undeclared-baseline";

#[test]
fn it_names_the_hints_and_cites_the_first_and_last() {
    let finding = World::ready().undeclared("cron", &[h(-30), h(-20), h(-10)]).fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(cited(&finding), [h(-30), h(-10)]);
    assert_eq!((finding.total, finding.hints.len()), (3, 1));
    assert!(finding.remedy.contains("match = [{ service_name = \"cron\" }]"), "{}", finding.remedy);
}

#[test]
fn use_since_the_change_is_another_rule() {
    World::ready().undeclared("cron", &[h(-30), h(0)]).silent(RULE);
    World::ready().undeclared("cron", &[h(-30), h(0) - Duration(1)]).fires(RULE);
    World::ready().silent(RULE);
}
