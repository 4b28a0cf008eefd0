/*! `new-before-introduction`: the new version was used before the plan says that it was valid. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::plural;
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
        let judged = case.judged();
        judged.filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl NewBeforeIntroduction {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let early =
            keep(&class.tries, |row| row::is_new_use(row) && row.first.earliest() < case.t0);
        let first = row::earliest(&early)?.first.when.at;
        let total = row::count(&early);
        let claim = Claim {
            summary: format!(
                "`{}` used a new version {} before it was introduced, first at {first}",
                class.name(),
                plural(total, "time", "times"),
            ),
            remedy: "check `rotation.introduced`: it separates the baseline from the change"
                .to_owned(),
            cites: row::cites(&early)?.and_plan(case.plan.place(case.plan.rotation.site)),
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}
