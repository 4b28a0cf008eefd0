/*! The findings: what fired, what it rests on, what to do. */

use super::evidence::{self, Printed};
use super::page::{TextPage, Tone};
use crate::model::finding::{Finding, Numbers, Severity};
use crate::report::{View, aftermath, evidence_id, finding_id, screen};
use crate::wording::{self, number, percent};

/// The indent of the body of a finding.
const BODY: usize = 6;
/// At most this many citations are printed unless all are wanted; of more, the first two and the last.
const SHOWN_MAX: usize = 4;
/// At most this many log sources are named unless all are wanted.
const SEARCHED_MAX: usize = 8;

pub(super) fn write(page: &mut TextPage, view: &View<'_>, printed: &mut Printed) {
    let findings = &view.decision.findings;
    page.heading("Findings", &screen::standing(findings));
    if findings.is_empty() {
        page.para(2, Tone::Plain, "None.");
    }
    let positions = screen::groups(view.decision).into_iter().flat_map(|group| group.findings);
    for (number, position) in positions.enumerate() {
        if number > 0 {
            page.blank();
        }
        write_finding(page, view, position, printed);
    }
}

fn write_finding(page: &mut TextPage, view: &View<'_>, position: usize, printed: &mut Printed) {
    let finding = &view.decision.findings[position];
    title(page, view, position);
    let summary = page.sentence(&finding.summary);
    page.para(BODY, Tone::Plain, &summary);
    if let Some(numbers) = finding.numbers {
        page.para(BODY, Tone::Quiet, &numbers_text(numbers));
    }
    cited(page, view, finding, printed);
    searched(page, finding);
    if let Some(site) = finding.cites.plan_site() {
        let site = page.path(site, 120);
        label(page, "plan", Tone::Quiet, &site);
    }
    if let Some(by) = &finding.waived {
        let (owner, reason) = (page.name(&by.owner, 60), page.sentence(&by.reason));
        label(
            page,
            "waived",
            Tone::Doubt,
            &format!("by {owner} until {}: {reason}", page.time(by.until)),
        );
    }
    let remedy = page.sentence(aftermath::remedy(view.decision, position));
    label(page, "do", Tone::Strong, &remedy);
}

fn title(page: &mut TextPage, view: &View<'_>, position: usize) {
    let finding = &view.decision.findings[position];
    let (tone, mark) = match (finding.waived.is_some(), finding.severity) {
        (true, _) => (Tone::Quiet, "~"),
        (false, severity @ Severity::Blocks) => {
            (Tone::of_severity(severity), page.symbol("✗", "x"))
        }
        (false, severity @ Severity::Withholds) => (Tone::of_severity(severity), "?"),
        (false, severity @ Severity::Advises) => {
            (Tone::of_severity(severity), page.symbol("·", "-"))
        }
    };
    let width = finding_id(view.decision.findings.len().saturating_sub(1)).len();
    let id = format!("{mark} {:width$} ", finding_id(position));
    let severity = format!("{:10}", wording::severity(finding.severity));
    let class = finding.class.and_then(|class| view.class_name(class)).unwrap_or("rotation");
    let class = format!("  {}", page.name(class, 60));
    page.line(
        2,
        &[
            (tone, &id),
            (tone, &severity),
            (Tone::Strong, finding.rule.word()),
            (Tone::Plain, &class),
        ],
    );
}

fn label(page: &mut TextPage, name: &str, tone: Tone, text: &str) {
    page.labelled(BODY, (tone, &format!("{name}: ")), Tone::Plain, text);
}

fn cited(page: &mut TextPage, view: &View<'_>, finding: &Finding, printed: &mut Printed) {
    let mut positions: Vec<usize> = Vec::new();
    for position in finding.cites.cited().iter().filter_map(|cite| view.cited(cite)) {
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    if positions.len() > SHOWN_MAX && !page.all_evidence() {
        positions.drain(2..positions.len() - 1);
    }
    let more = finding.total.saturating_sub(positions.len().try_into().unwrap_or(u64::MAX));
    let (first_time, again) = printed.split(&positions);
    evidence::write(page, view, BODY, &first_time);
    let mut notes: Vec<String> = Vec::new();
    if !again.is_empty() {
        let ids: Vec<_> = again.into_iter().map(evidence_id).collect();
        notes.push(format!("{} above", ids.join(", ")));
    }
    if more > 0 && !positions.is_empty() {
        let how = if page.all_evidence() { "" } else { " (-vv lists more of them)" };
        notes.push(format!("and {} more{how}", number(more)));
    }
    if !notes.is_empty() {
        page.para(BODY, Tone::Quiet, &notes.join(" "));
    }
}

fn searched(page: &mut TextPage, finding: &Finding) {
    let streams = finding.cites.searched();
    if streams.is_empty() {
        return;
    }
    let max = if page.all_evidence() { streams.len() } else { SEARCHED_MAX };
    let mut names: Vec<_> = streams.iter().take(max).map(|name| page.path(name, 60)).collect();
    if streams.len() > max {
        let more = u64::try_from(streams.len() - max).unwrap_or(u64::MAX);
        names.push(format!("and {} more", number(more)));
    }
    label(page, "searched", Tone::Quiet, &names.join(", "));
}

/// `3 of 40 (7.5 %), p = 0.0041`: the summary says of what.
fn numbers_text(numbers: Numbers) -> String {
    let Numbers { n, of, p } = numbers;
    let share = format!("{} of {} ({})", number(n), number(of), percent(n, of));
    match p {
        Some(p) if p < 0.0001 => format!("{share}, p < 0.0001"),
        Some(p) => format!("{share}, p = {p:.4}"),
        None => share,
    }
}
