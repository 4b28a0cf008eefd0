/*! The one sentence that somebody who reads nothing else should read. */

use super::case::Case;
use super::class::ClassCase;
use super::words::{list, plural};
use crate::model::decision::{Mode, Verdict, WaiverView};
use crate::model::finding::{Finding, Severity};
use crate::model::ledger::LedgerRow;
use crate::model::{State, Use};

/// The sentence under the verdict.
pub(super) fn sentence(
    case: &Case,
    verdict: Verdict,
    (classes, findings, waivers): (&[LedgerRow], &[Finding], &[WaiverView]),
) -> String {
    let old = old_versions(case);
    let withheld = concerned(Severity::Withholds, classes, findings);
    let blocked = concerned(Severity::Blocks, classes, findings);
    let open = match concerned_classes(Verdict::Inconclusive, classes) {
        names if names.is_empty() => String::new(),
        names => format!("; proof is missing for {}", list(&names)),
    };
    match (case.mode, verdict) {
        (Mode::Planned, Verdict::Ready | Verdict::Inconclusive) => format!(
            "not yet: the new version is introduced at {} only, so nothing can be proven before",
            case.introduced
        ),
        (Mode::Postmortem, Verdict::Ready) => {
            format!("the revocation of {old} held: {}{}", all(case), waived(waivers, findings))
        }
        (Mode::Postmortem, Verdict::Inconclusive) => {
            format!("not proven that the revocation of {old} held: proof is missing for {withheld}")
        }
        (Mode::Postmortem, Verdict::NotReady) => {
            format!(
                "the revocation of {old} did not hold: there is proof against it for {blocked}{open}"
            )
        }
        (Mode::PreRevocation, Verdict::Ready) => {
            format!("{old} may be revoked: {}{}", all(case), waived(waivers, findings))
        }
        (Mode::PreRevocation, Verdict::Inconclusive) => format!(
            "do not revoke {old} yet: nothing speaks against it, but proof is missing for {withheld}"
        ),
        (Mode::Planned | Mode::PreRevocation, Verdict::NotReady) => {
            format!("do not revoke {old}: there is proof against it for {blocked}{open}")
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

/// The classes of that verdict.
fn concerned_classes(verdict: Verdict, classes: &[LedgerRow]) -> Vec<String> {
    let all = classes.iter().filter(|row| row.verdict == verdict);
    all.map(|row| row.name.clone()).collect()
}

/// Whom findings of that severity speak of: classes, consumers that no class matches, or the rotation.
fn concerned(severity: Severity, classes: &[LedgerRow], findings: &[Finding]) -> String {
    let verdict = match severity {
        Severity::Blocks => Verdict::NotReady,
        Severity::Withholds | Severity::Advises => Verdict::Inconclusive,
    };
    let mut names = concerned_classes(verdict, classes);
    let own = findings.iter().filter(|finding| {
        // Classes that stand on different truths are named by findings of their own.
        let is_own = finding.class.is_none() && finding.rule != "split-brain";
        finding.severity == severity && is_own && finding.waived.is_none()
    });
    let (undeclared, rest): (Vec<&Finding>, Vec<&Finding>) =
        own.partition(|finding| finding.rule == "undeclared-consumer");
    if !undeclared.is_empty() {
        names.push(plural(undeclared.len() as u64, "undeclared consumer", "undeclared consumers"));
    }
    if names.is_empty() || !rest.is_empty() {
        names.push("the rotation as a whole".to_owned());
    }
    list(&names)
}

/// What a readiness stands on: who was proven, and who was not asked.
fn all(case: &Case) -> String {
    let proven = case.judged().count() as u64;
    let of = |holds: &dyn Fn(&ClassCase) -> bool| {
        case.classes.iter().filter(|class| holds(class)).count() as u64
    };
    let indirect = of(&|class| class.consumer.usage == Use::Indirect && !class.consumer.disabled);
    let disabled = of(&|class| class.consumer.disabled);
    let others: Vec<String> = [(indirect, "indirect"), (disabled, "disabled")]
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    let beside = match others.as_slice() {
        [] => String::new(),
        others => format!(" (beside {})", list(others)),
    };
    match (proven, others.is_empty()) {
        (1, true) => "its one consumer class is proven to do without it".to_owned(),
        (1, false) => format!("the one class that uses it is proven to do without it{beside}"),
        (n, true) => format!("all {n} consumer classes are proven to do without it"),
        (n, false) => format!("all {n} classes that use it are proven to do without it{beside}"),
    }
}

/// Waivers that take a finding out which would keep the verdict from being ready.
fn waived(waivers: &[WaiverView], findings: &[Finding]) -> String {
    let matters = |position: &usize| {
        findings.get(*position).is_some_and(|finding| finding.severity != Severity::Advises)
    };
    let used =
        waivers.iter().filter(|waiver| waiver.in_force && waiver.findings.iter().any(matters));
    match used.count() as u64 {
        0 => String::new(),
        n => format!(" (ready with {})", plural(n, "waiver", "waivers")),
    }
}
