/*! `failure-rise`: more of the work fails than before, and the logs do not say why. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::judge::share_test::{self, Excess, FAILED};
use crate::wording::{count, number, percent};

use crate::model::finding::{Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("failure-rise"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let excess = share_test::excess(class, &FAILED, case.comparisons)?;
        let after = excess.shares.after;
        let numbers = Numbers { n: after.n, of: after.of, unit: Unit::Attempt, p: excess.p };
        let found = rule.finding(Some(class.id), claim(class, &excess)?);
        Some(Finding { total: after.n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

fn claim(class: &ClassCase, excess: &Excess) -> Option<Claim> {
    let shares = &excess.shares;
    let (before, after, name) = (shares.before, shares.after, class.name());
    Some(Claim {
        summary: format!(
            "{} of {} of `{name}` ({}) failed, {}, for reasons that the logs do not give; before the change, {} of {} \
             failed ({})",
            number(after.n),
            count(after.of, "attempt"),
            percent(after.n, after.of),
            phrases::between(&shares.bad),
            number(before.n),
            number(before.of),
            percent(before.n, before.of),
        ),
        remedy: format!(
            "find out why `{name}` fails (a refused credential can show as a timeout), and fix it or show that something \
             else is the cause"
        ),
        cites: phrases::cites(&shares.bad)?,
    })
}
