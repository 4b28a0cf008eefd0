/*! Consumers, findings and what to do next, as the page shows them. */

use super::holders::{self, HolderCells};
use super::texts::{self, Moment, VerdictWord, moment, or_dash, sentence, text, time};
use crate::model::decision::{Verdict, WaiverView};
use crate::model::finding;
use crate::model::ledger::{LedgerRow, Share};
use crate::model::next::{ChecklistItem, ContainmentStep, MissingProof, Status};
use crate::model::{At, Duration, Refresh};
use crate::report::{View, evidence_id, finding_id, why_ready};
use crate::wording::{self, count, number};

/// At most this many log sources of a search are named.
const SEARCHED_MAX: usize = 8;

pub(super) struct MissingRow {
    /// As HTML: it names the consumer.
    pub action: String,
    pub detail: String,
    pub settles: Vec<String>,
}

pub(super) struct StepRow {
    pub number: u8,
    pub action: String,
    pub classes: Vec<String>,
}

/// An item of the checklist.
pub(super) struct CheckRow {
    pub name: &'static str,
    pub class: &'static str,
    pub sign: &'static str,
    pub status: &'static str,
    pub because: Vec<String>,
}

pub(super) struct WaiverRow {
    pub rule: String,
    pub class: Option<String>,
    pub owner: String,
    pub until: String,
    pub reason: String,
    pub in_force: bool,
}

pub(super) struct LayerRow {
    pub truth: &'static str,
    pub version: &'static str,
    pub last: Option<Moment>,
}

pub(super) struct ClassRow {
    pub position: usize,
    pub anchor: String,
    pub name: String,
    pub path: String,
    pub usage: &'static str,
    pub owner: String,
    pub owner_shown: String,
    pub disabled: bool,
    pub verdict: VerdictWord,
    /// How the version in use is styled, and its word.
    pub truth: &'static str,
    pub version: &'static str,
    pub layers: Vec<LayerRow>,
    pub last_old_use: Option<Moment>,
    pub first_new_success: Option<Moment>,
    pub last_new_success: Option<Moment>,
    pub quiet: String,
    pub degraded_before: String,
    pub degraded_after: String,
    pub failed_before: String,
    pub failed_after: String,
    pub findings: Vec<String>,
    pub events_old: String,
    pub events_new: String,
    pub events_unknown: String,
    pub instances: String,
    pub silence: String,
    pub why_ready: String,
    pub cadence: String,
    pub bound: String,
    pub refresh: &'static str,
    pub exception_test: String,
    pub earliest: String,
    pub effects: String,
    pub derived: String,
    pub residual: String,
    pub holders: Vec<HolderCells>,
    pub holders_more: Option<String>,
}

pub(super) struct Citation {
    pub id: String,
    pub time: String,
    pub says: String,
}

pub(super) struct FindingRow {
    pub id: String,
    /// How the severity is styled, and its word.
    pub severity: (&'static str, &'static str),
    pub rule: &'static str,
    pub class: String,
    pub path: String,
    pub owner: String,
    pub verdict: &'static str,
    pub summary: String,
    pub remedy: String,
    pub numbers: Option<String>,
    pub cites: Vec<Citation>,
    pub more: Option<String>,
    pub searched: Vec<String>,
    pub searched_more: Option<String>,
    pub plan: Option<String>,
    pub waived: Option<String>,
}

pub(super) fn missing(view: &View<'_>, proof: &MissingProof) -> MissingRow {
    let class = proof.class.and_then(|class| view.class_name(class));
    let class = class.map(|name| format!("`{name}`"));
    MissingRow {
        action: sentence(view, &wording::action(proof.action, class.as_deref())),
        detail: sentence(view, &proof.detail),
        settles: proof.settles.iter().copied().map(finding_id).collect(),
    }
}

pub(super) fn step(view: &View<'_>, step: &ContainmentStep) -> StepRow {
    let names = step.classes.iter().filter_map(|class| view.class_name(*class));
    StepRow {
        number: step.step,
        action: sentence(view, &step.action),
        classes: names.map(text).collect(),
    }
}

pub(super) fn item(view: &View<'_>, entry: &ChecklistItem) -> CheckRow {
    let (class, sign) = match entry.status {
        Status::Yes => ("yes", "✓"),
        Status::No => ("no", "✗"),
        Status::Unknown => ("unknown", "?"),
        Status::NotApplicable => ("idle", "–"),
    };
    let because = entry.because.iter().filter_map(|at| view.row(*at)).map(evidence_id);
    CheckRow {
        name: entry.item.word(),
        class,
        sign,
        status: wording::status(entry.status),
        because: because.collect(),
    }
}

pub(super) fn waiver(view: &View<'_>, waiver: &WaiverView) -> WaiverRow {
    WaiverRow {
        rule: text(&waiver.rule),
        class: waiver.class.as_deref().map(text),
        owner: text(&waiver.by.owner),
        until: time(view.zone, waiver.by.until),
        reason: text(&waiver.by.reason),
        in_force: waiver.in_force,
    }
}

/// The most urgent classes first; equally urgent ones in the plan's order.
pub(super) fn classes(view: &View<'_>) -> Vec<ClassRow> {
    let mut rows: Vec<(usize, &LedgerRow)> = view.decision.classes.iter().enumerate().collect();
    rows.sort_by_key(|(position, row)| (std::cmp::Reverse(row.verdict), *position));
    rows.into_iter().map(|(position, row)| class(view, position, row)).collect()
}

fn class(view: &View<'_>, position: usize, row: &LedgerRow) -> ClassRow {
    let last = |at: Option<At>| at.map(|at| moment(view, at, At::latest));
    let first = |at: Option<At>| at.map(|at| moment(view, at, At::earliest));
    let silence = &row.silence;
    let quiet =
        format!("{} / {}", wording::length(silence.elapsed), wording::length_up(silence.needed));
    let length = |length: Option<Duration>| length.map_or_else(|| "–".to_owned(), wording::length);
    let [on_old, on_new, on_both, on_none] = row.instances.map(number);
    let [old, new, unknown] = row.events.map(events);
    ClassRow {
        position,
        anchor: format!("class-{}", position + 1),
        name: text(&row.name),
        path: row.path.word().to_owned(),
        usage: row.usage.word(),
        owner: row.owner.as_deref().map(text).unwrap_or_default(),
        owner_shown: row.owner.as_deref().map_or_else(|| "no owner".to_owned(), text),
        disabled: row.disabled,
        verdict: texts::verdict(row.verdict),
        truth: row.truth.word(),
        version: wording::version_in_use(row.truth),
        layers: row
            .layers
            .iter()
            .map(|layer| LayerRow {
                truth: layer.truth.word(),
                version: wording::version_in_use(layer.truth),
                last: last(layer.last),
            })
            .collect(),
        last_old_use: last(row.last_old_use),
        first_new_success: first(row.first_new_success),
        last_new_success: first(row.last_new_success),
        quiet: if silence.state.is_some() { quiet } else { "–".to_owned() },
        degraded_before: share(row.degraded_before),
        degraded_after: share(row.degraded_after),
        failed_before: share(row.failed_before),
        failed_after: share(row.failed_after),
        findings: row.findings.iter().copied().map(finding_id).collect(),
        events_old: old,
        events_new: new,
        events_unknown: unknown,
        instances: format!("{on_old} / {on_new} / {on_both} / {on_none}"),
        silence: silence.state.map_or("–", wording::silence).to_owned(),
        why_ready: why_ready(view, row),
        cadence: format!("{} / {}", length(silence.declared), length(silence.learned)),
        bound: silence.bound.map_or_else(|| "–".to_owned(), percent),
        refresh: row.refresh.map_or("–", Refresh::word),
        exception_test: wording::exception_test(row.exception_test).to_owned(),
        earliest: earliest(view, row),
        effects: or_dash(&row.effects),
        derived: or_dash(&row.derived),
        residual: silence
            .residual
            .map_or_else(|| "–".to_owned(), |rate| format!("once in {}", wording::length(rate))),
        holders: holders::cells(view, row),
        holders_more: holders::more(row),
    }
}

fn earliest(view: &View<'_>, row: &LedgerRow) -> String {
    let never = || "waiting alone is not enough".to_owned();
    row.earliest.map_or_else(never, |at| time(view.zone, at))
}

fn why_ready(view: &View<'_>, row: &LedgerRow) -> String {
    let lines = why_ready::lines(view, row).unwrap_or_default();
    sentence(view, &lines.concat().join("; "))
}

fn events([success, refused, denied, failure, none]: [u64; 5]) -> String {
    let parts = [
        (success, "successful"),
        (refused, "refused"),
        (denied, "not allowed"),
        (failure, "failed"),
        (none, "without a logged outcome"),
    ];
    let counts = parts.into_iter().filter(|(n, _)| *n > 0);
    let counts: Vec<String> = counts.map(|(n, word)| format!("{} {word}", number(n))).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}

fn share(share: Share) -> String {
    if share.of == 0 {
        return "–".to_owned();
    }
    if share.n == 0 {
        return format!("0 of {}", number(share.of));
    }
    #[expect(clippy::cast_precision_loss, reason = "a share with one digit")]
    let part = share.n as f64 / share.of as f64;
    format!("{} ({} of {})", percent(part), number(share.n), number(share.of))
}

fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

pub(super) fn findings(view: &View<'_>) -> Vec<FindingRow> {
    let findings = view.decision.findings.iter().enumerate();
    findings.map(|(position, row)| finding(view, position, row)).collect()
}

fn finding(view: &View<'_>, position: usize, finding: &finding::Finding) -> FindingRow {
    let row =
        finding.class.and_then(|class| view.decision.classes.iter().find(|row| row.class == class));
    let cited: Vec<usize> =
        finding.cites.cited().iter().filter_map(|cite| view.cited(cite)).collect();
    let more = finding.total.saturating_sub(cited.len() as u64);
    let searched = finding.cites.searched();
    let rest = searched.len().saturating_sub(SEARCHED_MAX) as u64;
    FindingRow {
        id: finding_id(position),
        severity: (finding.severity.word(), wording::severity(finding.severity)),
        rule: finding.rule.word(),
        class: row.map(|row| text(&row.name)).unwrap_or_default(),
        path: row.map(|row| row.path.word().to_owned()).unwrap_or_default(),
        owner: row.and_then(|row| row.owner.as_deref()).map(text).unwrap_or_default(),
        verdict: texts::verdict(row.map_or(Verdict::NotReady, |row| row.verdict)).class,
        summary: sentence(view, &finding.summary),
        remedy: sentence(view, &finding.remedy),
        numbers: finding.numbers.map(|numbers| {
            let p = numbers.p.map(|p| format!(", p {p:.2e}")).unwrap_or_default();
            format!("{} of {}{p}", number(numbers.n), number(numbers.of))
        }),
        cites: cited.into_iter().map(|position| citation(view, position)).collect(),
        more: (more > 0).then(|| format!("and {}", count(more, "more record"))),
        searched: searched.iter().take(SEARCHED_MAX).map(|name| text(name)).collect(),
        searched_more: (rest > 0).then(|| format!("and {}", number(rest))),
        plan: finding.cites.plan_site().map(text),
        waived: finding.waived.as_ref().map(|by| {
            let (owner, reason) = (text(&by.owner), text(&by.reason));
            format!("Waived by {owner} until {}: {reason}", time(view.zone, by.until))
        }),
    }
}

fn citation(view: &View<'_>, position: usize) -> Citation {
    let cited = &view.evidence[position];
    Citation {
        id: evidence_id(position),
        time: cited.time.map(|at| time(view.zone, at)).unwrap_or_default(),
        says: text(cited.says),
    }
}
