/*! `immediate-failure`: the new version was refused from the first attempt on, and it has not recovered. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::times;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("immediate-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let refused = keep(&failure::unhealed(class), |row| never_worked(class, row));
        let numbers = failure::numbers(class, &refused);
        let found = rule.finding(Some(class.id), claim(case, class, &refused)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// Was there no new success of its own before?
fn never_worked(class: &ClassCase, refused: &Activity) -> bool {
    let own = failure::own(refused, &class.new_successes);
    !own.iter().any(|worked| failure::is_earlier(worked, refused))
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let on = phrases::on(refused);
    Some(Claim {
        summary: format!(
            "`{}` was refused {} with {} {}{on}, without an earlier success on the new version, and has not recovered",
            class.name(),
            times(activity::count(refused)),
            phrases::versions(case, refused),
            phrases::between(refused),
        ),
        remedy: format!(
            "compare the value, the account and the scope of the new version with what `{}` sends (the cited records may \
             name the error), fix it, and run it once{on}",
            class.name()
        ),
        cites: phrases::cites(refused)?,
    })
}
