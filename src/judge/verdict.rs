/*! Findings become verdicts; waivers take findings out of them, and out of nothing else. */

use super::case::Case;
use crate::model::ClassId;
use crate::model::decision::{Mode, Verdict, WaiverView};
use crate::model::finding::{Finding, Severity, Waivable, Waived};
use crate::model::ledger::LedgerRow;
use crate::plan::{MatchKey, MatchTable, Waiver};

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
            if in_force && covers(waiver, finding) {
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
    let of_rotation = worst(findings.iter().filter(|finding| finding.class.is_none()));
    classes.iter().map(|row| row.verdict).fold(of_rotation.max(floor(case.mode)), Verdict::max)
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

/// Does the waiver speak of this finding, in the way in which the finding may be waived?
fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    let fits = || waiver.matches.iter().any(|table| names(table, finding));
    let is_narrowed_to_it = match finding.waivable {
        Waivable::Never => false,
        Waivable::ByClass | Waivable::ByMatch => waiver.matches.is_empty() || fits(),
        Waivable::ByMatchOnly => fits(),
    };
    let is_of_its_class = waiver.class.is_none() || waiver.class == finding.class;
    waiver.rule == finding.rule.word() && is_of_its_class && is_narrowed_to_it
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
