/*! `no-evidence`: nothing at all was attributed; an empty set never passes. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct NoEvidence;

impl Rule for NoEvidence {
    fn code(&self) -> &'static str {
        "no-evidence"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn waivable(&self) -> bool {
        false
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        if case.judged().next().is_none() {
            return vec![finding(self, None, nobody_to_judge(case))];
        }
        let is_attributed = case.classes.iter().any(|class| !class.rows.is_empty())
            || !case.facts.undeclared.is_empty();
        if is_attributed {
            return Vec::new();
        }
        let claim = Claim {
            summary: format!(
                "no record up to {} could be attributed to any class or version",
                case.as_of
            ),
            remedy:
                "check that the inputs cover the rotation, and that `match` and markers fit what \
                     the records show"
                    .to_owned(),
            cites: Cites::silence(case.searched_all()),
        };
        vec![finding(self, None, claim)]
    }
}

/// Where every class is indirect or switched off there is nothing that could be proven.
fn nobody_to_judge(case: &Case) -> Claim {
    let site =
        case.plan.consumers.first().map_or(case.plan.rotation.site, |consumer| consumer.site);
    Claim {
        summary: "no class of the plan uses the credential itself: all are indirect or disabled, so nothing is proven"
            .to_owned(),
        remedy: "declare the classes that authenticate with it, with `use = \"direct\"`".to_owned(),
        cites: Cites::plan(case.plan.place(site)),
    }
}
