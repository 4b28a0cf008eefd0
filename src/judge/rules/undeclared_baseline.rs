/*! `undeclared-baseline`: somebody outside the plan used the old version before the change, and was not seen since. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::judge::told;
use crate::judge::words::plural;
use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct UndeclaredBaseline;

impl Rule for UndeclaredBaseline {
    fn code(&self) -> &'static str {
        "undeclared-baseline"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let gone_quiet = case.facts.undeclared.iter().filter(|one| one.since == 0);
        let findings = gone_quiet.filter_map(|one| {
            let found = finding(self, None, claim(one)?);
            Some(Finding { total: one.events, hints: one.hints.clone(), ..found })
        });
        findings.collect()
    }
}

fn claim(one: &Undeclared) -> Option<Claim> {
    let (first, last) = (one.first?, one.last?);
    let line = match_line(one);
    Some(Claim {
        summary: format!(
            "{} of the old version before the change, {}, {} to no class and {} not seen since: {line}",
            plural(one.events, "use", "uses"),
            told::span(first.earliest(), last.latest()),
            if one.events == 1 { "belongs" } else { "belong" },
            if one.events == 1 { "was" } else { "were" },
        ),
        remedy: if one.hints.is_empty() {
            "find out from the cited records who this is, and map a field that tells".to_owned()
        } else {
            format!(
                "declare a class with `match = [{line}]`, or waive it if it is known to be gone"
            )
        },
        cites: Cites::rows(first, [last]),
    })
}
