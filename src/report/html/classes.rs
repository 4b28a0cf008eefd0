/*! Consumers: a row of the matrix, and all that is known of each. */

use super::entries;
use super::findings::{self, FindingRow};
use super::holders::{self, HolderCells, Members};
use super::texts::{self, Moment, VerdictWord, moment, sentence, text};
use crate::model::At;
use crate::model::ledger::{LedgerRow, Share, Truth};
use crate::report::{View, screen, why_ready};
use crate::wording::{self, number};

/// A cell that says nothing.
const DASH: &str = "–";

pub(super) struct LayerRow {
    pub truth: &'static str,
    pub version: &'static str,
    pub last: Option<Moment>,
}

pub(super) struct ClassRow {
    pub position: usize,
    pub anchor: String,
    pub name: String,
    pub path: String,
    pub usage: &'static str,
    pub owner: String,
    pub owner_shown: String,
    pub disabled: bool,
    pub verdict: VerdictWord,
    /// The worst that is known of it, as HTML.
    pub fact: Option<String>,
    /// Its last old use in microseconds, to sort by; 0 if there was none.
    pub old_use: i64,
    /// How the version in use is styled, and its word.
    pub truth: &'static str,
    pub version: &'static str,
    pub configuration: LayerRow,
    pub runtime: LayerRow,
    pub behavior: LayerRow,
    pub last_old_use: Option<Moment>,
    pub last_new_success: Option<Moment>,
    pub quiet: String,
    /// Before and after the change.
    pub degraded: [String; 2],
    pub failed: [String; 2],
    pub findings: Vec<FindingRow>,
    pub why_ready: String,
    pub entries: Vec<entries::Entry>,
    pub members: Members,
    pub holders: Vec<HolderCells>,
    pub holders_more: Option<String>,
}

/// The most urgent first.
pub(super) fn classes(view: &View<'_>) -> Vec<ClassRow> {
    let rows = screen::by_urgency(view.decision).into_iter();
    rows.map(|(position, row)| class(view, position, row)).collect()
}

fn class(view: &View<'_>, position: usize, row: &LedgerRow) -> ClassRow {
    let last = |at: Option<At>| at.map(|at| moment(view, at, At::latest));
    let silence = &row.silence;
    let quiet =
        format!("{} / {}", wording::length(silence.elapsed), wording::length_up(silence.needed));
    let layer = |position: usize| LayerRow {
        truth: row.layers[position].truth.word(),
        version: wording::version_in_use(row.layers[position].truth),
        last: last(row.layers[position].last),
    };
    let urgent = view.decision.urgent.iter().find(|of| of.path.is_some() && of.name == row.name);
    let why = why_ready::lines(view, row).unwrap_or_default();
    ClassRow {
        position,
        anchor: format!("class-{}", position + 1),
        name: text(&row.name),
        path: row.path.word().to_owned(),
        usage: row.usage.word(),
        owner: row.owner.as_deref().map(text).unwrap_or_default(),
        owner_shown: row.owner.as_deref().map_or_else(|| "no owner".to_owned(), text),
        disabled: row.disabled,
        verdict: texts::verdict(view.decision.mode, row.verdict),
        fact: urgent.map(|of| sentence(view, &screen::fact(&of.fact))),
        old_use: row.last_old_use.map_or(0, |at| at.latest().0),
        truth: row.truth.word(),
        version: wording::version_in_use(row.truth),
        configuration: layer(0),
        runtime: layer(1),
        behavior: layer(2),
        last_old_use: last(row.last_old_use),
        last_new_success: row.last_new_success.map(|at| moment(view, at, At::earliest)),
        quiet: if silence.state.is_some() { quiet } else { DASH.to_owned() },
        degraded: [row.degraded_before, row.degraded_after].map(share),
        failed: [row.failed_before, row.failed_after].map(share),
        findings: findings::of(view, Some(row.class)),
        why_ready: sentence(view, &why.concat().join("; ")),
        entries: entries::of(view, row),
        members: holders::members(row),
        holders: holders::cells(view, row),
        holders_more: holders::more(row),
    }
}

/// The columns of the matrix in which some row says something.
pub(super) fn columns(rows: &[ClassRow]) -> Vec<&'static str> {
    let layer = |of: fn(&ClassRow) -> &LayerRow| {
        let says = |row| of(row).last.is_some() || of(row).truth != Truth::Unknown.word();
        rows.iter().any(says)
    };
    let shares = |of: fn(&ClassRow) -> &[String; 2]| {
        rows.iter().any(|row| of(row).iter().any(|share| share != DASH))
    };
    let columns = [
        ("configuration", layer(|row| &row.configuration)),
        ("runtime", layer(|row| &row.runtime)),
        ("behavior", layer(|row| &row.behavior)),
        ("old", rows.iter().any(|row| row.last_old_use.is_some())),
        ("new", rows.iter().any(|row| row.last_new_success.is_some())),
        ("silent", rows.iter().any(|row| row.quiet != DASH)),
        ("degraded", shares(|row| &row.degraded)),
        ("failed", shares(|row| &row.failed)),
        ("findings", rows.iter().any(|row| !row.findings.is_empty())),
    ];
    columns.into_iter().filter(|(_, says)| *says).map(|(name, _)| name).collect()
}

fn share(share: Share) -> String {
    if share.of == 0 {
        return DASH.to_owned();
    }
    if share.n == 0 {
        return format!("0 of {}", number(share.of));
    }
    #[expect(clippy::cast_precision_loss, reason = "a share with one digit")]
    let part = share.n as f64 / share.of as f64;
    format!("{} ({} of {})", entries::percent(part), number(share.n), number(share.of))
}
