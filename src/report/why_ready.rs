/*! Why a class is ready, in two lines that all formats share: what was logged and how its rhythm is known, and who was
 * followed, on how many occasions, with which records.
 */

use super::{View, evidence_id};
use crate::model::ledger::{HolderState, LedgerRow};
use crate::model::why_ready::WhyReady;
use crate::wording::{self, count};

/// The pieces of both lines. `None` unless the class is ready.
pub(super) fn lines(view: &View<'_>, row: &LedgerRow) -> Option<[Vec<String>; 2]> {
    let why = row.why_ready.as_ref()?;
    let known = [Some(logged(why)), rhythm(row, why)].into_iter().flatten().collect();
    let ids: Vec<String> =
        why.rows.iter().filter_map(|at| view.row(*at)).map(evidence_id).collect();
    let occasions =
        (why.chances > 0).then(|| format!("{}, all used new", count(why.chances, "chance")));
    let records = (!ids.is_empty()).then(|| ids.join(" "));
    let followed = [holders(row), occasions, records].into_iter().flatten().collect();
    Some([known, followed])
}

/// Who was followed, and how each was settled.
fn holders(row: &LedgerRow) -> Option<String> {
    let of_state = |state: HolderState| {
        let n = row.holders.iter().filter(|holder| holder.state == state).count();
        (n > 0).then(|| format!("{n} {}", wording::holder(state)))
    };
    let states: Vec<String> = HolderState::ALL.into_iter().filter_map(of_state).collect();
    (!states.is_empty()).then(|| format!("members: {}", states.join(", ")))
}

/// What its log sources covered of the window.
fn logged(why: &WhyReady) -> String {
    let window = wording::length(why.window);
    let logs = count(why.logs.len(), "log source");
    match why.logs.iter().map(|log| log.covered).min() {
        None => "no log source carries it".to_owned(),
        Some(least) if least >= why.window => format!("{logs} covered all {window}"),
        Some(least) => {
            format!("{logs} covered at least {} of {window}", wording::length(least))
        }
    }
}

/// How it is known how often it runs.
fn rhythm(row: &LedgerRow, why: &WhyReady) -> Option<String> {
    match (why.runs, row.silence.declared) {
        (Some(runs), _) => Some(format!("rhythm learned from {}", count(runs, "run"))),
        (None, Some(every)) => Some(format!("declared to run every {}", wording::length(every))),
        (None, None) => {
            row.silence.settled.then(|| "one run on the new version settles it".to_owned())
        }
    }
}
