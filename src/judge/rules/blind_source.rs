/*! `blind-source`: what the sources of the report never record, so that nobody takes it for checked. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::facts::Source;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("blind-source"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.facts.sources.iter().filter_map(|source| {
        let found = rule.finding(None, claim(case, source)?);
        Some(Finding { total: source.streams.len() as u64, ..found })
    });
    findings.collect()
}

fn claim(case: &Case, source: &Source) -> Option<Claim> {
    let carries = |one: &&crate::model::coverage::StreamId| {
        case.facts.streams.get(one.0 as usize).is_some_and(|stream| !stream.carries.is_empty())
    };
    let streams: Vec<_> = source.streams.iter().filter(carries).copied().collect();
    if streams.is_empty() || source.never.is_empty() {
        return None;
    }
    Some(Claim {
        summary: format!("`{}` does not record: {}", source.profile, source.never.join("; ")),
        remedy: "check whether a consumer could use the old version only there, and if so add a source that records it"
            .to_owned(),
        cites: Cites::silence(case.stream_names(&streams)),
    })
}
