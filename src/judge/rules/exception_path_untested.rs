/*! `exception-path-untested`: a path that runs when things go wrong was not run on the new version. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::rules::missing_success;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct ExceptionPathUntested;

impl Rule for ExceptionPathUntested {
    fn code(&self) -> &'static str {
        "exception-path-untested"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let untested = case.judged().filter(|class| class.is_exception() && class.fresh.is_none());
        let findings = untested.filter_map(|class| {
            let claim = missing_success::claim(case, class, class.silence.state?);
            let summary = format!("exception path {}", claim.summary);
            Some(finding(self, Some(class.id), Claim { summary, ..claim }))
        });
        findings.collect()
    }
}
