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
        if case.classes.iter().any(|class| !class.rows.is_empty()) {
            return Vec::new();
        }
        let claim = Claim {
            summary: format!("no record up to {} could be attributed to any class", case.a),
            remedy:
                "check that the inputs cover the rotation, and that `match` and markers fit what \
                     the records show"
                    .to_owned(),
            cites: Cites::silence(case.searched_all()),
        };
        vec![finding(self, None, claim)]
    }
}
