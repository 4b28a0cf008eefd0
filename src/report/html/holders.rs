/*! The members of a class that used the old version, as a table of the page. */

use super::texts::{text, time};
use crate::model::At;
use crate::model::ledger::{HolderRow, LedgerRow};
use crate::report::{View, evidence_id};
use crate::wording::{self, count};

/// At most this many members of a class are shown.
const SHOWN_MAX: usize = 100;

pub(super) struct HolderCells {
    pub member: String,
    /// How the state is styled, and its words.
    pub state: (&'static str, &'static str),
    pub last_old_use: String,
    pub first_new_success: String,
    pub rhythm: String,
    pub needed: String,
    pub until: String,
    pub cites: Vec<String>,
}

pub(super) fn cells(view: &View<'_>, row: &LedgerRow) -> Vec<HolderCells> {
    row.holders.iter().take(SHOWN_MAX).map(|holder| cell(view, holder)).collect()
}

/// What the table leaves out.
pub(super) fn more(row: &LedgerRow) -> Option<String> {
    let rest = row.holders.len().saturating_sub(SHOWN_MAX);
    let parts: Vec<String> = [
        (rest > 0).then(|| format!("{} in the JSON report", count(rest, "more member"))),
        (row.holders_left_out > 0)
            .then(|| format!("{} not followed", count(row.holders_left_out, "more value"))),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn cell(view: &View<'_>, row: &HolderRow) -> HolderCells {
    let dash = || "–".to_owned();
    let time = |at| time(view.zone, at);
    HolderCells {
        member: format!("{} {}", row.facet.noun(), text(&row.value)),
        state: (row.state.word(), wording::holder(row.state)),
        last_old_use: row.last_old_use.map(At::latest).map_or_else(dash, time),
        first_new_success: row.first_new_success.map_or_else(dash, time),
        rhythm: row.rhythm.map_or_else(dash, wording::length_up),
        needed: row.needed.map_or_else(dash, wording::length_up),
        until: row.until.map_or_else(dash, time),
        cites: row.cited.iter().filter_map(|at| view.row(*at)).map(evidence_id).collect(),
    }
}
