/*! What happened when, and after a revocation what broke. */

use super::shown::{self, Moment, Word, moment, or_dash, sentence, text, time};
use crate::model::At;
use crate::model::course;
use crate::report::{View, evidence_id};
use crate::wording::{self, number};

pub(super) struct EventRow {
    pub time: String,
    pub event: String,
    pub class: Option<String>,
    pub id: Option<String>,
}

pub(super) struct Postmortem {
    pub broken: Vec<FailedClass>,
    pub known_at: String,
    pub known: Word,
    pub findings: Vec<KnownFinding>,
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

pub(super) struct KnownFinding {
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
    let one = |one: &course::Milestone| EventRow {
        time: time(one.time),
        event: wording::event(one.event).to_owned(),
        class: one.class.and_then(|class| view.class_name(class)).map(text),
        id: one.at.and_then(|at| view.row(at)).map(evidence_id),
    };
    view.decision.course.timeline.iter().map(one).collect()
}

/// None unless the old version was revoked.
pub(super) fn postmortem(view: &View<'_>) -> Option<Postmortem> {
    let course = &view.decision.course;
    let known = course.known.as_ref()?;
    let findings = known.findings.iter().map(|one| KnownFinding {
        severity: (one.severity.word(), wording::severity(one.severity)),
        rule: one.rule.word(),
        summary: sentence(&one.summary),
    });
    let watch = course.watch.iter().map(|one| FirstRun {
        class: view.class_name(one.class).map(text).unwrap_or_default(),
        cycle: one.cycle.word(),
        due: one.due.map_or_else(|| "–".to_owned(), time),
        at: one.at.map(|at| moment(view, at, At::earliest)),
    });
    Some(Postmortem {
        broken: course.broken.iter().map(|one| broken(view, one)).collect(),
        known_at: time(known.at),
        known: shown::verdict(known.verdict),
        findings: findings.collect(),
        watch: watch.collect(),
    })
}

fn broken(view: &View<'_>, one: &course::Broken) -> FailedClass {
    let row = view.decision.classes.iter().find(|row| row.class == one.class);
    FailedClass {
        class: view.class_name(one.class).map(text).unwrap_or_default(),
        sign: Some(moment(view, one.sign, At::earliest)),
        first: Some(moment(view, one.first, At::earliest)),
        last: Some(moment(view, one.last, At::latest)),
        delay: wording::length(one.delay),
        failures: number(one.failures),
        hidden: number(one.hidden),
        recovered: one.recovered.map(|at| moment(view, at, At::earliest)),
        effects: or_dash(row.map(|row| row.effects.as_slice()).unwrap_or_default()),
    }
}
