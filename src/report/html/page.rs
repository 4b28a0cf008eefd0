/*! The page as its template takes it, and the policy that permits its own script and style. */

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{course, plot, rows, sources, texts};
use crate::report::View;

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
    facts: Vec<texts::Fact>,
    sections: Vec<(&'static str, &'static str)>,
    missing: Vec<rows::MissingRow>,
    containment: Vec<rows::StepRow>,
    required: Vec<String>,
    checklist: Vec<rows::CheckRow>,
    waivers: Vec<rows::WaiverRow>,
    classes: Vec<rows::ClassRow>,
    paths: Vec<String>,
    owners: Vec<String>,
    verdicts: Vec<texts::VerdictWord>,
    legend: Vec<(&'static str, &'static str)>,
    plot: plot::Plot,
    events: Vec<course::EventRow>,
    postmortem: Option<course::PostmortemSection>,
    findings: Vec<rows::FindingRow>,
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
        let classes = rows::classes(view);
        let (inputs, inputs_more) = sources::inputs(view);
        let postmortem = course::postmortem(view);
        Self {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
            zone: view.zone.name(),
            verdict: texts::verdict(decision.verdict),
            credential: texts::text(&decision.rotation.credential),
            question: texts::question(view),
            summary: texts::sentence(view, &decision.summary),
            facts: texts::facts(view),
            sections: sections(view, postmortem.is_some()),
            missing: decision.missing.iter().map(|proof| rows::missing(view, proof)).collect(),
            containment: decision.containment.iter().map(|step| rows::step(view, step)).collect(),
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
            verdicts: texts::verdicts(),
            legend: plot::legend(),
            plot: plot::plot(view, &classes),
            classes,
            events: course::events(view),
            postmortem,
            findings: rows::findings(view),
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

fn sections(view: &View<'_>, is_over: bool) -> Vec<(&'static str, &'static str)> {
    let sections = [
        (true, "next", "What is missing"),
        (true, "matrix", "Matrix"),
        (true, "timeline", "Timeline"),
        (is_over, "postmortem", "After the revocation"),
        (true, "findings", "Findings"),
        (!view.decision.undeclared.is_empty(), "undeclared", "Undeclared"),
        (true, "ledger", "Ledger"),
        (true, "coverage", "Logged time and inputs"),
        (true, "evidence", "Evidence"),
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
