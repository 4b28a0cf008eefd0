/*! `immediate-failure`: the new version was refused from its first try on, and nothing healed it. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::told;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct ImmediateFailure;

impl Rule for ImmediateFailure {
    fn code(&self) -> &'static str {
        "immediate-failure"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.judged().filter_map(|class| {
            let refused = keep(&failure::unhealed(class), |row| never_worked(class, row));
            let numbers = failure::numbers(class, &refused);
            let found = finding(self, Some(class.id), claim(case, class, &refused)?);
            Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// Was there no new success of its own before?
fn never_worked(class: &ClassCase, refused: &Activity) -> bool {
    let own = failure::own(refused, &class.new_successes);
    !own.iter().any(|worked| failure::is_earlier(worked, refused))
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let on = told::on(refused);
    Some(Claim {
        summary: format!(
            "`{}` was refused {} with {} {}{on}, before any new success of its own, and nothing healed it",
            class.name(),
            told::times(activity::count(refused)),
            told::versions(case, refused),
            told::between(refused),
        ),
        remedy: format!(
            "compare value, account and scope of the new version with what `{}` sends (the cited records may \
             name the error), mend it, and let it succeed once{on}",
            class.name()
        ),
        cites: told::cites(refused)?,
    })
}
