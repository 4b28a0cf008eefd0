/*! What happened when, and after a revocation what broke. */

use super::texts::{self, Moment, VerdictWord, moment, or_dash, sentence, text, time};
use crate::model::At;
use crate::model::course;
use crate::model::decision::Mode;
use crate::report::{View, evidence_id};
use crate::wording::{self, number};

pub(super) struct EventRow {
    pub time: String,
    pub event: String,
    pub class: Option<String>,
    pub id: Option<String>,
}

pub(super) struct PostmortemSection {
    pub broken: Vec<FailedClass>,
    pub known_at: String,
    pub known: VerdictWord,
    pub findings: Vec<EarlierFinding>,
    pub watch: Vec<FirstRun>,
}

/// A consumer that failed after the revocation.
pub(super) struct FailedClass {
    pub class: String,
    pub sign: Option<Moment>,
    pub first: Option<Moment>,
    pub last: Option<Moment>,
    pub delay: String,
    pub failures: String,
    pub hidden: String,
    pub recovered: Option<Moment>,
    pub effects: String,
}

pub(super) struct EarlierFinding {
    /// How its severity is styled, and its word.
    pub severity: (&'static str, &'static str),
    pub rule: &'static str,
    pub summary: String,
}

/// The first run of a consumer after the revocation.
pub(super) struct FirstRun {
    pub class: String,
    pub cycle: &'static str,
    pub due: String,
    pub at: Option<Moment>,
}

pub(super) fn events(view: &View<'_>) -> Vec<EventRow> {
    let row = |milestone: &course::Milestone| EventRow {
        time: time(view.zone, milestone.time),
        event: wording::event(milestone.event).to_owned(),
        class: milestone.class.and_then(|class| view.class_name(class)).map(text),
        id: milestone.at.and_then(|at| view.row(at)).map(evidence_id),
    };
    view.decision.course.timeline.iter().map(row).collect()
}

/// Nothing unless the old version was revoked.
pub(super) fn postmortem(view: &View<'_>) -> Option<PostmortemSection> {
    let course = &view.decision.course;
    let known = course.known.as_ref()?;
    let findings = known.findings.iter().map(|finding| EarlierFinding {
        severity: (finding.severity.word(), wording::severity(finding.severity)),
        rule: finding.rule.word(),
        summary: sentence(view, &finding.summary),
    });
    let watch = course.watch.iter().map(|run| FirstRun {
        class: view.class_name(run.class).map(text).unwrap_or_default(),
        cycle: run.cycle.word(),
        due: run.due.map_or_else(|| "–".to_owned(), |due| time(view.zone, due)),
        at: run.at.map(|at| moment(view, at, At::earliest)),
    });
    Some(PostmortemSection {
        broken: course.broken.iter().map(|broken| failed_class(view, broken)).collect(),
        known_at: time(view.zone, known.at),
        known: texts::verdict(Mode::PreRevocation, known.verdict),
        findings: findings.collect(),
        watch: watch.collect(),
    })
}

fn failed_class(view: &View<'_>, broken: &course::Broken) -> FailedClass {
    let row = view.decision.classes.iter().find(|row| row.class == broken.class);
    FailedClass {
        class: view.class_name(broken.class).map(text).unwrap_or_default(),
        sign: Some(moment(view, broken.sign, At::earliest)),
        first: Some(moment(view, broken.first, At::earliest)),
        last: Some(moment(view, broken.last, At::latest)),
        delay: wording::length(broken.delay),
        failures: number(broken.failures),
        hidden: number(broken.hidden),
        recovered: broken.recovered.map(|at| moment(view, at, At::earliest)),
        effects: or_dash(row.map(|row| row.effects.as_slice()).unwrap_or_default()),
    }
}
