/*! The course of the rotation, on the wire: its shapes, and how they are filled. */

use schemars::JsonSchema;
use serde::Serialize;

use super::schema;
use super::wire::{self, Shown};
use crate::model::At;
use crate::model::course;
use crate::report::{View, evidence_id};
use crate::safe::mask_text;

#[derive(Serialize, JsonSchema)]
pub(super) struct Milestone<'a> {
    pub time: wire::Time,
    pub event: &'static str,
    pub class: Option<Shown<'a>>,
    pub evidence: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Watch<'a> {
    pub class: Shown<'a>,
    pub cycle: &'static str,
    pub due: Option<wire::Time>,
    pub passed: Option<wire::Instant>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Postmortem<'a> {
    pub broken: Vec<Broken<'a>>,
    pub known: Known<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Broken<'a> {
    pub class: Shown<'a>,
    pub failures: u64,
    pub first_sign: wire::Instant,
    pub first_failure: wire::Instant,
    pub last_failure: wire::Instant,
    #[schemars(schema_with = "schema::length")]
    pub delay: String,
    pub hidden: u64,
    pub effects: Vec<Shown<'a>>,
    pub recovered: Option<wire::Instant>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Known<'a> {
    pub at: wire::Time,
    #[schemars(schema_with = "schema::verdict")]
    pub verdict: &'static str,
    pub findings: Vec<KnownFinding<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct KnownFinding<'a> {
    pub rule: &'static str,
    #[schemars(schema_with = "schema::severity")]
    pub severity: &'static str,
    pub class: Option<Shown<'a>>,
    pub summary: Shown<'a>,
}

pub(super) fn milestone<'a>(view: &View<'a>, one: &course::Milestone) -> Milestone<'a> {
    Milestone {
        time: wire::Time(one.time),
        event: one.event.word(),
        class: one.class.and_then(|class| view.class_name(class)).map(mask_text),
        evidence: one.at.and_then(|at| view.row(at)).map(evidence_id),
    }
}

pub(super) fn watch<'a>(view: &View<'a>, one: &course::Watch) -> Watch<'a> {
    Watch {
        class: view.class_name(one.class).map(mask_text).unwrap_or_default(),
        cycle: one.cycle.word(),
        due: one.due.map(wire::Time),
        passed: one.at.map(|at| instant(view, at)),
    }
}

/// None unless the old version was revoked.
pub(super) fn postmortem<'a>(view: &'a View<'_>) -> Option<Postmortem<'a>> {
    let course = &view.decision.course;
    Some(Postmortem {
        broken: course.broken.iter().map(|one| broken(view, one)).collect(),
        known: known(view, course.known.as_ref()?),
    })
}

fn broken<'a>(view: &'a View<'_>, one: &course::Broken) -> Broken<'a> {
    let row = view.decision.classes.iter().find(|row| row.class == one.class);
    let effects = row.map(|row| row.effects.as_slice()).unwrap_or_default();
    Broken {
        class: view.class_name(one.class).map(mask_text).unwrap_or_default(),
        failures: one.failures,
        first_sign: instant(view, one.sign),
        first_failure: instant(view, one.first),
        last_failure: instant(view, one.last),
        delay: one.delay.hours_minutes(),
        hidden: one.hidden,
        effects: effects.iter().map(|effect| mask_text(effect)).collect(),
        recovered: one.recovered.map(|at| instant(view, at)),
    }
}

fn known<'a>(view: &View<'a>, known: &'a course::Known) -> Known<'a> {
    let findings = known.findings.iter().map(|one| KnownFinding {
        rule: one.rule,
        severity: one.severity.word(),
        class: one.class.and_then(|class| view.class_name(class)).map(mask_text),
        summary: mask_text(&one.summary),
    });
    Known { at: wire::Time(known.at), verdict: known.verdict.word(), findings: findings.collect() }
}

fn instant(view: &View<'_>, at: At) -> wire::Instant {
    wire::Instant { time: wire::Time(at.earliest()), evidence: view.row(at).map(evidence_id) }
}
