/*! `no-evidence`: no record belongs to any consumer or version. Nothing is proven by no records. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("no-evidence"),
    severity: Severity::Withholds,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: true,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.judged().next().is_none() {
        return vec![rule.finding(None, nobody_to_judge(case))];
    }
    let is_attributed = case.classes.iter().any(|class| !class.rows.is_empty())
        || !case.facts.undeclared.is_empty();
    if is_attributed {
        return Vec::new();
    }
    let claim = Claim {
        summary: format!(
            "no record up to {} belongs to any consumer or version of the plan",
            case.as_of
        ),
        remedy: "check that the inputs are those of this rotation, and that `match` and the markers fit what the records \
                     show"
            .to_owned(),
        cites: Cites::silence(case.searched_all()),
    };
    vec![rule.finding(None, claim)]
}

/// If every class is indirect or switched off, nothing can be proven.
fn nobody_to_judge(case: &Case) -> Claim {
    let site =
        case.plan.consumers.first().map_or(case.plan.rotation.site, |consumer| consumer.site);
    Claim {
        summary: "no consumer of the plan uses the credential itself: all are indirect or disabled, so nothing can be proven"
            .to_owned(),
        remedy: "declare the consumers that authenticate with it, with `use = \"direct\"`".to_owned(),
        cites: Cites::plan(case.plan.place(site)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, h, row};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    #[test]
    fn it_fires_if_nothing_was_attributed() {
        let decision = World::new().decide();
        assert_eq!(decision.verdict, Verdict::Inconclusive);
        let finding = World::new().class("w").fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert!(!finding.waivable.is_waivable());
    }

    #[test]
    fn one_row_up_to_the_end_is_evidence() {
        // Boundary: a record at the instant of the report, and a microsecond after it.
        World::new().class("w").put(row("w").at(h(96))).silent(&RULE);
        World::new().class("w").put(row("w").at(h(96) + Duration(1))).fires(&RULE);
    }

    #[test]
    fn a_world_in_which_all_is_proven_is_ready() {
        let decision = World::ready().decide();
        let left: Vec<&str> = decision.findings.iter().map(|f| f.summary.as_str()).collect();
        assert_eq!(left, Vec::<&str>::new());
        assert_eq!(decision.verdict, Verdict::Ready);
        assert_eq!(
            decision.summary,
            "`v1` of `token` may be revoked: 1 consumer was seen working on `v2`, and none was seen using `v1` in the last 48 h; no waivers"
        );
    }
}
