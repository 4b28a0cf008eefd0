/*! `first-cycle-unseen`: since the old version was revoked, a class has not been seen to work. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::Timestamp;
use crate::model::finding::{Cites, Finding, Severity};

/// The rule.
pub(super) struct FirstCycleUnseen;

impl Rule for FirstCycleUnseen {
    fn code(&self) -> &'static str {
        "first-cycle-unseen"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let Some(revoked) = case.revoked else {
            return Vec::new();
        };
        let unseen = case
            .judged()
            .filter(|class| !class.fresh_rows.iter().any(|row| row.last.earliest() > revoked));
        let findings =
            unseen.map(|class| finding(self, Some(class.id), claim(case, class, revoked)));
        findings.collect()
    }
}

fn claim(case: &Case, class: &ClassCase, revoked: Timestamp) -> Claim {
    let name = class.name();
    let last = activity::latest(&class.new_successes).map(|row| row.last);
    let before = last.map_or_else(
        || "it never had a new success".to_owned(),
        |at| format!("its last new success is of {}", at.earliest()),
    );
    Claim {
        summary: format!(
            "`{name}` has no fresh success since the revocation at {revoked}: {before}"
        ),
        remedy: format!("run `{name}` once on the new version, or wait for its next run"),
        cites: Cites::silence(case.searched(class)).and_rows(last),
    }
}
