/*! `wrong-place`: the new version works, but only in another environment than that of the consumer. */

use crate::judge::phrases;
use crate::wording::{list, times};
use std::collections::BTreeSet;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("wrong-place"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unproven = case.judged().filter(|class| class.new_successes.is_empty());
    let findings = unproven.filter_map(|class| {
        let outside = keep(&class.tries, |row| is_outside(class, row));
        let found = rule.finding(Some(class.id), claim(class, &outside)?);
        Some(Finding { total: activity::count(&outside), ..found })
    });
    findings.collect()
}

/// A success with the new version since the change that counts only for its place.
fn is_outside(class: &ClassCase, row: &Activity) -> bool {
    activity::is_new_use(row)
        && activity::is_success(row)
        && row.last.earliest() >= class.times.introduced
        && !class.is_in_place(row)
}

fn claim(class: &ClassCase, outside: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let places: Vec<&str> = class.places.iter().flatten().copied().collect();
    let seen: BTreeSet<&str> =
        outside.iter().filter_map(|row| row.environment.as_deref()).collect();
    let seen: Vec<&str> = seen.into_iter().collect();
    let own = list(&places);
    Some(Claim {
        summary: format!(
            "`{name}` succeeded {} with the new version, {}, but only in {}, not in {own}",
            times(activity::count(outside)),
            phrases::between(outside),
            list(&seen),
        ),
        remedy: format!(
            "bring the new version to {own} and run `{name}` there once, or declare its `environments` in the plan"
        ),
        cites: phrases::cites(outside)?,
    })
}
