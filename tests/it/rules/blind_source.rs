/*! `blind-source`: what no source of the report would show. */

use holdover::model::coverage::StreamId;
use holdover::model::decision::Verdict;
use holdover::model::facts::Source;

use super::build::World;

const RULE: &str = "blind-source";

fn read_by(never: &[&str], streams: &[u32]) -> World {
    let source = Source {
        profile: "cloudtrail".to_owned(),
        never: never.iter().map(|one| (*one).to_owned()).collect(),
        streams: streams.iter().map(|id| StreamId(*id)).collect(),
    };
    World::ready().facts(|facts| facts.sources.push(source))
}

#[test]
fn it_repeats_what_a_source_never_records() {
    let world = read_by(&["data events", "resumed sessions"], &[0]);
    let finding = world.fires(RULE);
    assert_eq!(finding.summary, "`cloudtrail` does not record: data events; resumed sessions");
    assert_eq!(finding.cites.searched(), ["w"]);
    assert_eq!(world.verdict(), Verdict::Ready, "it advises");
}

#[test]
fn a_source_that_carries_no_class_or_misses_nothing_is_not_named() {
    read_by(&[], &[0]).silent(RULE);
    read_by(&["data events"], &[]).silent(RULE);
    let idle = |world: World| world.facts(|facts| facts.streams[0].carries.clear());
    idle(read_by(&["data events"], &[0])).silent(RULE);
    World::ready().silent(RULE);
}
