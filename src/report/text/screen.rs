/*! The first screen: may it go, who stops it, what next. Everything else is printed on request. */

use std::fmt::Write;

use super::page::{TextPage, Tone};
use super::{head, sources};
use crate::model::PathKind;
use crate::model::decision::{Decision, Mode, Urgent, Verdict};
use crate::report::{View, finding_id};
use crate::wording::{self, alike, count, number};

/// At most this many who stop it are named.
const STOPPERS_MAX: usize = 8;
/// At most this many steps.
const STEPS_MAX: usize = 3;
/// The most columns of a fact.
const FACT_MAX: usize = 240;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    head::verdict(page, view);
    let decision = view.decision;
    page.para(2, Tone::Strong, &counts(decision));
    let mode = wording::mode(decision.mode);
    let window = wording::length(decision.window.length());
    let text = format!("as of {}, {mode}; window {window}", page.time(decision.as_of));
    page.para(2, Tone::Quiet, &text);
    stoppers(page, decision);
    steps(page, decision);
    not_read(page, view);
    more(page, decision);
}

/// Inputs of which something was not read, and those without a digest.
fn not_read(page: &mut TextPage, view: &View<'_>) {
    let inputs = &view.decision.inputs;
    let damaged = || inputs.iter().filter_map(|input| Some((input, input.damage.first()?)));
    if damaged().next().is_some() {
        page.heading("Not read", &count(damaged().count(), "input"));
    }
    for ((input, damage), of) in alike(damaged(), |(_, damage)| &damage.what).iter().take(STEPS_MAX)
    {
        let (path, what) = (page.path(&input.path, 100), page.sentence(&damage.what));
        let text = match of {
            1 => format!("{path}: {what}"),
            _ => format!("{}, the first {path}: {what}", count(*of, "input")),
        };
        page.para(2, Tone::Doubt, &text);
    }
    if inputs.iter().any(|input| input.tally.records > 0 && input.digest.is_none()) {
        page.blank();
        sources::write_undigested(page, inputs);
    }
}

/// `1 of 6 ready, 3 not, 2 unknown`.
fn counts(decision: &Decision) -> String {
    let of = |verdict| decision.classes.iter().filter(|row| row.verdict == verdict).count();
    let all = count(decision.classes.len(), "consumer");
    let mut text = format!("{} of {all} ready", number(of(Verdict::Ready)));
    for (verdict, word) in [(Verdict::NotReady, "not"), (Verdict::Inconclusive, "unknown")] {
        let n = of(verdict);
        if n > 0 {
            let _infallible = write!(text, ", {} {word}", number(n));
        }
    }
    let others = decision.undeclared.len();
    if others > 0 {
        let _infallible = write!(text, "; {} outside of the plan", number(others));
    }
    text
}

fn stoppers(page: &mut TextPage, decision: &Decision) {
    if decision.urgent.is_empty() {
        return;
    }
    let title = match decision.mode {
        Mode::Planned | Mode::PreRevocation => "Who stops it",
        Mode::Postmortem => "What speaks against it",
    };
    page.heading(title, "the most urgent first");
    for of in decision.urgent.iter().take(STOPPERS_MAX) {
        let (tone, mark) =
            if of.blocks { (Tone::Bad, page.symbol("✗", "x")) } else { (Tone::Doubt, "?") };
        let text = format!("{}: {}", name(page, of), cut(&page.sentence(&of.fact)));
        page.labelled(2, (tone, &format!("{mark} ")), Tone::Plain, &text);
    }
    if let Some(more @ 1..) = decision.urgent.len().checked_sub(STOPPERS_MAX) {
        page.para(2, Tone::Quiet, &format!("and {} more", number(more)));
    }
}

fn name(page: &TextPage, of: &Urgent) -> String {
    let path = of.path.map(PathKind::word).map(|word| format!(" ({word})")).unwrap_or_default();
    format!("{}{path}", page.name(&of.name, 60))
}

/// A fact up to its first colon or semicolon behind a few words: what follows is detail.
fn cut(text: &str) -> String {
    let end = text
        .match_indices([':', ';'])
        .map(|(at, _)| at)
        .find(|at| *at >= FACT_MAX / 6 && text[*at..].get(1..2) == Some(" "));
    crate::safe::clip(text.get(..end.unwrap_or(text.len())).unwrap_or(text), FACT_MAX).into_owned()
}

fn steps(page: &mut TextPage, decision: &Decision) {
    if decision.urgent.is_empty() {
        return;
    }
    page.heading("Do next", "");
    for (number, of) in (1..).zip(decision.urgent.iter().take(STEPS_MAX)) {
        let step = page.sentence(&of.step);
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
