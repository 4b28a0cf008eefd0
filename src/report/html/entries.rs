/*! What is known of a consumer, as pairs of a name and a value. What is not known is left out. */

use super::texts::{text, time};
use crate::model::ledger::{ExceptionTest, LedgerRow};
use crate::model::{At, Duration, Refresh};
use crate::report::{View, evidence_id};
use crate::wording::{self, number};

pub(super) struct Entry {
    pub name: &'static str,
    pub value: String,
    pub cite: Option<String>,
}

pub(super) fn of(view: &View<'_>, row: &LedgerRow) -> Vec<Entry> {
    let mut entries = uses(view, row);
    entries.extend(silence(row));
    entries.extend(plan(view, row));
    entries
}

fn said(name: &'static str, value: Option<String>) -> Option<Entry> {
    value.filter(|value| !value.is_empty()).map(|value| Entry { name, value, cite: None })
}

fn uses(view: &View<'_>, row: &LedgerRow) -> Vec<Entry> {
    let [old, new, unknown] = row.events.map(events);
    let moment = |name, at: Option<At>, end: fn(At) -> crate::model::Timestamp| {
        at.map(|at| Entry {
            name,
            value: time(view.zone, end(at)),
            cite: view.row(at).map(evidence_id),
        })
    };
    let entries = [
        said("attempts with the old version", old),
        said("attempts with the new version", new),
        said("attempts without a known version", unknown),
        said("instances", instances(row.instances)),
        moment("last old use", row.last_old_use, At::latest),
        moment("first new success", row.first_new_success, At::earliest),
        moment("last new success", row.last_new_success, At::earliest),
    ];
    entries.into_iter().flatten().collect()
}

fn silence(row: &LedgerRow) -> Vec<Entry> {
    let silence = &row.silence;
    let length = |length: Option<Duration>| length.map(wording::length);
    let entries = [
        said("silence", silence.state.map(|state| wording::silence(state).to_owned())),
        said("runs every, as declared", length(silence.declared)),
        said("runs every, as learned", length(silence.learned)),
        said("largest share that may still use the old version", silence.bound.map(percent)),
        said(
            "what uses the old version unseen does so less often than",
            silence.residual.map(|rate| format!("once in {}", wording::length(rate))),
        ),
    ];
    entries.into_iter().flatten().collect()
}

fn plan(view: &View<'_>, row: &LedgerRow) -> Vec<Entry> {
    let list = |list: &[String]| {
        let texts: Vec<String> = list.iter().map(|entry| text(entry)).collect();
        Some(texts.join(", "))
    };
    let never = || "waiting alone is not enough".to_owned();
    let is_exception = row.exception_test != ExceptionTest::NotApplicable;
    let entries = [
        said("reads a new value", row.refresh.map(|refresh| Refresh::word(refresh).to_owned())),
        said(
            "exception path tested",
            is_exception.then(|| wording::exception_test(row.exception_test).to_owned()),
        ),
        said(
            "earliest revocation",
            Some(row.earliest.map_or_else(never, |at| time(view.zone, at))),
        ),
        said("owner", row.owner.as_deref().map(text)),
        said("effects at risk", list(&row.effects)),
        said("state derived from the credential", list(&row.derived)),
    ];
    entries.into_iter().flatten().collect()
}

fn instances(counts: [u64; 4]) -> Option<String> {
    let words = ["on old", "on new", "on both", "unknown"];
    let parts = counts.into_iter().zip(words).filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, word)| format!("{} {word}", number(n))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn events([success, refused, denied, failure, none]: [u64; 5]) -> Option<String> {
    let parts = [
        (success, "successful"),
        (refused, "refused"),
        (denied, "not allowed"),
        (failure, "failed"),
        (none, "without a logged outcome"),
    ];
    let counts = parts.into_iter().filter(|(n, _)| *n > 0);
    let counts: Vec<String> = counts.map(|(n, word)| format!("{} {word}", number(n))).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

pub(super) fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}
