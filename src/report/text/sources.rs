/*! What was read: when each log source recorded, how many records had each fate, and what was damaged. */

use super::layout::{columns, pad, pad_left};
use super::page::{TextPage, Tone};
use crate::model::Span;
use crate::model::coverage::Tally;
use crate::model::decision::CoverageView;
use crate::model::facts::Input;
use crate::report::View;
use crate::wording::{self, count, number};

/// At most this many log sources without holes, and inputs without damage, are printed. Those with are always printed.
const SHOWN_MAX: usize = 20;
/// At most this many holes of a log source are printed.
const HOLES_MAX: usize = 5;
/// The headings of the numbers of a tally.
const NUMBERS: [&str; 5] = ["records", "evidence", "irrelevant", "rejected", "duplicate"];
/// The width of a span between two whole seconds.
const SPAN: usize = 44;
/// The greatest width of a stream's name next to its span.
const NAME_MAX: usize = 60;
/// The smallest width of a path next to the numbers.
const PATH_MIN: usize = 20;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    let decision = view.decision;
    let holes: usize = decision.coverage.iter().map(|stream| stream.holes.len()).sum();
    let sources = count(decision.coverage.len(), "log source");
    let note = match holes {
        0 => format!("{sources}, no hole"),
        n => format!("{sources}, {}", count(n, "hole")),
    };
    page.heading("Logged time", &note);
    let names = decision.coverage.iter().map(|stream| page.path(&stream.stream, NAME_MAX));
    let width = names.map(|name| columns(&name)).max().unwrap_or(0) + 3;
    let mut hidden = 0_u64;
    for (position, stream) in decision.coverage.iter().enumerate() {
        if position < SHOWN_MAX || !stream.holes.is_empty() {
            write_stream(page, stream, width);
        } else {
            hidden += 1;
        }
    }
    write_more(page, &count(hidden, "more log source"), hidden, "without a hole");
    write_inputs(page, view);
}

fn write_more(page: &mut TextPage, more: &str, hidden: u64, without: &str) {
    if hidden > 0 {
        page.para(2, Tone::Quiet, &format!("and {more} {without}"));
    }
}

fn write_stream(page: &mut TextPage, stream: &CoverageView, width: usize) {
    let span =
        stream.span.map_or_else(|| "no dated record".to_owned(), |span| span_text(page, span));
    let name = page.path(&stream.stream, page.width() - 2);
    let classes: Vec<_> = stream.classes.iter().map(|class| page.name(class, 40)).collect();
    if 2 + width + SPAN <= page.width() {
        page.line(2, &[(Tone::Strong, &pad(&name, width)), (Tone::Plain, &span)]);
    } else {
        page.line(2, &[(Tone::Strong, &name)]);
        page.line(4, &[(Tone::Plain, &span)]);
    }
    if !classes.is_empty() {
        page.labelled(4, (Tone::Quiet, "records of "), Tone::Quiet, &classes.join(", "));
    }
    for hole in stream.holes.iter().take(HOLES_MAX) {
        let length = wording::length(hole.length());
        page.labelled(
            4,
            (Tone::Doubt, "hole    "),
            Tone::Plain,
            &format!("{}, {length}", span_text(page, *hole)),
        );
    }
    if stream.holes.len() > HOLES_MAX {
        let more = count(stream.holes.len() - HOLES_MAX, "more hole");
        page.para(4, Tone::Doubt, &format!("and {more}"));
    }
}

fn span_text(page: &TextPage, span: Span) -> String {
    format!("{} to {}", page.time(span.from), page.time(span.to))
}

fn write_inputs(page: &mut TextPage, view: &View<'_>) {
    let decision = view.decision;
    let damaged = decision.inputs.iter().filter(|input| !input.damage.is_empty()).count();
    let inputs = count(decision.inputs.len(), "input");
    let note = match damaged {
        0 => format!("{inputs}, none damaged"),
        n => format!("{inputs}, {n} damaged"),
    };
    page.heading("Accounting", &note);
    let total = decision.accounting;
    let tallies = decision.inputs.iter().map(|input| input.tally);
    let widths = widths(std::iter::once(total).chain(tallies));
    let names = NUMBERS.map(str::to_owned);
    write_row(page, Tone::Quiet, (&names, "input"), widths);
    write_row(page, Tone::Strong, (&cells(total), "all inputs"), widths);
    let mut hidden = 0_u64;
    for (position, input) in decision.inputs.iter().enumerate() {
        if position < SHOWN_MAX || !input.damage.is_empty() {
            write_input(page, input, widths);
        } else {
            hidden += 1;
        }
    }
    write_more(page, &count(hidden, "more input"), hidden, "without damage");
    write_undigested(page, &decision.inputs);
}

/// Without a digest nobody can find out later whether an input has changed.
pub(super) fn write_undigested(page: &mut TextPage, inputs: &[Input]) {
    let without = inputs.iter().filter(|input| input.tally.records > 0 && input.digest.is_none());
    let inputs = match u64::try_from(without.count()).unwrap_or(u64::MAX) {
        0 => return,
        n => count(n, "input"),
    };
    page.para(
        2,
        Tone::Doubt,
        &format!("no digest of {inputs}: this report cannot be verified later"),
    );
}

fn write_input(page: &mut TextPage, input: &Input, widths: [usize; 5]) {
    write_row(page, Tone::Plain, (&cells(input.tally), &input.path), widths);
    for damage in &input.damage {
        let what = page.sentence(&damage.what);
        page.labelled(4, (Tone::Bad, "damaged: "), Tone::Plain, &what);
    }
}

/// The numbers and the name of what they count. The name is above the numbers if there is no room next to them.
fn write_row(
    page: &mut TextPage,
    tone: Tone,
    (cells, name): (&[String; 5], &str),
    widths: [usize; 5],
) {
    let numbers = join(cells, widths);
    let room = page.width().saturating_sub(columns(&numbers) + 4);
    if room >= PATH_MIN {
        let name = format!("  {}", page.path(name, room));
        page.line(2, &[(tone, &numbers), (tone, &name)]);
    } else {
        let name = page.path(name, page.width() - 2);
        page.line(2, &[(tone, &name)]);
        page.line(2, &[(tone, &numbers)]);
    }
}

fn cells(tally: Tally) -> [String; 5] {
    [tally.records, tally.evidence, tally.irrelevant, tally.rejected, tally.duplicate].map(number)
}

fn widths(tallies: impl Iterator<Item = Tally>) -> [usize; 5] {
    let mut widths = NUMBERS.map(str::len);
    for tally in tallies {
        for (width, cell) in widths.iter_mut().zip(cells(tally)) {
            *width = cell.len().max(*width);
        }
    }
    widths
}

fn join(cells: &[String; 5], widths: [usize; 5]) -> String {
    let padded: Vec<_> =
        cells.iter().zip(widths).map(|(cell, width)| pad_left(cell, width)).collect();
    padded.join("  ")
}
