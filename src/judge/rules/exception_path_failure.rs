/*! `exception-path-failure`: a path that is needed in an incident was tried and refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, ClockTime};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::times;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("exception-path-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter(|class| class.is_exception()).filter_map(|class| {
        let refused = open(class);
        let numbers = failure::numbers(class, &refused);
        let found = rule.finding(Some(class.id), claim(case, class, &refused)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// Refusals since the change, with any version or none, that no fresh success came surely after.
fn open<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let fresh = activity::ends(&class.proofs());
    keep(&class.tries, |row| {
        let refused = ClockTime::last_of(row);
        failure::is_refusal(row)
            && row.last.latest() >= class.times.introduced
            && !fresh.iter().any(|proof| proof.surely_after(refused, class.clocks))
    })
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "exception path `{name}` was refused {} with {} {}{}, and no later success proves that it works",
            times(activity::count(refused)),
            phrases::versions(case, refused),
            phrases::between(refused),
            phrases::on(refused),
        ),
        remedy: format!(
            "relaunch `{name}` so that it takes the new version, run it once, and keep the record"
        ),
        cites: phrases::cites(refused)?,
    })
}
