/*! `permission-loss`: the new version is accepted, but it is permitted less. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::phrases;
use crate::judge::share_test::{self, DENIED, Excess};
use crate::wording::{count, number, percent};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::ledger::Share;
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("permission-loss"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let lost = all(class).or_else(|| more(case, class))?;
        let numbers =
            Numbers { n: lost.after.n, of: lost.after.of, unit: Unit::Attempt, p: lost.p };
        let found = rule.finding(Some(class.id), claim(case, class, &lost)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// What is not permitted now, and what was not before.
struct Denials<'a> {
    denied: Vec<&'a Activity>,
    before: Share,
    after: Share,
    p: Option<f64>,
}

/// Are all tries with the new version since the change denied? One is enough.
fn all<'a>(class: &ClassCase<'a>) -> Option<Denials<'a>> {
    let new = keep(&class.tries, |row| {
        activity::is_new_use(row) && row.last.latest() >= class.times.introduced
    });
    let denied = keep(&new, DENIED.is_bad);
    let of = activity::count(&new);
    let after = Share { n: activity::count(&denied), of };
    let before = share_test::shares(class, &DENIED).before;
    (after.n == of && of > 0).then_some(Denials { denied, before, after, p: None })
}

/// Is the denied share larger than chance explains?
fn more<'a>(case: &Case, class: &ClassCase<'a>) -> Option<Denials<'a>> {
    let excess = share_test::excess(class, &DENIED, case.comparisons)?;
    let Excess { shares, p } = excess;
    Some(Denials { denied: shares.bad, before: shares.before, after: shares.after, p })
}

fn claim(case: &Case, class: &ClassCase, lost: &Denials) -> Option<Claim> {
    let (before, after) = (lost.before, lost.after);
    Some(Claim {
        summary: format!(
            "{} of {} of `{}` with {} ({}) {} not permitted, {}; before the change, {} of {} ({})",
            number(after.n),
            count(after.of, "attempt"),
            class.name(),
            phrases::versions(case, &lost.denied),
            percent(after.n, after.of),
            if after.n == 1 { "was" } else { "were" },
            phrases::between(&lost.denied),
            number(before.n),
            number(before.of),
            percent(before.n, before.of),
        ),
        remedy: format!(
            "compare scopes, roles and network rules of both versions, and grant the new one what `{}` needs",
            class.name()
        ),
        cites: phrases::cites(&lost.denied)?,
    })
}
