/*! `permission-loss`: the new version is accepted, but it may do less. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::share_test::{self, DENIED};
use crate::judge::told;
use crate::judge::words::{percent, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};
use crate::model::ledger::Share;

/// The rule.
pub(super) struct PermissionLoss;

impl Rule for PermissionLoss {
    fn code(&self) -> &'static str {
        DENIED.rule
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.judged().filter_map(|class| {
            let lost = all(class).or_else(|| more(case, class))?;
            let numbers = Numbers { n: lost.after.n, of: lost.after.of, p: lost.p };
            let found = finding(self, Some(class.id), claim(case, class, &lost)?);
            Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// What is denied now, and what was before.
struct Lost<'a> {
    denied: Vec<&'a Activity>,
    before: Share,
    after: Share,
    p: Option<f64>,
}

/// Are all tries with the new version since the change denied? One is enough.
fn all<'a>(class: &ClassCase<'a>) -> Option<Lost<'a>> {
    let new = keep(&class.tries, |row| {
        activity::is_new_use(row) && row.last.latest() >= class.times.introduced
    });
    let denied = keep(&new, DENIED.is_bad);
    let of = activity::count(&new);
    let after = Share { n: activity::count(&denied), of };
    let before = share_test::sides(class, &DENIED).before;
    (after.n == of && of > 0).then_some(Lost { denied, before, after, p: None })
}

/// Is the denied share larger than luck explains?
fn more<'a>(case: &Case, class: &ClassCase<'a>) -> Option<Lost<'a>> {
    let excess = share_test::excess(class, &DENIED, case.tests)?;
    let (sides, p) = (excess.sides, excess.p);
    Some(Lost { denied: sides.bad, before: sides.before, after: sides.after, p })
}

fn claim(case: &Case, class: &ClassCase, lost: &Lost) -> Option<Claim> {
    let (before, after) = (lost.before, lost.after);
    Some(Claim {
        summary: format!(
            "{} of {} of `{}` with {} ({}) {} denied, {}; before the change {} of {} ({})",
            after.n,
            plural(after.of, "try", "tries"),
            class.name(),
            told::versions(case, &lost.denied),
            percent(after.n, after.of),
            if after.n == 1 { "was" } else { "were" },
            told::between(&lost.denied),
            before.n,
            before.of,
            percent(before.n, before.of),
        ),
        remedy: format!(
            "compare scopes, roles and network rules of both versions, and give the new one what `{}` needs",
            class.name()
        ),
        cites: told::cites(&lost.denied)?,
    })
}
