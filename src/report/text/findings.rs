/*! The findings: what fired, what it stands on, what to do. */

use super::evidence::{self, Shown};
use super::page::{Page, Tone};
use crate::model::finding::{Finding, Numbers, Severity};
use crate::report::{View, evidence_id, finding_id};
use crate::wording::{count, number};

/// Where the body of a finding begins.
const BODY: usize = 6;
/// So many citations are shown where not all are wanted; of more, the first two and the last.
const SHOWN_MAX: usize = 4;
/// So many streams are named where not all are wanted.
const SEARCHED_MAX: usize = 8;

pub(super) fn write(page: &mut Page, view: &View<'_>, shown: &mut Shown) {
    let findings = &view.decision.findings;
    page.heading("Findings", &standing(findings));
    if findings.is_empty() {
        page.para(2, Tone::Plain, "None.");
    }
    for position in 0..findings.len() {
        if position > 0 {
            page.blank();
        }
        write_one(page, view, position, shown);
    }
}

/// `2 block, 1 withholds, 3 advise`.
fn standing(findings: &[Finding]) -> String {
    let of = |severity, one: &str, many: &str| {
        let in_force =
            |finding: &&Finding| finding.severity == severity && finding.waived.is_none();
        match findings.iter().filter(in_force).count() {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        }
    };
    let waived = findings.iter().filter(|finding| finding.waived.is_some()).count();
    let all = [
        of(Severity::Blocks, "blocks", "block"),
        of(Severity::Withholds, "withholds", "withhold"),
        of(Severity::Advises, "advises", "advise"),
        (waived > 0).then(|| format!("{waived} waived")),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn write_one(page: &mut Page, view: &View<'_>, position: usize, shown: &mut Shown) {
    let finding = &view.decision.findings[position];
    title(page, view, position);
    let summary = page.sentence(&finding.summary);
    page.para(BODY, Tone::Plain, &summary);
    if let Some(numbers) = finding.numbers {
        page.para(BODY, Tone::Quiet, &numbers_text(finding.rule, numbers));
    }
    cited(page, view, finding, shown);
    searched(page, finding);
    if let Some(site) = finding.cites.plan_site() {
        let site = page.path(site, 120);
        label(page, "plan", Tone::Quiet, &site);
    }
    if let Some(by) = &finding.waived {
        let (owner, reason) = (page.name(&by.owner, 60), page.sentence(&by.reason));
        label(page, "waived", Tone::Doubt, &format!("by {owner} until {}: {reason}", by.until));
    }
    let remedy = page.sentence(&finding.remedy);
    label(page, "do", Tone::Strong, &remedy);
}

fn title(page: &mut Page, view: &View<'_>, position: usize) {
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
    let severity = format!("{:10}", finding.severity.word());
    let class = finding.class.and_then(|class| view.class_name(class)).unwrap_or("rotation");
    let class = format!("  {}", page.name(class, 60));
    page.line(
        2,
        &[(tone, &id), (tone, &severity), (Tone::Strong, finding.rule), (Tone::Plain, &class)],
    );
}

fn label(page: &mut Page, name: &str, tone: Tone, text: &str) {
    page.labelled(BODY, (tone, &format!("{name}: ")), Tone::Plain, text);
}

fn cited(page: &mut Page, view: &View<'_>, finding: &Finding, shown: &mut Shown) {
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
    let (first_time, again) = shown.split(&positions);
    evidence::write(page, view, BODY, &first_time);
    let mut notes: Vec<String> = Vec::new();
    if !again.is_empty() {
        let ids: Vec<_> = again.into_iter().map(evidence_id).collect();
        notes.push(format!("{} above", ids.join(", ")));
    }
    if more > 0 && !positions.is_empty() {
        let how = if page.all_evidence() { "" } else { " (-v shows those that are kept)" };
        notes.push(format!("and {} more{how}", number(more)));
    }
    if !notes.is_empty() {
        page.para(BODY, Tone::Quiet, &notes.join(" "));
    }
}

fn searched(page: &mut Page, finding: &Finding) {
    let all = finding.cites.searched();
    if all.is_empty() {
        return;
    }
    let max = if page.all_evidence() { all.len() } else { SEARCHED_MAX };
    let mut names: Vec<_> = all.iter().take(max).map(|name| page.path(name, 60)).collect();
    if all.len() > max {
        let more = u64::try_from(all.len() - max).unwrap_or(u64::MAX);
        names.push(format!("and {} more", number(more)));
    }
    label(page, "searched", Tone::Quiet, &names.join(", "));
}

/// `3 of 40 tries, p = 0.0041`. Rejected records cannot be said to have been tries.
fn numbers_text(rule: &str, numbers: Numbers) -> String {
    let tries = count(numbers.of, if rule == "rejected-records" { "record" } else { "try" });
    match numbers.p {
        Some(p) if p < 0.0001 => format!("{} of {tries}, p < 0.0001", number(numbers.n)),
        Some(p) => format!("{} of {tries}, p = {p:.4}", number(numbers.n)),
        None => format!("{} of {tries}", number(numbers.n)),
    }
}
