/*! `no-evidence`: an empty set never passes. */

use holdover::model::decision::Verdict;

use super::build::{World, h, row};

const RULE: &str = "no-evidence";

#[test]
fn it_fires_where_nothing_was_attributed() {
    let decision = World::new().decide();
    assert_eq!(decision.verdict, Verdict::Inconclusive);
    let finding = World::new().class("w").fires(RULE);
    assert_eq!(finding.class, None);
    assert_eq!(finding.cites.searched(), ["w"]);
    assert!(!finding.waivable.is_waivable());
}

#[test]
fn one_row_up_to_the_end_is_evidence() {
    World::new().class("w").put(row("w").at(h(96))).silent(RULE);
    World::new().class("w").put(row("w").at(h(97))).fires(RULE);
}

#[test]
fn a_world_made_of_proof_is_ready() {
    let decision = World::ready().decide();
    let left: Vec<&str> = decision.findings.iter().map(|f| f.summary.as_str()).collect();
    assert_eq!(left, Vec::<&str>::new());
    assert_eq!(decision.verdict, Verdict::Ready);
    assert_eq!(
        decision.summary,
        "`v1` of token may be revoked: 1 consumer was seen working on `v2`, and none was seen using `v1` in the last 48 h; no waivers"
    );
}
