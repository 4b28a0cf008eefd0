/*! `cadence-mismatch`: plan and logs disagree on how often a class runs. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::words::plural;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct CadenceMismatch;

impl Rule for CadenceMismatch {
    fn code(&self) -> &'static str {
        "cadence-mismatch"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case
            .judged()
            .filter_map(|class| Some(finding(self, Some(class.id), claim(case, class)?)));
        findings.collect()
    }
}

fn claim(case: &Case, class: &ClassCase) -> Option<Claim> {
    let (every, learned) = (class.cadence.declared?, class.cadence.learned?);
    if every <= learned.gap.scaled(2, 1) && learned.gap <= every.scaled(2, 1) {
        return None;
    }
    let ends =
        [activity::earliest(&class.baseline)?.first, activity::latest(&class.baseline)?.last];
    let name = class.name();
    Some(Claim {
        summary: format!(
            "`{name}` is declared to run every {}, and before the change the longest of {} between its runs was {}",
            every.hours_minutes(),
            plural(learned.gaps, "gap", "gaps"),
            learned.gap.hours_minutes(),
        ),
        remedy: format!(
            "correct `every` of `{name}`, or find out why the schedule is not kept; the longer of both is used"
        ),
        cites: Cites::plan(case.plan.place(class.consumer.site)).and_rows(ends),
    })
}
