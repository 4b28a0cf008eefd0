/*! Derives verdicts from findings. A waiver removes a finding from the verdict, and from nothing else. */

use super::case::Case;
use crate::model::ClassId;
use crate::model::decision::{Mode, Verdict, WaiverView};
use crate::model::finding::{Finding, Severity, Waivable, Waived};
use crate::model::ledger::LedgerRow;
use crate::plan::{MatchKey, MatchTable, Waiver};

/// Marks the findings that a waiver covers.
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

/// The verdict on a class. Nothing is ready before the new version is introduced.
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

/// Does the waiver name this finding, in a way in which the finding may be waived?
fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    let fits = || waiver.matches.iter().any(|table| names(table, finding));
    let is_narrowed_to_it = match finding.waivable {
        Waivable::Never => false,
        Waivable::ByClass | Waivable::ByMatch | Waivable::ByClassOrMatch => {
            waiver.matches.is_empty() || fits()
        }
        Waivable::ByMatchOnly => fits(),
    };
    let is_of_its_class = waiver.class.is_none() || waiver.class == finding.class;
    waiver.rule == finding.rule.word() && is_of_its_class && is_narrowed_to_it
}

/// Do the hints of the finding match all entries of the table?
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

#[cfg(test)]
mod tests {
    use crate::judge::Rule;
    use crate::judge::rules::{incomplete_plan, no_evidence, undeclared_baseline};
    use crate::judge::tests::{World, h};
    use crate::model::columns::Column;
    use crate::model::decision::{Mode, Verdict};
    use crate::model::{ClassId, Duration, NonEmpty, Timestamp};
    use crate::plan::{MatchKey, MatchTable, Pattern, Site, Waiver};

    fn waiver(rule: &Rule, until: Timestamp) -> Waiver {
        Waiver {
            rule: rule.code.word().to_owned(),
            class: None,
            matches: Vec::new(),
            owner: "security".to_owned(),
            until,
            reason: "known".to_owned(),
            site: Site::default(),
        }
    }

    fn ownerless() -> World {
        World::ready().consumer("w", |c| c.owner = None)
    }

    #[test]
    fn a_waiver_holds_until_its_end_and_stays_visible() {
        let waived = |until: Timestamp| {
            ownerless().plan(|p| p.waivers.push(waiver(&incomplete_plan::RULE, until)))
        };
        assert_eq!(ownerless().verdict(), Verdict::Inconclusive);
        assert_eq!(waived(h(96)).verdict(), Verdict::Inconclusive);
        let decision = waived(h(96) + Duration(1)).decide();
        assert_eq!(decision.verdict, Verdict::Ready);
        assert!(decision.findings[0].waived.is_some());
        assert_eq!(decision.waivers[0].findings, [0]);
        assert!(decision.summary.ends_with("; ready with 1 waiver"), "{}", decision.summary);
    }

    #[test]
    fn a_waiver_narrowed_to_a_class_leaves_the_others() {
        let both = ownerless().class("x").consumer("x", |c| c.owner = None).steady("x", "i1");
        let narrow = Waiver { class: Some(ClassId(1)), ..waiver(&incomplete_plan::RULE, h(200)) };
        let decision = both.plan(|p| p.waivers.push(narrow)).decide();
        let verdicts: Vec<Verdict> = decision.classes.iter().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::Inconclusive, Verdict::Ready]);
    }

    #[test]
    fn a_waiver_by_match_covers_the_consumers_it_names() {
        let world = World::ready().undeclared("cron", &[h(-9)]).undeclared("shell", &[h(-9)]);
        let key = MatchKey::Column(Column::ServiceName);
        let table =
            MatchTable { entries: NonEmpty::of((key, vec![Pattern::Literal("cron".to_owned())])) };
        let by_match =
            Waiver { matches: vec![table], ..waiver(&undeclared_baseline::RULE, h(200)) };
        let decision = world.plan(|p| p.waivers.push(by_match)).decide();
        let waived: Vec<bool> = decision.findings.iter().map(|f| f.waived.is_some()).collect();
        assert_eq!(waived, [true, false]);
    }

    #[test]
    fn a_finding_that_may_not_be_waived_is_not_waived() {
        let world = World::new().plan(|p| p.waivers.push(waiver(&no_evidence::RULE, h(200))));
        let decision = world.decide();
        assert_eq!(decision.verdict, Verdict::Inconclusive);
        assert!(decision.waivers[0].in_force && decision.waivers[0].findings.is_empty());
    }

    #[test]
    fn before_the_change_nothing_is_ready() {
        let decision = World::ready().judged_at(h(-1)).decide();
        assert_eq!(decision.mode, Mode::Planned);
        assert_ne!(decision.verdict, Verdict::Ready);
        assert_eq!(World::ready().judged_at(h(0)).decide().mode, Mode::PreRevocation);
    }

    #[test]
    fn after_the_revocation_the_window_starts_there() {
        let revoked =
            |at: Timestamp| World::ready().plan(|p| p.rotation.revoked = Some(at)).decide();
        assert_eq!((revoked(h(60)).mode, revoked(h(60)).window.from), (Mode::Postmortem, h(60)));
        assert_eq!(revoked(h(10)).window.from, h(48));
        assert_eq!(revoked(h(97)).mode, Mode::PreRevocation);
        assert_eq!(
            revoked(h(10)).summary,
            "the revocation of `v1` of `token` held: 1 consumer was seen working on `v2`, and none was seen using `v1` in the last 48 h; no waivers"
        );
    }
}
