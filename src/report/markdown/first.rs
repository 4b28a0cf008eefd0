/*! The first screen: may it go, who stops it, what next. And the terms under which the verdict holds. */

use std::io::{self, Write};

use super::page::{Page, code, fold, text, unfold, word};
use crate::model::decision::Urgent;
use crate::report::{aftermath, finding_id, screen};
use crate::safe::mask_file;
use crate::wording::{self, count, number};

pub(super) fn write(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let decision = page.view.decision;
    let old: Vec<String> = decision.rotation.old.iter().map(|name| code(name)).collect();
    let (old, name) = (old.join(", "), code(&decision.rotation.credential));
    let summary = page.sentence(&decision.summary);
    writeln!(out, "## {}: {old} of {name}\n\n{summary}\n", word(decision.mode, decision.verdict))?;
    for waiver in decision.waivers.iter().filter(|waiver| waiver.in_force) {
        let by = (text(&waiver.by.owner), page.zone.time(waiver.by.until), text(&waiver.by.reason));
        writeln!(out, "* waived: {} by {} until {}: {}", code(&waiver.rule), by.0, by.1, by.2)?;
    }
    let terms = format!(
        "as of {}, {}; window {}",
        page.zone.time(decision.as_of),
        wording::mode(decision.mode),
        wording::length(decision.window.length())
    );
    writeln!(out, "\n**{}**\n{terms}\n", screen::counts(decision))?;
    for (label, sentence) in aftermath::lines(page.view) {
        writeln!(out, "* {label}: {}", page.sentence(&sentence))?;
    }
    writeln!(out)?;
    stoppers(page, out)?;
    steps(page, out)?;
    not_read(page, out)
}

fn name(of: &Urgent) -> String {
    format!("{}{}", code(&of.name), screen::path(of))
}

fn stoppers(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let decision = page.view.decision;
    let (first, rest) = screen::stoppers(decision);
    if first.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {}\n", screen::stoppers_title(decision.mode))?;
    for of in first {
        let mark = if of.blocks { "✗" } else { "?" };
        writeln!(out, "* {mark} {}: {}", name(of), page.sentence(&screen::fact(&of.fact)))?;
    }
    if rest > 0 {
        writeln!(out, "* and {} more", number(rest))?;
    }
    writeln!(out)
}

fn steps(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let steps = screen::steps(page.view.decision);
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Do next\n")?;
    for (number, of) in (1..).zip(steps) {
        let step = page.sentence(aftermath::step(page.view.decision, of));
        writeln!(out, "{number}. {}: {step} {}", name(of), finding_id(of.finding))?;
        if let Some(line) = &of.paste {
            writeln!(out, "\n   {}\n", code(line))?;
        }
    }
    writeln!(out)
}

/// Inputs of which something was not read.
fn not_read(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let damaged = screen::not_read(page.view.decision);
    if damaged.is_empty() {
        return Ok(());
    }
    let all: usize = damaged.iter().map(|(_, _, of)| of).sum();
    writeln!(out, "### Not read: {}\n", count(all, "input"))?;
    for (input, damage, of) in damaged.iter().take(screen::STEPS_MAX) {
        let path = code(&mask_file(&input.path));
        writeln!(
            out,
            "* {}{path}: {}",
            wording::first_of(*of, "input"),
            page.sentence(&damage.what)
        )?;
    }
    writeln!(out)
}

/// The terms under which the verdict holds.
pub(super) fn terms(page: &Page<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let decision = page.view.decision;
    fold(out, "Terms: window, earliest revocation, cutover")?;
    writeln!(out, "| | |\n|---|---|")?;
    let time = |at| page.zone.time(at);
    writeln!(out, "| window | {} to {} |", time(decision.window.from), time(decision.window.to))?;
    if let Some(earliest) = &decision.earliest {
        let when = earliest.time.map_or("waiting alone is not enough".to_owned(), time);
        writeln!(out, "| earliest revocation | {when}: {} |", page.sentence(&earliest.because))?;
    }
    for model in &decision.models {
        let state = wording::model_state(model.state);
        writeln!(out, "| cutover | {} {state}: {} |", model.model, page.sentence(&model.why))?;
    }
    if let Some(owner) = &decision.rotation.decision_owner {
        writeln!(out, "| decided by | {} |", text(owner))?;
    }
    unfold(out)
}
