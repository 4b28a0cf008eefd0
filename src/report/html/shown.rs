/*! How the page writes a text, a verdict and a time. */

use std::collections::BTreeSet;

use crate::model::decision::{Mode, Verdict};
use crate::model::{At, Timestamp};
use crate::report::{View, evidence_id};
use crate::safe::{html, mask_text, terminal};
use crate::wording;

/// A verdict: how it is styled, its sign and its word.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub class: &'static str,
    pub sign: &'static str,
    pub text: &'static str,
}

/// A fact about the whole report.
pub(super) struct Fact {
    pub name: &'static str,
    /// As HTML.
    pub value: String,
}

/// A time, and the evidence for it.
pub(super) struct Moment {
    pub time: String,
    pub id: Option<String>,
}

/// A text of a log or a plan: masked, and with what would steer or hide made visible. The template escapes it.
pub(super) fn text(raw: &str) -> String {
    terminal(&mask_text(raw)).into_owned()
}

/// A sentence that may name things between backticks, as HTML: the template puts it in as it is.
pub(super) fn sentence(raw: &str) -> String {
    html(&mask_text(raw))
}

pub(super) fn verdict(verdict: Verdict) -> Word {
    let (class, sign) = match verdict {
        Verdict::Ready => ("ready", "✓"),
        Verdict::Inconclusive => ("inconclusive", "?"),
        Verdict::NotReady => ("not_ready", "✗"),
    };
    Word { class, sign, text: wording::verdict(verdict) }
}

pub(super) fn verdicts() -> Vec<Word> {
    [Verdict::NotReady, Verdict::Inconclusive, Verdict::Ready].into_iter().map(verdict).collect()
}

/// What is asked, in the words of the plan.
pub(super) fn question(view: &View<'_>) -> String {
    let rotation = &view.decision.rotation;
    let old: Vec<String> = rotation.old.iter().map(|name| text(name)).collect();
    let (old, name) = (old.join(", "), text(&rotation.credential));
    match view.decision.mode {
        Mode::Postmortem => format!("Did the revocation of {old} of {name} hold?"),
        Mode::Planned | Mode::PreRevocation => format!("May {old} of {name} be revoked?"),
    }
}

pub(super) fn time(at: Timestamp) -> String {
    let text = at.rfc3339();
    // Seconds that are a part of one stay; the zone is said once for the page.
    text.strip_suffix('Z').unwrap_or(&text).replacen('T', " ", 1)
}

pub(super) fn moment(view: &View<'_>, at: At, end: fn(At) -> Timestamp) -> Moment {
    Moment { time: time(end(at)), id: view.row(at).map(evidence_id) }
}

pub(super) fn facts(view: &View<'_>) -> Vec<Fact> {
    let decision = view.decision;
    let rotation = &decision.rotation;
    let mut facts = vec![
        Fact { name: "as of", value: time(decision.as_of) },
        Fact {
            name: "window without old use",
            value: format!("{} to {}", time(decision.window.from), time(decision.window.to)),
        },
    ];
    if let Some(earliest) = &decision.earliest {
        let when = earliest.time.map_or_else(|| "waiting alone is not enough".to_owned(), time);
        let why = sentence(&earliest.because);
        facts.push(Fact { name: "earliest revocation", value: format!("{when}: {why}") });
    }
    facts.push(Fact { name: "new version introduced", value: time(rotation.introduced) });
    let revoked = rotation.revoked.map(|at| ("revoked", at));
    let target = rotation.revoke_target.map(|at| ("planned revocation", at));
    facts.extend(revoked.or(target).map(|(name, at)| Fact { name, value: time(at) }));
    let said = [
        ("decided by", rotation.decision_owner.as_deref()),
        ("rollback", rotation.rollback.as_deref()),
        ("dependency", rotation.dependency.as_deref()),
    ];
    facts.extend(
        said.into_iter().filter_map(|(name, value)| Some(Fact { name, value: sentence(value?) })),
    );
    facts
}

/// Each text once, sorted, without the empty one.
pub(super) fn distinct<'t>(all: impl Iterator<Item = &'t String>) -> Vec<String> {
    let set: BTreeSet<&String> = all.filter(|one| !one.is_empty()).collect();
    set.into_iter().cloned().collect()
}

/// What is there, or a dash.
pub(super) fn or_dash(list: &[String]) -> String {
    let shown: Vec<String> = list.iter().map(|one| text(one)).collect();
    if shown.is_empty() { "–".to_owned() } else { shown.join(", ") }
}
