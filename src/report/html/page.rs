/*! The page as its template takes it, and the policy that permits its own script and style. */

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{classes, course, findings, first, legend, plot, rows, sources, texts};
use crate::report::{View, screen};

const STYLE: &str = include_str!("page/report.css");
const SCRIPT: &str = include_str!("page/report.js");

#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct HtmlPage {
    policy: String,
    style: &'static str,
    script: &'static str,
    version: &'static str,
    zone: Option<&'static str>,
    verdict: texts::VerdictWord,
    credential: String,
    question: String,
    summary: String,
    first: first::FirstScreen,
    facts: Vec<texts::Fact>,
    sections: Vec<(&'static str, &'static str)>,
    missing: Vec<rows::MissingRow>,
    containment: Vec<rows::StepRow>,
    required: Vec<String>,
    checklist: Vec<rows::CheckRow>,
    waivers: Vec<rows::WaiverRow>,
    classes: Vec<classes::ClassRow>,
    columns: Vec<&'static str>,
    paths: Vec<String>,
    owners: Vec<String>,
    verdicts: Vec<texts::VerdictWord>,
    legend: Vec<(&'static str, &'static str)>,
    plot: plot::Plot,
    events: Vec<course::EventRow>,
    postmortem: Option<course::PostmortemSection>,
    findings_count: usize,
    standing: String,
    rotation_findings: Vec<findings::FindingRow>,
    rotation_standing: String,
    undeclared: Vec<sources::UndeclaredRow>,
    coverage: Vec<sources::CoverageRow>,
    accounting: String,
    inputs: Vec<sources::InputRow>,
    inputs_more: Option<String>,
    limits: Vec<(&'static str, String)>,
    evidence: Vec<sources::EvidenceRow>,
}

impl HtmlPage {
    pub(super) fn new(view: &View<'_>) -> Self {
        let decision = view.decision;
        let classes = classes::classes(view);
        let rotation_findings = findings::of(view, None);
        let (inputs, inputs_more) = sources::inputs(view);
        let postmortem = course::postmortem(view);
        let plot = plot::plot(view, &classes);
        Self {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
            zone: view.zone.name(),
            verdict: texts::verdict(decision.mode, decision.verdict),
            credential: texts::text(&decision.rotation.credential),
            question: texts::question(view),
            summary: texts::sentence(view, &decision.summary),
            first: first::screen(view),
            facts: texts::facts(view),
            sections: sections(view, postmortem.is_some()),
            missing: decision.missing.iter().map(|proof| rows::missing(view, proof)).collect(),
            containment: rows::steps(view),
            required: decision
                .rotation
                .required_evidence
                .iter()
                .map(|required| texts::text(required))
                .collect(),
            checklist: decision.checklist.iter().map(|item| rows::item(view, item)).collect(),
            waivers: decision.waivers.iter().map(|one| rows::waiver(view, one)).collect(),
            paths: texts::distinct(classes.iter().map(|row| &row.path)),
            owners: texts::distinct(classes.iter().map(|row| &row.owner)),
            verdicts: texts::verdicts(decision.mode),
            legend: legend::of(&plot),
            plot,
            columns: classes::columns(&classes),
            classes,
            events: course::events(view),
            postmortem,
            findings_count: decision.findings.len(),
            standing: screen::standing(&decision.findings),
            rotation_standing: screen::standing(
                decision.findings.iter().filter(|one| one.class.is_none()),
            ),
            rotation_findings,
            undeclared: decision
                .undeclared
                .iter()
                .map(|one| sources::undeclared(view, one))
                .collect(),
            coverage: decision.coverage.iter().map(|one| sources::coverage(view, one)).collect(),
            accounting: sources::accounting(view),
            inputs,
            inputs_more,
            limits: sources::limits(view),
            evidence: sources::evidence(view),
        }
    }
}

impl HtmlPage {
    /// Does any row of the matrix say something in that column?
    fn shows(&self, column: &str) -> bool {
        self.columns.contains(&column)
    }
}

fn sections(view: &View<'_>, is_over: bool) -> Vec<(&'static str, &'static str)> {
    let sections = [
        (is_over, "postmortem", "After the revocation"),
        (true, "next", "What is missing"),
        (true, "matrix", "Matrix"),
        (true, "timeline", "Timeline"),
        (true, "findings", "Consumers and findings"),
        (!view.decision.undeclared.is_empty(), "undeclared", "Outside of the plan"),
        (true, "coverage", "Logged time and inputs"),
        (!view.evidence.is_empty(), "evidence", "Evidence"),
    ];
    sections
        .into_iter()
        .filter(|(is_there, ..)| *is_there)
        .map(|(_, id, name)| (id, name))
        .collect()
}

/// Content Security Policy, level 3: only the style and the script that have these digests.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}
