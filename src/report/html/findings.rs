/*! Findings, those of one consumer together, as the page shows them. */

use super::texts::{sentence, text, time};
use crate::model::ClassId;
use crate::model::finding;
use crate::report::{View, aftermath, evidence_id, finding_id};
use crate::wording::{self, count, number};

/// At most this many log sources of a search are named.
const SEARCHED_MAX: usize = 8;

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

/// The findings of a consumer, or of the rotation.
pub(super) fn of(view: &View<'_>, class: Option<ClassId>) -> Vec<FindingRow> {
    let findings = view.decision.findings.iter().enumerate();
    let own = findings.filter(|(_, finding)| finding.class == class);
    own.map(|(position, row)| finding(view, position, row)).collect()
}

fn finding(view: &View<'_>, position: usize, finding: &finding::Finding) -> FindingRow {
    let cited: Vec<usize> =
        finding.cites.cited().iter().filter_map(|cite| view.cited(cite)).collect();
    let more = finding.total.saturating_sub(cited.len() as u64);
    let searched = finding.cites.searched();
    let rest = searched.len().saturating_sub(SEARCHED_MAX) as u64;
    FindingRow {
        id: finding_id(position),
        severity: (finding.severity.word(), wording::severity(finding.severity)),
        rule: finding.rule.word(),
        summary: sentence(view, &finding.summary),
        remedy: sentence(view, aftermath::remedy(view.decision, position)),
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
