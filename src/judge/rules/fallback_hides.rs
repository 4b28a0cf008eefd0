/*! `fallback-hides`: work that goes through a fallback succeeds even where the credential is refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::phrases;
use crate::wording::count;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Unit, Waivable};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("fallback-hides"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let worked = keep(&class.tries, activity::is_success);
        let degraded = keep(&worked, |row| row.degraded);
        let (n, of) = (activity::count(&degraded), activity::count(&worked));
        let found = rule.finding(Some(class.id), claim(class, &degraded)?);
        Some(Finding {
            total: n,
            numbers: Some(Numbers { n, of, unit: Unit::Attempt, p: None }),
            ..found
        })
    });
    findings.collect()
}

fn claim(class: &ClassCase, degraded: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "{} of `{name}` went through its fallback, {}: it can keep succeeding while its credential is refused",
            count(activity::count(degraded), "success"),
            phrases::between(degraded),
        ),
        remedy: format!("alert on how often `{name}` uses its fallback, not only on its failures"),
        cites: phrases::cites(degraded)?,
    })
}
