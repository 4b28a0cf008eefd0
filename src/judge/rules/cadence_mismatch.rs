/*! `cadence-mismatch`: plan and logs disagree about how often a consumer runs. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{count, length};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("cadence-mismatch"),
    severity: Severity::Advises,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Nothing,
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings =
        case.judged().filter_map(|class| Some(rule.finding(Some(class.id), claim(case, class)?)));
    findings.collect()
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
            "the plan says that `{name}` runs every {}; before the change, the longest of {} between its runs was {}",
            length(every),
            count(learned.gaps, "gap"),
            length(learned.gap),
        ),
        remedy: format!(
            "correct `every` of `{name}`, or find out why it does not keep its schedule; the longer of the two is used"
        ),
        cites: Cites::plan(case.plan.place(class.consumer.site)).and_rows(ends),
    })
}
