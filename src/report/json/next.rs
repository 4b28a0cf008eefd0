/*! What follows from the decision, on the wire. */

use super::wire;
use crate::model::next::{ChecklistItem, ContainmentStep, MissingProof};
use crate::report::{View, evidence_id, finding_id};
use crate::safe::mask_text;

pub(super) fn missing<'a>(view: &View<'a>, one: &'a MissingProof) -> wire::MissingProof<'a> {
    wire::MissingProof {
        action: one.action.word(),
        class: one.class.and_then(|class| view.class_name(class)).map(mask_text),
        detail: mask_text(&one.detail),
        settles: one.settles.iter().copied().map(finding_id).collect(),
    }
}

pub(super) fn item(view: &View<'_>, one: &ChecklistItem) -> wire::ChecklistItem {
    let because = one.because.iter().filter_map(|at| view.row(*at));
    wire::ChecklistItem {
        item: one.item,
        status: one.status.word(),
        because: because.map(evidence_id).collect(),
    }
}

pub(super) fn step<'a>(view: &View<'a>, one: &'a ContainmentStep) -> wire::ContainmentStep<'a> {
    let names = one.classes.iter().filter_map(|class| view.class_name(*class));
    wire::ContainmentStep {
        step: one.step,
        action: mask_text(&one.action),
        classes: names.map(mask_text).collect(),
    }
}
