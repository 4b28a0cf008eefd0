/*! `fallback-hides`: degraded work goes on where the credential is refused, so successes alone say little. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::judge::words::plural;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct FallbackHides;

impl Rule for FallbackHides {
    fn code(&self) -> &'static str {
        "fallback-hides"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let running = case.classes.iter().filter(|class| !class.consumer.disabled);
        let findings = running.filter_map(|class| {
            let worked = keep(&class.tries, activity::is_success);
            let degraded = keep(&worked, |row| row.degraded);
            let (n, of) = (activity::count(&degraded), activity::count(&worked));
            let found = finding(self, Some(class.id), claim(class, &degraded)?);
            Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..found })
        });
        findings.collect()
    }
}

fn claim(class: &ClassCase, degraded: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "{} of `{name}` went through its fallback, {}: it can go on when its credential is refused",
            plural(activity::count(degraded), "success", "successes"),
            told::between(degraded),
        ),
        remedy: format!("alarm on the degraded share of `{name}`, not on its failures"),
        cites: told::cites(degraded)?,
    })
}
