/*! `zone-assumed`: times that may lie hours beside. */

use holdover::model::coverage::StreamId;
use holdover::model::decision::Verdict;
use holdover::model::facts::Zoneless;

use super::build::{World, cited, h};

const RULE: &str = "zone-assumed";

fn zoneless(records: u64) -> World {
    let mut world = World::ready();
    let (first, last) = (world.cite(h(10)), world.cite(h(20)));
    world.facts(|facts| facts.zoneless.push(Zoneless { stream: StreamId(0), records, first, last }))
}

#[test]
fn it_counts_them_and_advises() {
    let finding = zoneless(3).fires(RULE);
    assert_eq!(finding.summary, "3 records of `w` name no time zone and are read as UTC");
    assert_eq!((cited(&finding), finding.total), (vec![h(10), h(20)], 3));
    assert_eq!(
        zoneless(1).fires(RULE).summary,
        "1 record of `w` names no time zone and is read as UTC"
    );
    assert_eq!(zoneless(3).verdict(), Verdict::Ready);
    World::ready().silent(RULE);
}
