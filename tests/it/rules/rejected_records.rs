/*! `rejected-records`: what could not be understood where it would matter, and what holds an old marker. */

use std::collections::BTreeMap;

use holdover::model::coverage::{RejectRun, StreamId};
use holdover::model::{Duration, InputId, Place, Timestamp};

use super::build::{World, cited, h};

const RULE: &str = "rejected-records";

fn run(count: u64, near: Option<Timestamp>) -> RejectRun {
    RejectRun {
        input: InputId::default(),
        streams: vec![StreamId(0)],
        count,
        reasons: BTreeMap::from([("bad-json".to_owned(), count)]),
        before: near,
        after: near,
        old_marker: None,
        first: Place { record: 7, offset: 70, length: 10, ..Place::default() },
    }
}

fn with(run: RejectRun) -> World {
    World::ready().facts(|facts| facts.rejects.push(run))
}

#[test]
fn one_in_a_thousand_may_be_rejected() {
    // The window holds 289 beats and 8 rows.
    let bearable =
        |share: f64| with(run(3, Some(h(60)))).consumer("w", |c| c.limits.rejected_share = share);
    bearable(0.01).silent(RULE);
    let finding = bearable(0.0099).fires(RULE);
    assert_eq!(cited(&finding), [h(60)]);
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((3, 300)));
    assert_eq!(
        finding.summary,
        "3 of 300 records of w, where `w` is logged, could not be understood: bad-json (3)"
    );
}

#[test]
fn a_hundred_in_a_row_are_too_many() {
    let lenient =
        |n: u64| with(run(n, Some(h(60)))).consumer("w", |c| c.limits.rejected_share = 0.9);
    lenient(99).silent(RULE);
    lenient(100).fires(RULE);
}

#[test]
fn only_what_lies_within_the_need_counts() {
    with(run(5, Some(h(48)))).fires(RULE);
    with(run(5, Some(h(48) - Duration(1)))).silent(RULE);
    with(run(5, Some(h(97)))).silent(RULE);
    with(run(5, None)).fires(RULE);
    let around = RejectRun { before: Some(h(10)), after: Some(h(97)), ..run(5, None) };
    with(around).fires(RULE);
}

#[test]
fn an_old_marker_in_a_reject_is_never_waived() {
    let place = Place { record: 9, ..Place::default() };
    let holding = RejectRun { old_marker: Some((2, place)), ..run(5, Some(h(-300))) };
    let finding = with(holding.clone()).fires(RULE);
    assert!(!finding.waivable.is_waivable() && finding.class.is_some());
    assert_eq!(finding.total, 2);
    let unowned = RejectRun { streams: vec![], ..holding };
    let all = with(unowned).all(RULE);
    assert!(all.iter().all(|finding| finding.class.is_none()));
    assert!(all.iter().any(|finding| !finding.waivable.is_waivable()));
}

#[test]
fn an_input_without_any_stream_withholds_from_the_rotation() {
    let finding = with(RejectRun { streams: vec![], ..run(5, None) }).fires(RULE);
    assert_eq!(finding.class, None);
    with(RejectRun { streams: vec![], ..run(5, Some(h(-300))) }).silent(RULE);
}
