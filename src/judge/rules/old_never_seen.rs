/*! `old-never-seen`: no input shows any use of the old version: its markers are wrong, or there are no records from
 * before the change.
 */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("old-never-seen"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.has_old_use() {
        return Vec::new();
    }
    let claim = Claim {
        summary: "no input shows a use of the old version, not even before the change, so its absence proves nothing"
            .to_owned(),
        remedy: "check the markers of the old version, and add logs from before the change".to_owned(),
        cites: Cites::silence(case.searched_all())
            .and_plan(case.plan.place(case.plan.rotation.site)),
    };
    vec![rule.finding(None, claim)]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, h, row};
    use crate::model::Duration;

    fn only_new() -> World {
        World::new().class("w").new_ok("w", "i1", h(90))
    }

    #[test]
    fn it_fires_for_the_rotation() {
        let finding = only_new().fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(finding.cites.searched(), ["w"]);
        only_new().put(row("w").old().inferred().at(h(-9))).fires(&RULE);
    }

    #[test]
    fn any_old_use_up_to_the_end_keeps_it_silent() {
        World::ready().silent(&RULE);
        only_new().put(row("w").old().refused().ambiguous().at(h(-9))).silent(&RULE);
        only_new().undeclared("x", &[h(-9)]).silent(&RULE);
        // Boundary: at the instant of the report, and a microsecond after it.
        only_new().old("w", "i1", h(96)).silent(&RULE);
        only_new().old("w", "i1", h(96) + Duration(1)).fires(&RULE);
    }
}
