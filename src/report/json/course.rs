/*! The course of the rotation, as the report writes it. */

use super::masking::masked;
use crate::model::At;
use crate::model::course;
use crate::model::decision::Held;
use crate::report::{View, evidence_id};
use crate::wire::{self, Added, Length, Time, Word};

pub(super) fn milestone(view: &View<'_>, milestone: &course::Milestone) -> wire::Milestone {
    wire::Milestone {
        time: Time(milestone.time),
        event: Word(milestone.event),
        class: milestone.class.and_then(|class| view.class_name(class)).map(masked),
        evidence: milestone.at.and_then(|at| view.row(at)).map(evidence_id),
    }
}

pub(super) fn watch(view: &View<'_>, watch: &course::Watch) -> wire::Watch {
    wire::Watch {
        class: view.class_name(watch.class).map(masked).unwrap_or_default(),
        cycle: Word(watch.cycle),
        due: watch.due.map(Time),
        passed: watch.at.map(|at| instant(view, at)),
    }
}

/// Nothing unless the old version was revoked.
pub(super) fn postmortem(view: &View<'_>) -> Option<wire::Postmortem> {
    let course = &view.decision.course;
    Some(wire::Postmortem {
        revocation: Added::Given(Word(Held::from(view.decision.verdict))),
        broken: course.broken.iter().map(|class| broken(view, class)).collect(),
        known: known(view, course.known.as_ref()?),
    })
}

fn broken(view: &View<'_>, broken: &course::Broken) -> wire::Broken {
    let row = view.decision.classes.iter().find(|row| row.class == broken.class);
    let effects = row.map(|row| row.effects.as_slice()).unwrap_or_default();
    wire::Broken {
        class: view.class_name(broken.class).map(masked).unwrap_or_default(),
        failures: broken.failures,
        first_sign: instant(view, broken.sign),
        first_failure: instant(view, broken.first),
        last_failure: instant(view, broken.last),
        delay: Length::rounded_down(broken.delay),
        hidden: broken.hidden,
        effects: effects.iter().map(|effect| masked(effect)).collect(),
        recovered: broken.recovered.map(|at| instant(view, at)),
    }
}

fn known(view: &View<'_>, known: &course::KnownAtRevocation) -> wire::Known {
    let findings = known.findings.iter().map(|finding| wire::KnownFinding {
        rule: finding.rule.word().to_owned(),
        severity: Word(finding.severity),
        class: finding.class.and_then(|class| view.class_name(class)).map(masked),
        summary: masked(&finding.summary),
    });
    wire::Known { at: Time(known.at), verdict: Word(known.verdict), findings: findings.collect() }
}

fn instant(view: &View<'_>, at: At) -> wire::Instant {
    wire::Instant { time: Time(at.earliest()), evidence: view.row(at).map(evidence_id) }
}
