/*! Why a class is ready, below its lines of the ledger. */

use super::layout::flow;
use super::page::{TextPage, Tone};
use crate::model::ledger::LedgerRow;
use crate::report::{View, why_ready};
use crate::wording;

/// Columns before these lines.
const INDENT: usize = 4;

/// Writes the lines of a ready class. All of its log sources are listed where everything is asked for.
pub(super) fn write(page: &mut TextPage, view: &View<'_>, row: &LedgerRow) {
    let (Some(why), Some(lines)) = (&row.why_ready, why_ready::lines(view, row)) else { return };
    let mark = page.symbol(" · ", "; ");
    for (label, mut pieces) in ["why: ", "     "].into_iter().zip(lines) {
        if let Some(first) = pieces.first_mut() {
            *first = format!("{label}{first}");
        }
        for line in flow(&pieces, mark, page.width() - INDENT) {
            page.line(INDENT, &[(Tone::Quiet, &line)]);
        }
    }
    if page.all_evidence() {
        for log in &why.logs {
            let (name, covered) = (page.name(&log.stream, 60), wording::length(log.covered));
            let line = format!("{name}: {covered} of {}", wording::length(why.window));
            page.line(INDENT + 5, &[(Tone::Quiet, &line)]);
        }
        for holder in &row.holders {
            let (facet, value) = (holder.facet.noun(), page.name(&holder.value, 60));
            let line = format!("{facet} {value}: {}", wording::holder(holder.state));
            page.line(INDENT + 5, &[(Tone::Quiet, &line)]);
        }
    }
}
