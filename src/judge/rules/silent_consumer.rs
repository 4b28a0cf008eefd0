/*! `silent-consumer`: no success proves that a consumer moved. The finding says what its silence means, in one of six states. */

use super::{Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::rules::missing_success;
use crate::judge::silence;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::ledger::SilenceState;
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("silent-consumer"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[],
    blinds: false,
    fire,
};

fn settled_by(class: &ClassCase) -> Action {
    match class.silence.state {
        Some(SilenceState::Active) => Action::MoveToNew,
        Some(SilenceState::NeverSeen | SilenceState::Unobservable) => Action::FetchLog,
        Some(SilenceState::NotDue | SilenceState::Overdue | SilenceState::Silent) | None => {
            Action::RunOnce
        }
    }
}

fn passes(_: &Case, class: &ClassCase) -> bool {
    silence::awaited_run(class).is_some()
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unproven = case.judged().filter(|class| !class.is_exception() && class.fresh.is_none());
    let findings = unproven.filter_map(|class| {
        let state = class.silence.state?;
        Some(rule.finding(Some(class.id), missing_success::claim(case, class, state, "")))
    });
    findings.collect()
}
