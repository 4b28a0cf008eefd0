/*! Makes a decision from facts and plan, without file, SQL or clock: the same values give the same answer. */

pub mod activity;
pub mod advise;
mod alarm;
pub mod attempts;
pub mod cadence;
pub mod case;
mod checklist;
pub mod class;
pub mod class_records;
mod containment;
pub mod course;
pub mod coverage;
pub mod cutover;
pub mod during;
mod earliest;
pub mod failure;
pub mod generated_names;
pub mod holders;
pub mod instance;
pub mod job_times;
pub mod layers;
mod ledger;
mod levels;
pub mod old_rhythm;
mod phrases;
mod proof;
pub mod quality;
pub mod replay;
mod report_parts;
pub mod rhythm;
pub mod rules;
pub mod share_test;
pub mod silence;
pub mod spans;
mod summary;
#[cfg(test)]
mod tests;
pub mod times;
mod urgent;
mod verdict;
pub mod volume_test;
pub mod who;
mod why_ready;

use crate::model::{decision::Decision, facts::Facts, finding::Finding};
use crate::plan::Plan;
use case::Case;
pub use rules::{RULES, Rule};

/// Decides whether the old version may be revoked, and everything else that the report says.
pub fn decide(plan: &Plan, facts: &Facts) -> Decision {
    let case = Case::new(plan, facts);
    let mut findings = fire(&case);
    let waivers = verdict::waive(&case, &mut findings);
    let times = earliest::of_classes(&case, &findings);
    let classes = ledger::rows(&case, &findings, &times);
    let verdict = verdict::rotation(&case, &classes, &findings);
    let results = summary::Results { classes: &classes, findings: &findings, waivers: &waivers };
    Decision {
        rotation: report_parts::rotation(plan),
        models: cutover::declared(&case).into_iter().map(|model| model.view).collect(),
        mode: case.mode,
        as_of: case.as_of,
        window: case.window,
        verdict,
        summary: summary::sentence(&case, verdict, &results),
        urgent: urgent::of(&case, &results),
        earliest: earliest::of_rotation(&case, &times, &findings),
        missing: proof::missing(&case, &findings),
        checklist: checklist::items(&case, &findings),
        containment: containment::steps(&case),
        course: course::course(&case, &findings),
        classes,
        findings,
        waivers,
        undeclared: report_parts::undeclared(facts),
        coverage: report_parts::coverage(&case),
        accounting: facts.accounting,
        inputs: facts.inputs.clone(),
    }
}

/// All findings, in the order of severity, rule and class.
fn fire(case: &Case) -> Vec<Finding> {
    let rules = RULES.iter().enumerate();
    let mut ranked: Vec<(usize, Finding)> = rules
        .flat_map(|(rank, rule)| (rule.fire)(rule, case).into_iter().map(move |of| (rank, of)))
        .collect();
    ranked.sort_by_key(|(rank, finding)| (finding.severity, *rank, finding.class));
    ranked.into_iter().map(|(_, finding)| finding).collect()
}

/// The window of a plan at an instant. Both ends belong to it.
pub fn window(plan: &Plan, as_of: crate::model::Timestamp) -> crate::model::Span {
    times::DecisionTimes::new(plan, as_of).window
}
