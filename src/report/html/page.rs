/*! The page as its template takes it, and the policy that lets in its own script and style. */

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{course, plot, rows, shown, sources};
use crate::report::View;

const STYLE: &str = include_str!("page/report.css");
const SCRIPT: &str = include_str!("page/report.js");

#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    version: &'static str,
    verdict: shown::Word,
    credential: String,
    question: String,
    summary: String,
    facts: Vec<shown::Fact>,
    sections: Vec<(&'static str, &'static str)>,
    missing: Vec<rows::MissingRow>,
    containment: Vec<rows::StepRow>,
    required: Vec<String>,
    checklist: Vec<rows::CheckRow>,
    waivers: Vec<rows::WaiverRow>,
    classes: Vec<rows::ClassRow>,
    paths: Vec<String>,
    owners: Vec<String>,
    verdicts: Vec<shown::Word>,
    legend: Vec<(&'static str, &'static str)>,
    plot: plot::Plot,
    events: Vec<course::EventRow>,
    postmortem: Option<course::Postmortem>,
    findings: Vec<rows::FindingRow>,
    undeclared: Vec<sources::UndeclaredRow>,
    coverage: Vec<sources::CoverageRow>,
    accounting: String,
    inputs: Vec<sources::InputRow>,
    inputs_more: Option<String>,
    limits: Vec<(&'static str, String)>,
    evidence: Vec<sources::EvidenceRow>,
}

impl Page {
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
            verdict: shown::verdict(decision.verdict),
            credential: shown::text(&decision.rotation.credential),
            question: shown::question(view),
            summary: shown::sentence(&decision.summary),
            facts: shown::facts(view),
            sections: sections(view, postmortem.is_some()),
            missing: decision.missing.iter().map(|one| rows::missing(view, one)).collect(),
            containment: decision.containment.iter().map(|one| rows::step(view, one)).collect(),
            required: decision
                .rotation
                .required_evidence
                .iter()
                .map(|one| shown::text(one))
                .collect(),
            checklist: decision.checklist.iter().map(|one| rows::item(view, one)).collect(),
            waivers: decision.waivers.iter().map(rows::waiver).collect(),
            paths: shown::distinct(classes.iter().map(|row| &row.path)),
            owners: shown::distinct(classes.iter().map(|row| &row.owner)),
            verdicts: shown::verdicts(),
            legend: plot::legend(),
            plot: plot::plot(view, &classes),
            classes,
            events: course::events(view),
            postmortem,
            findings: rows::findings(view),
            undeclared: decision.undeclared.iter().map(sources::undeclared).collect(),
            coverage: decision.coverage.iter().map(sources::coverage).collect(),
            accounting: sources::accounting(view),
            inputs,
            inputs_more,
            limits: sources::limits(view),
            evidence: sources::evidence(view),
        }
    }
}

fn sections(view: &View<'_>, is_over: bool) -> Vec<(&'static str, &'static str)> {
    let all = [
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
    all.into_iter().filter(|(is_there, ..)| *is_there).map(|(_, id, name)| (id, name)).collect()
}

/// Content Security Policy, level 3: nothing but what has these digests.
fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}
