/*! `boundary-job-failure`: work from before the change that was tried after it, and refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::wording::{count, list, number, span};

use crate::model::facts::Boundary;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{Duration, Outcome};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("boundary-job-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::BacklogReviewed],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.accepts_failed_backlog() {
        return Vec::new();
    }
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let open = open(case, class);
        let n = open.iter().map(|one| one.jobs).sum();
        let numbers = Numbers { n, of: crossing(case, class).max(n), unit: Unit::Job, p: None };
        let found = rule.finding(Some(class.id), claim(class, &open, numbers)?);
        Some(Finding { total: n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// Those that no other stream shows to have gone better for sure.
fn open<'f>(case: &Case<'f>, class: &ClassCase) -> Vec<&'f Boundary> {
    let own = case.facts.boundary.iter().filter(|one| one.class == class.id);
    let is_settled =
        |one: &Boundary| one.later > Duration::ZERO && one.later >= class.clocks.widest();
    own.filter(|one| !is_settled(one)).collect()
}

/// How many jobs of the class crossed the change.
fn crossing(case: &Case, class: &ClassCase) -> u64 {
    let own = case.facts.crossing.iter().filter(|one| one.class == class.id);
    own.map(|one| one.jobs).sum()
}

/// What came of the last try, in the words of the sentence.
fn ending(one: &Boundary) -> &'static str {
    match one.outcome {
        _ if one.is_old => "used the old version in the window",
        Outcome::Denied => "not permitted",
        Outcome::AuthFailure | Outcome::Success | Outcome::Failure | Outcome::None => "refused",
    }
}

fn endings(open: &[&Boundary]) -> String {
    let mut words: Vec<&str> = open.iter().map(|one| ending(one)).collect();
    words.sort_unstable();
    words.dedup();
    let counted = words.iter().map(|word| {
        let own = open.iter().filter(|one| ending(one) == *word);
        format!("{} {word}", number(own.map(|one| one.jobs).sum::<u64>()))
    });
    list(&counted.collect::<Vec<_>>())
}

fn claim(class: &ClassCase, open: &[&Boundary], numbers: Numbers) -> Option<Claim> {
    let first = open.iter().map(|one| one.first).min_by_key(|at| (at.earliest(), at.row))?;
    let last = open.iter().map(|one| one.last.latest()).max()?;
    Some(Claim {
        summary: format!(
            "`{}` tried {} after the change that {} queued before it; the last attempt of {} went wrong: {}, {}",
            class.name(),
            count(numbers.of, "job"),
            if numbers.of == 1 { "was" } else { "were" },
            number(numbers.n),
            endings(open),
            span(first.earliest(), last),
        ),
        remedy: format!(
            "run these jobs of `{}` again on the new version and keep the records; if they may be lost, set \
             `in_flight = \"fail\"`",
            class.name()
        ),
        cites: Cites::rows(first, open.iter().flat_map(|one| [one.first, one.last])),
    })
}
