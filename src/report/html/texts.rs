/*! The texts of the page: how it writes a text of a log, a verdict and a time. */

use std::collections::BTreeSet;

use crate::model::decision::{Mode, Verdict};
use crate::model::{At, Timestamp};
use crate::report::{View, evidence_id};
use crate::safe::{html, mask_text, terminal};
use crate::wording::{self, Zone};

/// A verdict: how it is styled, its sign and its word.
#[derive(Clone, Copy)]
pub(super) struct VerdictWord {
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

/// A text of a log or a plan, masked, with control and hidden characters made visible. The template escapes it.
pub(super) fn text(raw: &str) -> String {
    terminal(&mask_text(raw)).into_owned()
}

/// A sentence that may name things between backticks, as HTML that the template does not escape again.
pub(super) fn sentence(view: &View<'_>, raw: &str) -> String {
    html(&mask_text(&view.zone.sentence(raw)))
}

pub(super) fn verdict(mode: Mode, verdict: Verdict) -> VerdictWord {
    let (class, sign) = match verdict {
        Verdict::Ready => ("ready", "✓"),
        Verdict::Inconclusive => ("inconclusive", "?"),
        Verdict::NotReady => ("not_ready", "✗"),
    };
    VerdictWord { class, sign, text: wording::verdict_in(mode, verdict) }
}

pub(super) fn verdicts(mode: Mode) -> Vec<VerdictWord> {
    let all = [Verdict::NotReady, Verdict::Inconclusive, Verdict::Ready];
    all.into_iter().map(|of| verdict(mode, of)).collect()
}

/// The question that the report answers.
pub(super) fn question(view: &View<'_>) -> String {
    let rotation = &view.decision.rotation;
    let old: Vec<String> = rotation.old.iter().map(|name| text(name)).collect();
    let (old, name) = (old.join(", "), text(&rotation.credential));
    match view.decision.mode {
        Mode::Postmortem => format!("Did the revocation of {old} of {name} hold?"),
        Mode::Planned | Mode::PreRevocation => format!("May {old} of {name} be revoked?"),
    }
}

/// Of UTC the page says once that all times are; any other time shows its offset, which may change within a page.
pub(super) fn time(zone: Zone, at: Timestamp) -> String {
    let text = zone.time(at);
    // Fractions of a second stay.
    text.strip_suffix('Z').unwrap_or(&text).replacen('T', " ", 1)
}

pub(super) fn moment(view: &View<'_>, at: At, end: fn(At) -> Timestamp) -> Moment {
    Moment { time: time(view.zone, end(at)), id: view.row(at).map(evidence_id) }
}

pub(super) fn facts(view: &View<'_>) -> Vec<Fact> {
    let decision = view.decision;
    let rotation = &decision.rotation;
    let time = |at| time(view.zone, at);
    let mut facts = vec![
        Fact { name: "as of", value: time(decision.as_of) },
        Fact {
            name: "window without old use",
            value: format!("{} to {}", time(decision.window.from), time(decision.window.to)),
        },
    ];
    if let Some(earliest) = &decision.earliest {
        let when = earliest.time.map_or_else(|| "waiting alone is not enough".to_owned(), time);
        let why = sentence(view, &earliest.because);
        facts.push(Fact { name: "earliest revocation", value: format!("{when}: {why}") });
    }
    facts.extend(decision.models.iter().map(|model| {
        let state = wording::model_state(model.state);
        Fact {
            name: "cutover",
            value: sentence(view, &format!("{} {state}: {}", model.model, model.why)),
        }
    }));
    facts.push(Fact { name: "new version introduced", value: time(rotation.introduced) });
    let revoked = rotation.revoked.map(|at| ("revoked", at));
    let target = rotation.revoke_target.map(|at| ("planned revocation", at));
    facts.extend(revoked.or(target).map(|(name, at)| Fact { name, value: time(at) }));
    let stated = [
        ("decided by", rotation.decision_owner.as_deref()),
        ("rollback", rotation.rollback.as_deref()),
        ("dependency", rotation.dependency.as_deref()),
    ];
    facts.extend(
        stated
            .into_iter()
            .filter_map(|(name, value)| Some(Fact { name, value: html(&mask_text(value?)) })),
    );
    facts
}

/// Each text once, sorted, without the empty text.
pub(super) fn distinct<'t>(texts: impl Iterator<Item = &'t String>) -> Vec<String> {
    let set: BTreeSet<&String> = texts.filter(|text| !text.is_empty()).collect();
    set.into_iter().cloned().collect()
}

/// The texts of a list, or a dash if it is empty.
pub(super) fn or_dash(list: &[String]) -> String {
    let texts: Vec<String> = list.iter().map(|entry| text(entry)).collect();
    if texts.is_empty() { "–".to_owned() } else { texts.join(", ") }
}
