/*! Findings become verdicts; waivers take findings out of them, and out of nothing else. */

use super::case::Case;
use crate::model::ClassId;
use crate::model::decision::{Mode, Verdict, WaiverView};
use crate::model::finding::{Finding, Severity, Waived};
use crate::model::ledger::LedgerRow;
use crate::plan::{MatchKey, MatchTable, Waiver};

/// The rule that a waiver may only take out by the hints it names.
const BY_MATCH_ONLY: &str = "undeclared-consumer";

/// Marks the findings that somebody answers for.
pub(super) fn waive(case: &Case, findings: &mut [Finding]) -> Vec<WaiverView> {
    let plan = case.plan;
    let views = plan.waivers.iter().map(|waiver| {
        let by = Waived {
            owner: waiver.owner.clone(),
            until: waiver.until,
            reason: waiver.reason.clone(),
        };
        let in_force = case.as_of < waiver.until;
        let mut taken = Vec::new();
        for (position, finding) in findings.iter_mut().enumerate() {
            if in_force && finding.waivable && covers(waiver, finding) {
                finding.waived.get_or_insert_with(|| by.clone());
                taken.push(position);
            }
        }
        WaiverView {
            rule: waiver.rule.clone(),
            class: waiver.class.map(|class| plan.consumer(class).class.clone()),
            by,
            in_force,
            findings: taken,
        }
    });
    views.collect()
}

/// The verdict on a class. Before the new version is introduced nothing is ready.
pub(super) fn class(class: ClassId, mode: Mode, findings: &[Finding]) -> Verdict {
    worst(findings.iter().filter(|finding| finding.class == Some(class))).max(floor(mode))
}

fn floor(mode: Mode) -> Verdict {
    match mode {
        Mode::Planned => Verdict::Inconclusive,
        Mode::PreRevocation | Mode::Postmortem => Verdict::Ready,
    }
}

/// The verdict on the rotation: the worst of its classes and of its own findings.
pub(super) fn rotation(case: &Case, classes: &[LedgerRow], findings: &[Finding]) -> Verdict {
    let own = worst(findings.iter().filter(|finding| finding.class.is_none()));
    classes.iter().map(|row| row.verdict).fold(own.max(floor(case.mode)), Verdict::max)
}

fn worst<'f>(findings: impl Iterator<Item = &'f Finding>) -> Verdict {
    findings
        .filter(|finding| finding.waived.is_none())
        .map(|finding| match finding.severity {
            Severity::Blocks => Verdict::NotReady,
            Severity::Withholds => Verdict::Inconclusive,
            Severity::Advises => Verdict::Ready,
        })
        .max()
        .unwrap_or(Verdict::Ready)
}

fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    let by_match = if waiver.matches.is_empty() {
        finding.rule != BY_MATCH_ONLY
    } else {
        waiver.matches.iter().any(|table| names(table, finding))
    };
    let by_class = waiver.class.is_none() || waiver.class == finding.class;
    waiver.rule == finding.rule && by_class && by_match
}

/// Do all entries of the table hold for the hints of the finding?
fn names(table: &MatchTable, finding: &Finding) -> bool {
    table.entries.iter().all(|(key, patterns)| match key {
        MatchKey::Column(column) => finding
            .hints
            .iter()
            .filter(|(name, _)| *name == column.name())
            .any(|(_, value)| patterns.iter().any(|pattern| pattern.matches(value))),
        MatchKey::Pointer(_) => false,
    })
}
