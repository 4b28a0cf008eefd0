/*! What an incident was, for who reads one page: impact, first sign, duration, recovery, and what was known before. */

use std::fmt::Write;

use super::{View, evidence_id};
use crate::model::At;
use crate::model::ClassId;
use crate::model::course::{Broken, Course, KnownAtRevocation};
use crate::model::decision::{Decision, Mode, Urgent, Verdict};
use crate::model::finding::{Finding, Severity};
use crate::model::next::MissingProof;
use crate::wording::{self, count, list, number};

/// Label and sentence of each fact, as logged: not masked, not escaped. Nothing unless the old version was revoked.
pub(super) fn lines(view: &View<'_>) -> Vec<(&'static str, String)> {
    let course = &view.decision.course;
    let known = course.known.as_ref().filter(|_| view.decision.mode == Mode::Postmortem);
    let Some(known) = known else { return Vec::new() };
    let mut lines = vec![("impact", impact(view, course))];
    let first = course.broken.iter().min_by_key(|broken| broken.sign.earliest());
    if let Some(first) = first {
        lines.push(("first sign", first_sign(view, first)));
        lines.push(("duration", duration(course)));
        lines.push(("recovery", recovery(view, course)));
    }
    lines.push(("known before", known_before(known)));
    lines
}

fn name(view: &View<'_>, class: ClassId) -> String {
    format!("`{}`", view.class_name(class).unwrap_or_default())
}

fn impact(view: &View<'_>, course: &Course) -> String {
    if course.broken.is_empty() {
        return "no attempt of a declared consumer failed since".to_owned();
    }
    let names: Vec<String> = course.broken.iter().map(|of| name(view, of.class)).collect();
    let failures: u64 = course.broken.iter().map(|of| of.failures).sum();
    let hidden: u64 = course.broken.iter().map(|of| of.hidden).sum();
    let mut text = format!("{} of {}", count(failures, "failure"), list(&names));
    if hidden > 0 {
        let _infallible = write!(text, ", and {} through a fallback", count(hidden, "success"));
    }
    let rows = view.decision.classes.iter();
    let hit = rows.filter(|row| course.broken.iter().any(|of| of.class == row.class));
    let mut effects: Vec<&str> = hit.flat_map(|row| &row.effects).map(String::as_str).collect();
    effects.sort_unstable();
    effects.dedup();
    if !effects.is_empty() {
        let _infallible = write!(text, "; at risk: {}", effects.join(", "));
    }
    text
}

fn moment(view: &View<'_>, at: At) -> String {
    let id = view.row(at).map(evidence_id).unwrap_or_default();
    format!("{} {id}", at.earliest().rfc3339()).trim_end().to_owned()
}

fn first_sign(view: &View<'_>, first: &Broken) -> String {
    let revoked = view.decision.rotation.revoked.unwrap_or(first.sign.earliest());
    let after = wording::length(first.sign.earliest() - revoked);
    let (class, when) = (name(view, first.class), moment(view, first.sign));
    format!("{class}, {after} after the revocation, at {when}")
}

fn duration(course: &Course) -> String {
    let first = course.broken.iter().map(|of| of.first.earliest()).min();
    let last = course.broken.iter().map(|of| of.last.latest()).max();
    let Some((first, last)) = first.zip(last) else { return String::new() };
    let (length, from) = (wording::length(last - first), first.rfc3339());
    format!("{length} from the first failure to the last, {from} to {}", last.rfc3339())
}

fn recovery(view: &View<'_>, course: &Course) -> String {
    let open: Vec<String> = course
        .broken
        .iter()
        .filter(|of| of.recovered.is_none())
        .map(|of| name(view, of.class))
        .collect();
    if !open.is_empty() {
        let has = if open.len() == 1 { "has" } else { "have" };
        return format!("{} {has} not recovered", list(&open));
    }
    let last = course.broken.iter().filter_map(|of| of.recovered).max_by_key(|at| at.earliest());
    let Some(last) = last else { return String::new() };
    let n = course.broken.len();
    let who = if n == 1 { "it works".to_owned() } else { format!("all {} work", number(n)) };
    format!("{who} again since {}", moment(view, last))
}

fn known_before(known: &KnownAtRevocation) -> String {
    let verdict = wording::verdict(known.verdict);
    let at = known.at.rfc3339();
    match known.findings.first() {
        Some(first) if known.verdict != Verdict::Ready => {
            let rest = known.findings.len() - 1;
            let more = if rest > 0 {
                format!(" (and {})", count(rest, "more finding"))
            } else {
                String::new()
            };
            format!("a report at {at} said {verdict}: {}{more}", first.summary)
        }
        _ => format!("a report at {at} said {verdict}"),
    }
}

/// Does that consumer work again, as the log shows?
fn has_recovered(decision: &Decision, class: Option<ClassId>) -> bool {
    let mut broken = decision.course.broken.iter();
    decision.mode == Mode::Postmortem
        && broken.any(|of| Some(of.class) == class && of.recovered.is_some())
}

/// What to do about it: not what the log shows as done.
pub(super) fn step<'d>(decision: &'d Decision, of: &'d Urgent) -> &'d str {
    let finding = decision.findings.get(of.finding).filter(|finding| finding.remedy == of.step);
    finding.map_or(&of.step, |finding| left(decision, finding))
}

/// What a finding asks for: not what the log shows as done.
pub(super) fn remedy(decision: &Decision, position: usize) -> &str {
    left(decision, &decision.findings[position])
}

/// A consumer that works again has moved; what its other findings ask for may be left.
fn left<'d>(decision: &'d Decision, of: &'d Finding) -> &'d str {
    if !of.asks_to_move || !has_recovered(decision, of.class) {
        return &of.remedy;
    }
    let own = decision.findings.iter().filter(|finding| finding.class == of.class);
    let mut others = own.filter(|finding| finding.severity == Severity::Blocks);
    let other = others.find(|finding| !finding.asks_to_move);
    &other.unwrap_or(of).remedy
}

/// What a missing proof asks for: not what the log shows as done.
pub(super) fn detail(decision: &Decision, proof: &MissingProof) -> String {
    let settled = proof.settles.iter().filter_map(|at| decision.findings.get(*at));
    let (moves, left): (Vec<&Finding>, Vec<&Finding>) =
        settled.partition(|finding| finding.asks_to_move);
    if moves.is_empty() || !has_recovered(decision, proof.class) {
        return proof.detail.clone();
    }
    let left: Vec<&str> = left.into_iter().map(|finding| finding.remedy.as_str()).collect();
    if left.is_empty() { proof.detail.clone() } else { left.join("; ") }
}

/// May containment still be of use? Not when all that broke works again.
pub(super) fn is_contained(decision: &Decision) -> bool {
    let broken = &decision.course.broken;
    decision.mode == Mode::Postmortem
        && !broken.is_empty()
        && broken.iter().all(|of| of.recovered.is_some())
}
