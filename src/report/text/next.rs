/*! What to do next: the missing proof, the checklist, and what to stop in the meantime. */

use super::page::{TextPage, Tone};
use crate::model::next::Status;
use crate::report::{View, aftermath, evidence_id, finding_id};
use crate::wording::{self, count};

/// At most this many citations of an item are printed unless all are wanted.
const SHOWN_MAX: usize = 4;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    missing(page, view);
    containment(page, view);
    checklist(page, view);
}

fn missing(page: &mut TextPage, view: &View<'_>) {
    let missing = &view.decision.missing;
    if missing.is_empty() {
        return;
    }
    page.heading("Missing proof", &format!("{} to ready", count(missing.len(), "action")));
    for proof in missing {
        let class = proof.class.and_then(|class| view.class_name(class));
        let class = class.map(|name| page.name(name, 60));
        let settles: Vec<String> = proof.settles.iter().copied().map(finding_id).collect();
        let line = format!("{}  ", wording::action(proof.action, class.as_deref()));
        page.line(2, &[(Tone::Strong, &line), (Tone::Quiet, &settles.join(" "))]);
        let detail = page.sentence(&aftermath::detail(view.decision, proof));
        page.para(6, Tone::Plain, &detail);
    }
}

fn containment(page: &mut TextPage, view: &View<'_>) {
    let steps = &view.decision.containment;
    if steps.is_empty() || aftermath::is_contained(view.decision) {
        return;
    }
    page.heading("Containment", "consumers are on different versions");
    for step in steps {
        let names = step.classes.iter().filter_map(|class| view.class_name(*class));
        let names: Vec<String> = names.map(|name| page.name(name, 60)).collect();
        let action = page.sentence(&step.action);
        page.para(2, Tone::Plain, &format!("{}. {action}: {}", step.step, names.join(", ")));
    }
}

fn checklist(page: &mut TextPage, view: &View<'_>) {
    let checklist = &view.decision.checklist;
    if checklist.is_empty() {
        return;
    }
    let applies = || checklist.iter().filter(|item| item.status != Status::NotApplicable);
    let done = applies().filter(|item| item.status == Status::Yes).count();
    page.heading("Checklist", &format!("{done} of {} done", applies().count()));
    let width = checklist.iter().map(|item| item.item.word().len()).max().unwrap_or(0) + 2;
    for item in checklist {
        let (tone, mark) = match item.status {
            Status::Yes => (Tone::Good, page.symbol("✓", "+")),
            Status::No => (Tone::Bad, page.symbol("✗", "x")),
            Status::Unknown => (Tone::Doubt, "?"),
            Status::NotApplicable => (Tone::Quiet, page.symbol("–", "-")),
        };
        let ids: Vec<String> =
            item.because.iter().filter_map(|at| view.row(*at)).map(evidence_id).collect();
        let max = if page.all_evidence() { ids.len() } else { SHOWN_MAX };
        let more = ids.len().saturating_sub(max);
        let mut listed: Vec<String> = ids.into_iter().take(max).collect();
        listed.extend((more > 0).then(|| format!("and {more} more")));
        let because = listed.join(" ");
        let line = format!("{:width$}{:16}", item.item.word(), wording::status(item.status));
        page.line(2, &[(tone, &format!("{mark} ")), (Tone::Plain, &line), (Tone::Quiet, &because)]);
    }
}
