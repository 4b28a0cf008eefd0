/*! `unmapped-marker`: an old marker where no field is mapped. */

use holdover::model::coverage::StreamId;
use holdover::model::facts::Unmapped;
use holdover::model::{Duration, Place, Timestamp, VersionId};

use super::build::{World, cited, h};

const RULE: &str = "unmapped-marker";

fn with(first: Timestamp, last: Timestamp) -> World {
    let at = |time, record| (time, Place { record, ..Place::default() });
    World::ready().facts(|facts| {
        facts.unmapped.push(Unmapped {
            stream: StreamId(0),
            version: VersionId(0),
            pointer: "/request/key".to_owned(),
            count: 12,
            first: at(first, 3),
            last: at(last, 9),
        });
    })
}

#[test]
fn it_names_the_pointer_to_map() {
    let finding = with(h(50), h(60)).fires(RULE);
    assert_eq!(cited(&finding), [h(50), h(60)]);
    assert_eq!(
        finding.summary,
        "12 records of w in the window hold a marker of `v1` at `/request/key`, where it is not read as the credential"
    );
    assert!(finding.remedy.contains("\"/request/key\"]"));
}

#[test]
fn only_the_window_counts() {
    with(h(10), h(48)).fires(RULE);
    with(h(10), h(48) - Duration(1)).silent(RULE);
    with(h(96), h(97)).fires(RULE);
    with(h(97), h(98)).silent(RULE);
}
