/*! `undeclared-consumer`: old use since the change that no class of the plan matches, of any age. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::views;
use crate::judge::words::plural;
use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Finding, Numbers, Severity};

/// More consumers than these are counted, not told one by one.
const SHOWN: usize = 200;

/// The rule.
pub(super) struct UndeclaredConsumer;

impl Rule for UndeclaredConsumer {
    fn code(&self) -> &'static str {
        "undeclared-consumer"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let known: Vec<&Undeclared> =
            case.facts.undeclared.iter().filter(|one| one.since > 0).collect();
        let mut findings: Vec<Finding> =
            known.iter().take(SHOWN).filter_map(|one| self.of_consumer(one)).collect();
        let rest = &known[known.len().min(SHOWN)..];
        if let Some(first) = rest.first().and_then(|one| one.since_first) {
            let claim = Claim {
                summary: format!(
                    "{} more use an old version and stand in no class",
                    plural(rest.len() as u64, "consumer", "consumers")
                ),
                remedy: "declare the consumers above first; then run the report again".to_owned(),
                cites: Cites::rows(first, rest.iter().filter_map(|one| one.since_first)),
            };
            let more = finding(self, None, claim);
            findings.push(Finding {
                total: rest.iter().map(|one| one.since).sum(),
                waivable: false,
                ..more
            });
        }
        findings
    }
}

impl UndeclaredConsumer {
    fn of_consumer(&self, one: &Undeclared) -> Option<Finding> {
        let (first, last) = (one.since_first?, one.last?);
        let cadence = one
            .cadence
            .map_or_else(String::new, |gap| format!(", at most {} apart", gap.hours_minutes_up()));
        let seen = if one.instances > 0 {
            format!(" on {}", plural(one.instances, "instance", "instances"))
        } else {
            String::new()
        };
        let claim = Claim {
            summary: format!(
                "a consumer of no class ({}) used an old version {} since the change{seen}, in {}{cadence}, from {} to {}",
                who(one),
                plural(one.since, "time", "times"),
                plural(one.hours, "hour", "hours"),
                first.when.at,
                last.latest(),
            ),
            remedy: format!(
                "declare it: match = [{}], or move it to the new version",
                views::match_line(one)
            ),
            cites: Cites::rows(first, [last]),
        };
        let numbers = Some(Numbers { n: one.since, of: one.events, p: None });
        Some(Finding {
            total: one.since,
            numbers,
            hints: one.hints.clone(),
            ..finding(self, None, claim)
        })
    }
}

fn who(one: &Undeclared) -> String {
    let hints: Vec<String> =
        one.hints.iter().map(|(name, value)| format!("{name} {value}")).collect();
    if hints.is_empty() { "no hints logged".to_owned() } else { hints.join(", ") }
}
