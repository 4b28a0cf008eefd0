/*! The head: the verdict, the sentence that explains it, and the terms under which it holds. */

use super::page::{TextPage, Tone};
use crate::model::decision::{Decision, Mode, Verdict, WaiverView};
use crate::report::{View, finding_id};
use crate::wording;

/// Columns of a label and the space after it.
const LABEL: usize = 15;

pub(super) fn write(page: &mut TextPage, view: &View<'_>) {
    verdict(page, view);
    let decision = view.decision;
    for (label, text) in terms(page, decision) {
        fact(page, label, Tone::Plain, &text);
    }
    let root = view.root();
    if !root.is_empty() {
        let text = format!("relative to {}", page.path(root, 200));
        fact(page, "paths", Tone::Plain, &text);
        page.leave_out(root);
    }
}

/// The verdict with its sentence, and the waivers on which it rests.
pub(super) fn verdict(page: &mut TextPage, view: &View<'_>) {
    let decision = view.decision;
    let tone = Tone::of(decision.verdict);
    let word = word(decision.mode, decision.verdict);
    let verdict = format!("{} {word}", page.mark(decision.verdict));
    let claim = claim(page, decision);
    page.labelled(0, (tone, &format!("{verdict}   ")), Tone::Strong, &claim);
    page.blank();
    let summary = page.sentence(&decision.summary);
    page.para(2, Tone::Plain, &summary);
    page.blank();
    for waiver in decision.waivers.iter().filter(|waiver| waiver.in_force) {
        let text = waiver_text(page, waiver);
        fact(page, "waived", Tone::Doubt, &text);
    }
    for waiver in decision.waivers.iter().filter(|waiver| !waiver.in_force) {
        let text = waiver_text(page, waiver);
        fact(page, "not waived", Tone::Plain, &text);
    }
    if !decision.waivers.is_empty() {
        page.blank();
    }
}

/// The word of a verdict in text.
pub(super) fn word(mode: Mode, verdict: Verdict) -> String {
    wording::verdict_in(mode, verdict).to_uppercase()
}

fn fact(page: &mut TextPage, label: &str, tone: Tone, text: &str) {
    page.labelled(2, (Tone::Quiet, &format!("{label:LABEL$}")), tone, text);
}

/// What the verdict means for the old version.
fn claim(page: &TextPage, decision: &Decision) -> String {
    let old: Vec<_> = decision.rotation.old.iter().map(|name| page.name(name, 40)).collect();
    let what = format!("{} of {}", old.join(", "), page.name(&decision.rotation.credential, 80));
    match (decision.mode, decision.verdict) {
        (Mode::Postmortem, Verdict::Ready) => format!("the revocation of {what} held"),
        (Mode::Postmortem, Verdict::Inconclusive) => {
            format!("it is too early to say whether the revocation of {what} held")
        }
        (Mode::Postmortem, Verdict::NotReady) => format!("the revocation of {what} did not hold"),
        (Mode::Planned | Mode::PreRevocation, Verdict::Ready) => format!("{what} may be revoked"),
        (Mode::Planned | Mode::PreRevocation, Verdict::Inconclusive) => {
            format!("not proven that {what} may be revoked")
        }
        (Mode::Planned | Mode::PreRevocation, Verdict::NotReady) => {
            format!("{what} may not be revoked yet")
        }
    }
}

fn waiver_text(page: &TextPage, waiver: &WaiverView) -> String {
    let mut text = page.name(&waiver.rule, 60);
    if let Some(class) = &waiver.class {
        text = format!("{text} of {}", page.name(class, 60));
    }
    let found: Vec<_> = waiver.findings.iter().copied().map(finding_id).collect();
    let found = if found.is_empty() { "no finding".to_owned() } else { found.join(", ") };
    let ends = if waiver.in_force { "until" } else { "ended" };
    let owner = page.name(&waiver.by.owner, 60);
    let reason = page.sentence(&waiver.by.reason);
    format!("{text} ({found}) by {owner}, {ends} {}: {reason}", page.time(waiver.by.until))
}

/// Label and text of each term that the plan states.
fn terms(page: &TextPage, decision: &Decision) -> Vec<(&'static str, String)> {
    let rotation = &decision.rotation;
    let mode = wording::mode(decision.mode);
    let length = wording::length(decision.window.length());
    let [from, to] = [decision.window.from, decision.window.to].map(|at| page.time(at));
    let mut terms = vec![
        ("as of", format!("{}, {mode}", page.time(decision.as_of))),
        ("window", format!("{length}, from {from} to {to}")),
        ("versions", versions(page, decision)),
    ];
    let mut cutover = rotation.model.join(", ");
    cutover.push_str(if cutover.is_empty() { "introduced" } else { ", introduced" });
    terms.push(("cutover", format!("{cutover} {}", page.time(rotation.introduced))));
    let models = decision.models.iter().map(|model| {
        let name = model.model;
        (
            "model",
            format!("{name} {}: {}", wording::model_state(model.state), page.sentence(&model.why)),
        )
    });
    terms.extend(models);
    if let Some(time) = rotation.revoke_target {
        terms.push(("revoke at", page.time(time)));
    }
    if let Some(time) = rotation.revoked {
        terms.push(("revoked", page.time(time)));
    }
    if let Some(earliest) = &decision.earliest {
        let time = earliest
            .time
            .map_or_else(|| "waiting alone is not enough".to_owned(), |time| page.time(time));
        let class =
            earliest.binding_class.as_ref().map(|class| format!(", {}", page.name(class, 60)));
        let because = page.sentence(&earliest.because);
        terms.push(("earliest", format!("{time}{}: {because}", class.unwrap_or_default())));
    }
    if let Some(word) = rotation.in_flight {
        terms.push(("in flight", word.to_owned()));
    }
    let stated = [("rollback", &rotation.rollback), ("decided by", &rotation.decision_owner)];
    for (label, text) in stated {
        terms.extend(text.as_ref().map(|text| (label, page.sentence(text))));
    }
    let asked = rotation.required_evidence.iter().map(|text| page.sentence(text));
    terms.extend(asked.map(|text| ("also required", text)));
    terms
}

fn versions(page: &TextPage, decision: &Decision) -> String {
    let rotation = &decision.rotation;
    let names = |versions: &[String]| {
        versions
            .iter()
            .map(|name| format!("`{}`", page.name(name, 40)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let dependency =
        rotation.dependency.as_ref().map(|text| format!("; for {}", page.name(text, 80)));
    format!(
        "old {}, new {}{}",
        names(&rotation.old),
        names(&rotation.new),
        dependency.unwrap_or_default()
    )
}
