/*! `exception-path-untested`: a path that runs only when things go wrong has not run on the new version. */

use super::{Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::rules::missing_success;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("exception-path-untested"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let untested = case.judged().filter(|class| class.is_exception() && class.fresh.is_none());
    let findings = untested.filter_map(|class| {
        let claim = missing_success::claim(case, class, class.silence.state?, "exception path ");
        Some(rule.finding(Some(class.id), claim))
    });
    findings.collect()
}
