/*! What is to be done next, as the report writes it. */

use super::masking::{file, masked};
use crate::model::ClassId;
use crate::model::cutover::{ClassMove, ModelView};
use crate::model::ledger::{HolderState, LedgerRow};
use crate::model::next::{ChecklistItem, ContainmentStep, MissingProof};
use crate::model::why_ready::{CoveredLog, WhyReady};
use crate::report::{View, evidence_id, finding_id};
use crate::wire::{self, Word};

pub(super) fn missing(view: &View<'_>, missing: &MissingProof) -> wire::MissingProof {
    wire::MissingProof {
        action: Word(missing.action),
        class: missing.class.and_then(|class| view.class_name(class)).map(masked),
        detail: masked(&missing.detail),
        settles: missing.settles.iter().copied().map(finding_id).collect(),
    }
}

pub(super) fn item(view: &View<'_>, item: &ChecklistItem) -> wire::ChecklistItem {
    let because = item.because.iter().filter_map(|at| view.row(*at));
    wire::ChecklistItem {
        item: item.item.word().to_owned(),
        status: Word(item.status),
        because: because.map(evidence_id).collect(),
    }
}

pub(super) fn step(view: &View<'_>, step: &ContainmentStep) -> wire::ContainmentStep {
    let names = step.classes.iter().filter_map(|class| view.class_name(*class));
    wire::ContainmentStep {
        step: step.step,
        action: masked(&step.action),
        classes: names.map(masked).collect(),
    }
}

pub(super) fn model(view: &View<'_>, model: &ModelView) -> wire::Cutover {
    let name = |class: ClassId| view.class_name(class).map(masked);
    let moved = |moved: &ClassMove| {
        Some(wire::ClassMove {
            class: name(moved.class)?,
            state: Word(moved.state),
            began: moved.began.map(wire::Time),
            ended: moved.ended.map(wire::Time),
        })
    };
    wire::Cutover {
        model: model.model.to_owned(),
        state: Word(model.state),
        why: masked(&model.why),
        order: model.order.iter().filter_map(moved).collect(),
        next: model.next.and_then(name),
    }
}

pub(super) fn why_ready(view: &View<'_>, row: &LedgerRow, why: &WhyReady) -> wire::WhyReady {
    let count = |state: HolderState| {
        row.holders.iter().filter(|holder| holder.state == state).count() as u64
    };
    let log = |log: &CoveredLog| wire::CoveredLog {
        stream: file(&log.stream),
        covered: wire::Length::rounded_down(log.covered),
        window: wire::Length::rounded_down(why.window),
    };
    wire::WhyReady {
        streams: why.logs.iter().map(log).collect(),
        runs: why.runs,
        gaps: why.gaps,
        holders: wire::HolderCounts {
            moved: count(HolderState::Moved),
            stopped: count(HolderState::Stopped),
            silent: count(HolderState::Silent),
            waiting: count(HolderState::Waiting),
            lost: count(HolderState::Lost),
            unknown: count(HolderState::Unknown),
        },
        chances: why.chances,
        evidence: why.rows.iter().filter_map(|at| view.row(*at)).map(evidence_id).collect(),
    }
}
