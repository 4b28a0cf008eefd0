/*! What to do next, the checklist and the waivers, as the page shows them. */

use super::texts::{sentence, text, time};
use crate::model::decision::WaiverView;
use crate::model::next::{ChecklistItem, ContainmentStep, MissingProof, Status};
use crate::report::{View, aftermath, evidence_id, finding_id};
use crate::wording;

pub(super) struct MissingRow {
    /// As HTML: it names the consumer.
    pub action: String,
    pub detail: String,
    pub settles: Vec<String>,
}

pub(super) struct StepRow {
    pub number: u8,
    pub action: String,
    pub classes: Vec<String>,
}

/// An item of the checklist.
pub(super) struct CheckRow {
    pub name: &'static str,
    pub class: &'static str,
    pub sign: &'static str,
    pub status: &'static str,
    pub because: Vec<String>,
}

pub(super) struct WaiverRow {
    pub rule: String,
    pub class: Option<String>,
    pub owner: String,
    pub until: String,
    pub reason: String,
    pub in_force: bool,
}

pub(super) fn missing(view: &View<'_>, proof: &MissingProof) -> MissingRow {
    let class = proof.class.and_then(|class| view.class_name(class));
    let class = class.map(|name| format!("`{name}`"));
    MissingRow {
        action: sentence(view, &wording::action(proof.action, class.as_deref())),
        detail: sentence(view, &aftermath::detail(view.decision, proof)),
        settles: proof.settles.iter().copied().map(finding_id).collect(),
    }
}

/// Nothing once all that broke works again.
pub(super) fn steps(view: &View<'_>) -> Vec<StepRow> {
    let all = view.decision.containment.iter();
    let is_of_use = !aftermath::is_contained(view.decision);
    all.filter(|_| is_of_use).map(|one| step(view, one)).collect()
}

fn step(view: &View<'_>, step: &ContainmentStep) -> StepRow {
    let names = step.classes.iter().filter_map(|class| view.class_name(*class));
    StepRow {
        number: step.step,
        action: sentence(view, &step.action),
        classes: names.map(text).collect(),
    }
}

pub(super) fn item(view: &View<'_>, entry: &ChecklistItem) -> CheckRow {
    let (class, sign) = match entry.status {
        Status::Yes => ("yes", "✓"),
        Status::No => ("no", "✗"),
        Status::Unknown => ("unknown", "?"),
        Status::NotApplicable => ("idle", "–"),
    };
    let because = entry.because.iter().filter_map(|at| view.row(*at)).map(evidence_id);
    CheckRow {
        name: entry.item.word(),
        class,
        sign,
        status: wording::status(entry.status),
        because: because.collect(),
    }
}

pub(super) fn waiver(view: &View<'_>, waiver: &WaiverView) -> WaiverRow {
    WaiverRow {
        rule: text(&waiver.rule),
        class: waiver.class.as_deref().map(text),
        owner: text(&waiver.by.owner),
        until: time(view.zone, waiver.by.until),
        reason: text(&waiver.by.reason),
        in_force: waiver.in_force,
    }
}
