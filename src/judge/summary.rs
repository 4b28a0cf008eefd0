/*! The one sentence that somebody who reads nothing else should read. */

use super::case::Case;
use super::words::{list, plural};
use crate::model::State;
use crate::model::decision::{Mode, Verdict};
use crate::model::finding::Finding;
use crate::model::ledger::LedgerRow;

/// The sentence under the verdict.
pub(super) fn sentence(
    case: &Case,
    verdict: Verdict,
    (classes, findings): (&[LedgerRow], &[Finding]),
) -> String {
    let old = old_versions(case);
    let counted = |of: Verdict| {
        let names: Vec<&str> =
            classes.iter().filter(|row| row.verdict == of).map(|row| row.name.as_str()).collect();
        if names.is_empty() { "the rotation as a whole".to_owned() } else { list(&names) }
    };
    let withheld = counted(Verdict::Inconclusive);
    let blocked = counted(Verdict::NotReady);
    match (case.mode, verdict) {
        (Mode::Planned, Verdict::Ready | Verdict::Inconclusive) => format!(
            "not yet: the new version is introduced at {} only, so nothing can be proven before",
            case.t0
        ),
        (Mode::Postmortem, Verdict::Ready) => {
            format!("the revocation of {old} held: {}{}", all(classes), waived(findings))
        }
        (Mode::Postmortem, Verdict::Inconclusive) => {
            format!("not proven that the revocation of {old} held: proof is missing for {withheld}")
        }
        (Mode::Postmortem, Verdict::NotReady) => {
            format!("the revocation of {old} did not hold: there is proof against it for {blocked}")
        }
        (Mode::PreRevocation, Verdict::Ready) => {
            format!("{old} may be revoked: {}{}", all(classes), waived(findings))
        }
        (Mode::PreRevocation, Verdict::Inconclusive) => format!(
            "do not revoke {old} yet: nothing speaks against it, but proof is missing for {withheld}"
        ),
        (Mode::Planned | Mode::PreRevocation, Verdict::NotReady) => {
            format!("do not revoke {old}: there is proof against it for {blocked}")
        }
    }
}

fn old_versions(case: &Case) -> String {
    let names: Vec<String> = case
        .plan
        .versions
        .iter()
        .filter(|version| version.state == State::Old)
        .map(|version| format!("`{}`", version.name))
        .collect();
    format!("{} of {}", list(&names), case.plan.credential.name)
}

fn all(classes: &[LedgerRow]) -> String {
    match classes.len() as u64 {
        1 => "its one consumer class is proven to do without it".to_owned(),
        n => format!(
            "all {} are proven to do without it",
            plural(n, "consumer class", "consumer classes")
        ),
    }
}

fn waived(findings: &[Finding]) -> String {
    let mut waivers: Vec<_> =
        findings.iter().filter_map(|finding| finding.waived.as_ref()).collect();
    waivers.sort_by_key(|by| (by.until, &by.owner, &by.reason));
    waivers.dedup();
    match waivers.len() as u64 {
        0 => String::new(),
        n => format!(" (ready with {})", plural(n, "waiver", "waivers")),
    }
}
