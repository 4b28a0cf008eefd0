/*! `cadence-mismatch`: plan and logs disagree about how often a consumer runs. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::wording::{count, length};

pub(crate) static RULE: Rule = Rule {
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

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    /// A class that ran every six hours, declared with another cadence.
    fn every(length: Duration) -> World {
        World::ready().consumer("w", |c| c.every = Some(length))
    }

    #[test]
    fn a_factor_of_more_than_two_advises() {
        // Boundary: twice and half of what was learned, and a microsecond beyond.
        every(hours(12)).silent(&RULE);
        every(hours(12) + Duration(1)).fires(&RULE);
        every(hours(3)).silent(&RULE);
        every(hours(3) - Duration(1)).fires(&RULE);
    }

    #[test]
    fn it_states_both_and_cites_the_plan_and_the_baseline() {
        let finding = every(hours(24)).fires(&RULE);
        assert_eq!(cited(&finding), [h(-336), h(-6)]);
        assert_eq!(finding.cites.plan_site(), Some("holdover.toml:20:1"));
        assert_eq!(
            finding.summary,
            "the plan says that `w` runs every 24 h; before the change, the longest of 55 gaps between its runs was 6 h"
        );
        assert_eq!(every(hours(24)).verdict(), Verdict::Ready);
    }

    #[test]
    fn both_must_be_known() {
        World::ready().silent(&RULE);
        let unlearned = World::new().class("w").old("w", "i1", h(-9)).old("w", "i1", h(-8));
        unlearned.consumer("w", |c| c.every = Some(hours(240))).silent(&RULE);
        every(hours(24)).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
