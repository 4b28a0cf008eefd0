/*! Which pair is the handover, and what is not one. */

use std::collections::BTreeSet;

use crate::model::columns::Column;
use crate::model::{Duration, Span, Timestamp};

use super::tally::{CredentialTally, NamedConsumer, Usage};
use super::{discover, draft};

fn used(tally: &mut CredentialTally, uid: &str, name: &str, hours: &[i64]) {
    let consumer = NamedConsumer { by: Column::ServiceName, name: name.to_owned() };
    let at = |hour: i64| Timestamp(hour * 3_600_000_000);
    let span = hours
        .iter()
        .min()
        .zip(hours.iter().max())
        .map(|(first, last)| Span { from: at(*first), to: at(*last) });
    let usage = Usage {
        records: hours.len() as u64,
        span,
        minutes: hours.iter().map(|hour| hour * 60).collect(),
        refused: 0,
        sources: BTreeSet::from(["json".to_owned()]),
    };
    tally.markers.insert(uid.to_owned(), uid.to_owned());
    tally.usages.insert((uid.to_owned(), Some(consumer)), usage);
}

#[test]
fn the_handover_is_what_consumers_used_one_after_the_other() {
    let mut tally = CredentialTally::default();
    used(&mut tally, "k1", "a", &[0, 1, 2, 3]);
    used(&mut tally, "k1", "b", &[0, 5]);
    used(&mut tally, "k2", "a", &[4, 5, 6]);
    // Another credential of the same consumer, there from the start.
    used(&mut tally, "db", "a", &[0, 1, 2, 3, 4, 5]);
    let found = discover(tally, 1);
    let handover = found.handover.as_ref().expect("a handover");
    let uid = |position: usize| found.credentials[position].uid.as_str();
    assert_eq!((uid(handover.old), uid(handover.new), handover.consumers), ("k1", "k2", 1));
    assert_eq!(found.credentials.len(), 3);
    assert_eq!(found.credentials[0].uid, "db", "the busiest first");
    let (usual, most) = found.credentials[0].users[0].gaps.expect("gaps");
    assert_eq!((usual, most), (Duration::HOUR, Duration::HOUR));
}

#[test]
fn more_consumers_outweigh_more_records() {
    let mut tally = CredentialTally::default();
    for name in ["a", "b", "c"] {
        used(&mut tally, "k1", name, &[0, 1]);
        used(&mut tally, "k2", name, &[7, 8]);
    }
    used(&mut tally, "db", "a", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let found = discover(tally, 1);
    let handover = found.handover.expect("a handover");
    assert_eq!(found.credentials[handover.old].uid, "k1");
    assert_eq!((found.credentials[handover.new].uid.as_str(), handover.consumers), ("k2", 3));
}

#[test]
fn a_credential_that_appears_with_another_does_not_follow_it() {
    let mut tally = CredentialTally::default();
    used(&mut tally, "k1", "a", &[0, 9]);
    used(&mut tally, "k2", "a", &[0, 9]);
    used(&mut tally, "k3", "b", &[5, 9]);
    assert_eq!(discover(tally, 1).handover, None);
    assert_eq!(draft(&discover(CredentialTally::default(), 0)), None, "nothing to draft from");
}
