/*! What the parts of the Markdown report share: its texts, its folds and its tables. */

use std::io::{self, Write};

use crate::model::decision::{Mode, Verdict};
use crate::model::{At, Timestamp};
use crate::report::{View, evidence_id};
use crate::safe::{markdown, markdown_code, mask_text};
use crate::wording::{self, Zone};

/// A cell that says nothing.
pub(super) const DASH: &str = "–";

/// What is written, and the zone of its times.
pub(super) struct Page<'p, 'v> {
    pub view: &'p View<'v>,
    pub zone: Zone,
}

impl Page<'_, '_> {
    /// A sentence of the report.
    pub(super) fn sentence(&self, raw: &str) -> String {
        text(&self.zone.sentence(raw))
    }

    pub(super) fn moment(&self, at: Option<At>, end: fn(At) -> Timestamp) -> String {
        let Some(at) = at else { return DASH.to_owned() };
        let id = self.view.row(at).map(evidence_id).unwrap_or_default();
        format!("{} {id}", self.zone.time(end(at)))
    }
}

pub(super) fn text(raw: &str) -> String {
    markdown(&mask_text(raw))
}

pub(super) fn code(raw: &str) -> String {
    markdown_code(&mask_text(raw))
}

pub(super) fn word(mode: Mode, verdict: Verdict) -> String {
    let mark = match verdict {
        Verdict::Ready => "✅",
        Verdict::Inconclusive => "❔",
        Verdict::NotReady => "⛔",
    };
    format!("{mark} {}", wording::verdict_in(mode, verdict))
}

/// Begins a part that is shown on request. `title` is the report's own text, since it is inside of HTML.
pub(super) fn fold(out: &mut dyn Write, title: &str) -> io::Result<()> {
    writeln!(out, "<details><summary>{title}</summary>\n")
}

pub(super) fn unfold(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n</details>\n")
}

/// A table without the columns in which no row says anything.
pub(super) fn table<const N: usize>(
    out: &mut dyn Write,
    heads: [&str; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let says = |cell: &String| !cell.is_empty() && cell != DASH;
    let kept: Vec<usize> =
        (0..N).filter(|column| rows.iter().any(|row| says(&row[*column]))).collect();
    let line = |cells: Vec<&str>| format!("| {} |", cells.join(" | "));
    writeln!(out, "{}", line(kept.iter().map(|column| heads[*column]).collect()))?;
    writeln!(out, "|{}", "---|".repeat(kept.len()))?;
    for row in rows {
        writeln!(out, "{}", line(kept.iter().map(|column| row[*column].as_str()).collect()))?;
    }
    Ok(())
}
