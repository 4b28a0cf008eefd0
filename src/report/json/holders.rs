/*! The members of a class that used the old version, on the wire. */

use super::masking::masked;
use crate::model::At;
use crate::model::ledger::HolderRow;
use crate::report::{View, evidence_id};
use crate::wire::{self, Word};

pub(super) fn holder(view: &View<'_>, row: &HolderRow) -> wire::Holder {
    let cited = row.cited.iter().filter_map(|at| view.row(*at));
    let mut evidence: Vec<String> = Vec::new();
    for id in cited.map(evidence_id) {
        if !evidence.contains(&id) {
            evidence.push(id);
        }
    }
    wire::Holder {
        facet: Word(row.facet),
        value: masked(&row.value),
        state: Word(row.state),
        last_old_use: row.last_old_use.map(At::latest).map(wire::Time),
        first_new_success: row.first_new_success.map(wire::Time),
        rhythm: row.rhythm.map(wire::Length::rounded_up),
        needed: row.needed.map(wire::Length::rounded_up),
        until: row.until.map(wire::Time),
        evidence,
    }
}
