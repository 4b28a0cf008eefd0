/*! `new-before-introduction`: the new version was used before the plan says that it existed. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::model::State;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct NewBeforeIntroduction;

impl Rule for NewBeforeIntroduction {
    fn code(&self) -> &'static str {
        "new-before-introduction"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.classes.iter().filter_map(|class| {
            let early = keep(&class.tries, |row| {
                row.state == State::New
                    && row.binding.proves()
                    && row.first.latest() < case.introduced
            });
            let found = finding(self, Some(class.id), claim(case, class, &early)?);
            Some(Finding { total: activity::count(&early), ..found })
        });
        findings.collect()
    }
}

fn claim(case: &Case, class: &ClassCase, early: &[&Activity]) -> Option<Claim> {
    Some(Claim {
        summary: format!(
            "`{}` used {} {} before its introduction at {}: {}{}",
            class.name(),
            told::versions(case, early),
            told::times(activity::count(early)),
            case.introduced,
            told::between(early),
            told::on(early),
        ),
        remedy: "correct `introduced`, on which baseline and windows depend, or ask who had the new version early"
            .to_owned(),
        cites: told::cites(early)?.and_plan(case.plan.place(case.plan.rotation.site)),
    })
}
