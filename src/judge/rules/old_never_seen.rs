/*! `old-never-seen`: no old use in any input: a wrong marker, or no record from before the change. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct OldNeverSeen;

impl Rule for OldNeverSeen {
    fn code(&self) -> &'static str {
        "old-never-seen"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        if case.has_old_use() {
            return Vec::new();
        }
        let claim = Claim {
            summary:
                "no input shows any use of the old version, not even before the change: its end \
                      cannot be told from its absence"
                    .to_owned(),
            remedy: "check the old version's markers, and add logs from before the change"
                .to_owned(),
            cites: Cites::silence(case.searched_all())
                .and_plan(case.plan.place(case.plan.rotation.site)),
        };
        vec![finding(self, None, claim)]
    }
}
