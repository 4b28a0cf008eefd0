/*! `cadence-mismatch`: the class runs more than twice as often, or half as often, as the plan says. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::row;
use crate::model::finding::{Cites, Finding, Severity};

/// Declared and learned may differ by so many times.
const TIMES: i64 = 2;

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
        let judged = case.judged();
        judged.filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl CadenceMismatch {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let (declared, learned) = (class.cadence.declared?, class.cadence.gap()?);
        let (short, long) = (declared.min(learned), declared.max(learned));
        if long <= short.scaled(TIMES, 1) {
            return None;
        }
        let shown = [row::earliest(&class.baseline), row::latest(&class.baseline)];
        let claim = Claim {
            summary: format!(
                "`{}` is declared to run every {}; before the change its longest gap was {}",
                class.name(),
                declared.hours_minutes(),
                learned.hours_minutes(),
            ),
            remedy: "set `every` to the longest gap that is normal; the longer of both is used"
                .to_owned(),
            cites: Cites::plan(case.plan.place(class.consumer.site))
                .and_rows(shown.into_iter().flatten().map(|row| row.first)),
        };
        Some(finding(self, Some(class.id), claim))
    }
}
