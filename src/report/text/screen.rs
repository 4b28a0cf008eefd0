/*! The first screen: may it go, who stops it, what next. Everything else is printed on request. */

use super::page::{TextPage, Tone};
use super::{head, sources};
use crate::model::decision::{Decision, Urgent};
use crate::report::{View, aftermath, finding_id, screen};
use crate::wording::{self, count, number};

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    head::verdict(page, view);
    let decision = view.decision;
    page.para(2, Tone::Strong, &screen::counts(decision));
    let mode = wording::mode(decision.mode);
    let window = wording::length(decision.window.length());
    let text = format!("as of {}, {mode}; window {window}", page.time(decision.as_of));
    page.para(2, Tone::Quiet, &text);
    aftermath(page, view);
    stoppers(page, decision);
    steps(page, decision);
    not_read(page, view);
    more(page, decision);
}

/// Inputs of which something was not read, and those without a digest.
fn not_read(page: &mut TextPage, view: &View<'_>) {
    let inputs = &view.decision.inputs;
    let damaged = screen::not_read(view.decision);
    if !damaged.is_empty() {
        let all: usize = damaged.iter().map(|(_, _, of)| of).sum();
        page.heading("Not read", &count(all, "input"));
    }
    for (input, damage, of) in damaged.iter().take(screen::STEPS_MAX) {
        let (path, what) = (page.path(&input.path, 100), page.sentence(&damage.what));
        let text = format!("{}{path}: {what}", wording::first_of(*of, "input"));
        page.para(2, Tone::Doubt, &text);
    }
    if inputs.iter().any(|input| input.tally.records > 0 && input.digest.is_none()) {
        page.blank();
        sources::write_undigested(page, inputs);
    }
}

/// What the incident was.
fn aftermath(page: &mut TextPage, view: &View<'_>) {
    let lines = aftermath::lines(view);
    if lines.is_empty() {
        return;
    }
    page.heading("Since the revocation", "");
    for (label, sentence) in lines {
        let sentence = page.sentence(&sentence);
        page.labelled(2, (Tone::Quiet, &format!("{label:14}")), Tone::Plain, &sentence);
    }
}

fn stoppers(page: &mut TextPage, decision: &Decision) {
    if decision.urgent.is_empty() {
        return;
    }
    page.heading(screen::stoppers_title(decision.mode), "the most urgent first");
    let (first, rest) = screen::stoppers(decision);
    for of in first {
        let (tone, mark) =
            if of.blocks { (Tone::Bad, page.symbol("✗", "x")) } else { (Tone::Doubt, "?") };
        let text = format!("{}: {}", name(page, of), screen::fact(&page.sentence(&of.fact)));
        page.labelled(2, (tone, &format!("{mark} ")), Tone::Plain, &text);
    }
    if rest > 0 {
        page.para(2, Tone::Quiet, &format!("and {} more", number(rest)));
    }
}

fn name(page: &TextPage, of: &Urgent) -> String {
    format!("{}{}", page.name(&of.name, 60), screen::path(of))
}

fn steps(page: &mut TextPage, decision: &Decision) {
    let ready = screen::when_ready(decision);
    if decision.urgent.is_empty() && ready.is_empty() {
        return;
    }
    page.heading("Do next", "");
    for (number, step) in (1..).zip(ready) {
        page.labelled(2, (Tone::Quiet, &format!("{number}. ")), Tone::Plain, &page.sentence(&step));
    }
    for (number, of) in (1..).zip(screen::steps(decision)) {
        let step = page.sentence(aftermath::step(decision, of));
        let text = format!("{}: {step}  {}", name(page, of), finding_id(of.finding));
        page.labelled(2, (Tone::Quiet, &format!("{number}. ")), Tone::Plain, &text);
        if let Some(line) = &of.paste {
            page.verbatim(5, line);
        }
    }
}

fn more(page: &mut TextPage, decision: &Decision) {
    page.blank();
    let mut rest = vec![count(decision.findings.len(), "finding")];
    if !decision.missing.is_empty() {
        rest.push(format!("{} to ready", count(decision.missing.len(), "action")));
    }
    let rest = rest.join(", ");
    let text = format!("-v prints the rest: the ledger, {rest}, and the records behind each");
    page.para(2, Tone::Quiet, &text);
}
