/*! `blind-source`: what the sources of the report never record. Whoever revokes has to know that it was not looked at. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::model::facts::Source;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct BlindSource;

impl Rule for BlindSource {
    fn code(&self) -> &'static str {
        "blind-source"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.facts.sources.iter().filter_map(|source| {
            let found = finding(self, None, claim(case, source)?);
            Some(Finding { total: source.streams.len() as u64, ..found })
        });
        findings.collect()
    }
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
        summary: format!("`{}` never records: {}", source.profile, source.never.join("; ")),
        remedy: "ask whether a consumer could use the old version there alone, and add a source that would show it"
            .to_owned(),
        cites: Cites::silence(case.stream_names(&streams)),
    })
}
