/*! `old-use-after-revocation`: somebody still presents what was revoked. */

use holdover::model::{Duration, Timestamp};

use super::build::{World, cited, h, row};

const RULE: &str = "old-use-after-revocation";

fn revoked(at: Timestamp) -> World {
    World::ready().plan(|p| p.rotation.revoked = Some(at))
}

#[test]
fn it_says_who_how_many_when_and_what_is_at_risk() {
    let world = revoked(h(10)).consumer("w", |c| c.effects = vec!["invoices".to_owned()]);
    let world = world.put(row("w").old().refused().on("i2").at(h(20))).old("w", "i3", h(30));
    let finding = world.fires(RULE);
    assert_eq!(cited(&finding), [h(20), h(30)]);
    assert_eq!(
        finding.summary,
        "`w` used `v1` twice after its revocation at 2026-03-02T19:00:00Z: from 2026-03-03T05:00:00Z to 2026-03-03T15:00:00Z on i2 and i3; 1 with success (at risk: invoices)"
    );
    assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((2, 16)));
    revoked(h(10)).silent(RULE);
}

#[test]
fn it_looks_from_the_revocation_on_whatever_the_window() {
    let old = |at| revoked(h(10)).old("w", "i2", at);
    old(h(10)).fires(RULE);
    old(h(10) - Duration(1)).silent(RULE);
    old(h(97)).fires(RULE);
    revoked(h(10)).consumer("w", |c| c.disabled = true).old("w", "i2", h(20)).fires(RULE);
}

#[test]
fn before_a_revocation_there_is_none_after_it() {
    World::ready().old("w", "i2", h(20)).silent(RULE);
    revoked(h(96) + Duration(1)).old("w", "i2", h(98)).silent(RULE);
    revoked(h(96)).old("w", "i2", h(98)).fires(RULE);
}
