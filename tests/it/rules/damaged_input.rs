/*! `damaged-input`: an input that ended early. */

use holdover::model::coverage::{Damage, StreamId};

use super::build::{World, cited, h};

const RULE: &str = "damaged-input";

fn damaged(streams: Vec<StreamId>, old_marker: bool) -> World {
    let what = "gzip stream ends early after 4096 bytes".to_owned();
    World::ready().facts(|facts| {
        facts.inputs[0].streams = streams;
        facts.inputs[0].damage =
            vec![Damage { what, offset: 4096, after: Some(h(-5)), old_marker }];
    })
}

#[test]
fn it_fires_on_each_class_its_streams_carry() {
    let finding = damaged(vec![StreamId(0)], false).fires(RULE);
    assert!(finding.class.is_some() && finding.waivable.is_waivable());
    assert_eq!(cited(&finding), [h(-5)]);
    assert_eq!(
        finding.summary,
        "1 input with records of `w` is damaged: app.log, gzip stream ends early after 4096 bytes; records are missing after 2026-03-02T04:00:00Z"
    );
}

#[test]
fn it_fires_on_the_rotation_where_no_class_is_known() {
    assert_eq!(damaged(vec![], false).fires(RULE).class, None);
}

#[test]
fn bytes_with_an_old_marker_are_never_waived() {
    assert!(!damaged(vec![StreamId(0)], true).fires(RULE).waivable.is_waivable());
    World::ready().silent(RULE);
}
