/*! `undeclared-consumer`: somebody whom the plan does not know used the old version since the change. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::report_parts::match_line;
use crate::judge::told;
use crate::judge::words::plural;
use crate::model::facts::Undeclared;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{At, Duration};

/// So many consumers have a finding each; one more counts the rest.
const GROUPS_MAX: usize = 200;

/// The rule.
pub(super) struct UndeclaredConsumer;

impl Rule for UndeclaredConsumer {
    fn code(&self) -> &'static str {
        "undeclared-consumer"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    /// By `match` alone: whoever waives it says whom.
    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let seen: Vec<&Undeclared> =
            case.facts.undeclared.iter().filter(|one| one.since > 0).collect();
        let (named, rest) = seen.split_at(seen.len().min(GROUPS_MAX));
        let named = named.iter().filter_map(|one| {
            let found = finding(self, None, claim(case, one)?);
            Some(Finding { total: one.since, hints: one.hints.clone(), ..found })
        });
        let rest = rest_claim(case, rest).map(|claim| {
            let total = rest.iter().map(|one| one.since).sum();
            Finding { total, waivable: false, ..finding(self, None, claim) }
        });
        named.chain(rest).collect()
    }
}

/// From the first to the last of its rows since the change.
fn ends(one: &Undeclared) -> Option<(At, At)> {
    Some((one.since_first.or(one.first)?, one.last?))
}

fn claim(case: &Case, one: &Undeclared) -> Option<Claim> {
    let (first, last) = ends(one)?;
    let before = one.events.saturating_sub(one.since);
    let line = match_line(one);
    Some(Claim {
        summary: format!(
            "{} of the old version since the change at {}, {}, {} to no class: {line} ({}{}{})",
            plural(one.since, "use", "uses"),
            case.introduced,
            told::span(first.earliest(), last.latest()),
            if one.since == 1 { "belongs" } else { "belong" },
            activity(one),
            cadence(one),
            if before > 0 { format!(", and {before} before the change") } else { String::new() },
        ),
        remedy: remedy(one, &line),
        cites: Cites::rows(first, [last]),
    })
}

fn activity(one: &Undeclared) -> String {
    let hours = format!("seen in {}", plural(one.hours, "hour", "hours"));
    if one.instances == 0 {
        return hours;
    }
    format!("{hours} on {}", plural(one.instances, "instance", "instances"))
}

fn cadence(one: &Undeclared) -> String {
    let every = |gap: Duration| format!(", longest pause about {}", gap.hours_minutes_up());
    one.cadence.map_or_else(String::new, every)
}

fn remedy(one: &Undeclared, line: &str) -> String {
    if one.hints.is_empty() {
        return "find out from the cited records who this is, and map a field that tells"
            .to_owned();
    }
    format!(
        "find its owner and declare it as a class with `match = [{line}]`, or add that table to the class it \
         belongs to"
    )
}

/// One finding for all consumers past the limit.
fn rest_claim(case: &Case, rest: &[&Undeclared]) -> Option<Claim> {
    let mut cited = rest.iter().filter_map(|one| ends(one)).map(|(first, _)| first);
    let groups = rest.len() as u64;
    let uses: u64 = rest.iter().map(|one| one.since).sum();
    Some(Claim {
        summary: format!(
            "{} that no class matches used the old version since the change at {}, {} in all",
            plural(groups, "more consumer", "more consumers"),
            case.introduced,
            plural(uses, "time", "times"),
        ),
        remedy: "declare the consumers that the other findings name; these stand in the report's \
                 list of undeclared consumers"
            .to_owned(),
        cites: Cites::rows(cited.next()?, cited),
    })
}
