/*! `new-before-introduction`: the new version was used before the plan says that it was introduced. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::phrases;
use crate::wording::times;

use crate::model::State;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("new-before-introduction"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let early = keep(&class.tries, |row| {
            row.state == State::New && row.binding.proves() && row.first.latest() < case.introduced
        });
        let found = rule.finding(Some(class.id), claim(case, class, &early)?);
        Some(Finding { total: activity::count(&early), ..found })
    });
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, early: &[&Activity]) -> Option<Claim> {
    Some(Claim {
        summary: format!(
            "`{}` used {} {} before its introduction at {}: {}{}",
            class.name(),
            phrases::versions(case, early),
            times(activity::count(early)),
            case.introduced,
            phrases::between(early),
            phrases::on(early),
        ),
        remedy: "correct `introduced`, on which baseline and windows depend, or find out who had the new version early"
            .to_owned(),
        cites: phrases::cites(early)?.and_plan(case.plan.place(case.plan.rotation.site)),
    })
}
