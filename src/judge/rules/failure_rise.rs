/*! `failure-rise`: more of the work fails than before, for reasons that the log does not give. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::share_test::{self, Excess, FAILED};
use crate::judge::told;
use crate::judge::words::percent;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct FailureRise;

impl Rule for FailureRise {
    fn code(&self) -> &'static str {
        FAILED.rule
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.classes.iter().filter_map(|class| {
            let excess = share_test::excess(class, &FAILED, case.tests)?;
            let after = excess.sides.after;
            let numbers = Numbers { n: after.n, of: after.of, p: excess.p };
            let found = finding(self, Some(class.id), claim(class, &excess)?);
            Some(Finding { total: after.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

fn claim(class: &ClassCase, excess: &Excess) -> Option<Claim> {
    let sides = &excess.sides;
    let (before, after, name) = (sides.before, sides.after, class.name());
    Some(Claim {
        summary: format!(
            "{} of {} tries of `{name}` ({}) failed, {}, without a word about the credential; before the change {} \
             of {} ({})",
            after.n,
            after.of,
            percent(after.n, after.of),
            told::between(&sides.bad),
            before.n,
            before.of,
            percent(before.n, before.of),
        ),
        remedy: format!(
            "find out why `{name}` fails: a refused credential may come back as a timeout; mend it, or show that \
             something else was the cause"
        ),
        cites: told::cites(&sides.bad)?,
    })
}
