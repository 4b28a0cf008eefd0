/*! `no-evidence`: no record belongs to any consumer or version. Nothing is proven by no records. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
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

/// Where every class is indirect or switched off there is nothing that could be proven.
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
