/*! What to do next, the checklist, and the sums. */

use std::io::{self, Write};

use super::page::{Page, code, fold, table, unfold};
use crate::model::next::Status;
use crate::report::{View, aftermath, evidence_id, finding_id};
use crate::wording::{self, count, number};

/// At most this many records are named for an item of the checklist.
const CITED_MAX: usize = 3;

pub(super) fn missing(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let missing = &view.decision.missing;
    if missing.is_empty() {
        return Ok(());
    }
    fold(out, &format!("Missing proof: {} to ready", count(missing.len(), "action")))?;
    for proof in missing {
        let class = proof.class.and_then(|class| view.class_name(class)).map(code);
        let action = wording::action(proof.action, class.as_deref());
        let resolves: Vec<String> = proof.settles.iter().copied().map(finding_id).collect();
        let resolves = resolves.join(", ");
        writeln!(
            out,
            "- [ ] **{action}**: {} ({resolves})",
            page.sentence(&aftermath::detail(view.decision, proof))
        )?;
    }
    unfold(out)
}

pub(super) fn containment(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let view = page.view;
    let steps = &view.decision.containment;
    if steps.is_empty() || aftermath::is_contained(view.decision) {
        return Ok(());
    }
    fold(out, "Containment: consumers are on different versions")?;
    let rows: Vec<[String; 3]> = steps
        .iter()
        .map(|step| {
            let names = step.classes.iter().filter_map(|class| view.class_name(*class)).map(code);
            let names = names.collect::<Vec<_>>().join(", ");
            [step.step.to_string(), page.sentence(&step.action), names]
        })
        .collect();
    table(out, ["step", "action", "consumers"], &rows)?;
    unfold(out)
}

pub(super) fn checklist(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let items = &view.decision.checklist;
    if items.is_empty() {
        return Ok(());
    }
    let applies = || items.iter().filter(|item| item.status != Status::NotApplicable);
    let done = applies().filter(|item| item.status == Status::Yes).count();
    fold(out, &format!("Checklist: {done} of {} done", applies().count()))?;
    for item in items {
        let done = if item.status == Status::Yes { "x" } else { " " };
        let ids =
            item.because.iter().filter_map(|at| view.row(*at)).take(CITED_MAX).map(evidence_id);
        let ids = ids.collect::<Vec<_>>().join(" ");
        writeln!(out, "- [{done}] {}: {} {ids}", item.item.word(), wording::status(item.status))?;
    }
    unfold(out)
}

pub(super) fn accounting(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let of = view.decision.accounting;
    writeln!(
        out,
        "{} of {}: {} evidence, {} irrelevant, {} rejected, {} duplicate.\n\nverdict: {}",
        count(of.records, "record"),
        count(view.decision.inputs.len(), "input"),
        number(of.evidence),
        number(of.irrelevant),
        number(of.rejected),
        number(of.duplicate),
        view.decision.verdict.word()
    )
}
