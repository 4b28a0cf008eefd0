/*! `silent-consumer`: a class without a fresh success. Its silence is said to be one of six states. */

use super::{Rule, finding};
use crate::judge::case::Case;
use crate::judge::rules::missing_success;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct SilentConsumer;

impl Rule for SilentConsumer {
    fn code(&self) -> &'static str {
        "silent-consumer"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let unproven = case.judged().filter(|class| !class.is_exception() && class.fresh.is_none());
        let findings = unproven.filter_map(|class| {
            let state = class.silence.state?;
            Some(finding(self, Some(class.id), missing_success::claim(case, class, state)))
        });
        findings.collect()
    }
}
