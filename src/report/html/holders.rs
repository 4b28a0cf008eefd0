/*! The members of a class that used the old version, as a table of the page. */

use super::texts::{text, time};
use crate::model::ledger::{HolderRow, LedgerRow};
use crate::model::{At, Timestamp};
use crate::report::{View, evidence_id};
use crate::wording::{self, count};

/// At most this many members of a class are shown.
const SHOWN_MAX: usize = 100;
/// At most this many have a lane.
const LANES_MAX: usize = 20;

/// A member of a class on the axis of time.
pub(super) struct Member {
    pub name: String,
    /// How the state is styled, and its words.
    pub state: (&'static str, &'static str),
    pub last_old_use: Option<Timestamp>,
    pub first_new_success: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// The members of a class that have lanes, and how many there are.
pub(super) struct Members {
    pub count: String,
    pub lanes: Vec<Member>,
    pub more: Option<String>,
}

pub(super) fn members(row: &LedgerRow) -> Members {
    let of = |holder: &HolderRow| Member {
        name: name(holder),
        state: (holder.state.word(), wording::holder(holder.state)),
        last_old_use: holder.last_old_use.map(At::latest),
        first_new_success: holder.first_new_success,
        until: holder.until,
    };
    let rest = row.holders.len().saturating_sub(LANES_MAX);
    Members {
        count: count(row.holders.len(), "member"),
        lanes: row.holders.iter().take(LANES_MAX).map(of).collect(),
        more: (rest > 0).then(|| format!("{} without a lane", count(rest, "more member"))),
    }
}

fn name(row: &HolderRow) -> String {
    format!("{} {}", row.facet.noun(), text(&row.value))
}

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
        member: name(row),
        state: (row.state.word(), wording::holder(row.state)),
        last_old_use: row.last_old_use.map(At::latest).map_or_else(dash, time),
        first_new_success: row.first_new_success.map_or_else(dash, time),
        rhythm: row.rhythm.map_or_else(dash, wording::length_up),
        needed: row.needed.map_or_else(dash, wording::length_up),
        until: row.until.map_or_else(dash, time),
        cites: row.cited.iter().filter_map(|at| view.row(*at)).map(evidence_id).collect(),
    }
}
