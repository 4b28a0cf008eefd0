/*! `first-cycle-unseen`: no fresh success since the revocation. */

use holdover::model::{Duration, Timestamp, Use};

use super::build::{World, cited, h, row};

const RULE: &str = "first-cycle-unseen";

/// The last new success is that of `h(91)`.
fn revoked(at: Timestamp) -> World {
    World::ready().plan(|p| p.rotation.revoked = Some(at))
}

#[test]
fn a_fresh_success_must_be_later_than_the_revocation() {
    revoked(h(91) - Duration(1)).silent(RULE);
    let finding = revoked(h(91)).fires(RULE);
    assert_eq!(cited(&finding), [h(91)]);
    assert_eq!(finding.cites.searched(), ["w"]);
    assert_eq!(
        finding.summary,
        "no success since the revocation at 2026-03-06T04:00:00Z proves that `w` works on `v2`: its last success on `v2` was at 2026-03-06T04:00:00Z"
    );
    revoked(h(92)).put(row("w").degraded().at(h(93))).fires(RULE);
}

#[test]
fn before_a_revocation_it_is_silent() {
    World::ready().silent(RULE);
    revoked(h(96) + Duration(1)).silent(RULE);
    revoked(h(96)).fires(RULE);
}

#[test]
fn classes_that_need_no_fresh_success_are_not_asked() {
    revoked(h(92)).consumer("w", |c| c.disabled = true).silent(RULE);
    revoked(h(92)).consumer("w", |c| c.usage = Use::Indirect).silent(RULE);
}
