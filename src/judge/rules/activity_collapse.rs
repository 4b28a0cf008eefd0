/*! `activity-collapse`: a class is much quieter in the window than it ever was before the change. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::share_test;
use crate::judge::told;
use crate::judge::volume_test::{self, Collapse};
use crate::judge::words::plural;
use crate::model::At;
use crate::model::finding::{Cites, Finding, Numbers, Severity};

/// The rule.
pub(super) struct ActivityCollapse;

impl Rule for ActivityCollapse {
    fn code(&self) -> &'static str {
        "activity-collapse"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.classes.iter().filter_map(|class| {
            let level = share_test::level(class.consumer.limits.alpha, case.tests);
            let collapse = volume_test::collapse(class, case.facts, level)?;
            let found = finding(self, Some(class.id), claim(case, class, &collapse));
            let expected = collapse.expected.round();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a count, rounded"
            )]
            let numbers = Numbers { n: collapse.count, of: expected as u64, p: Some(collapse.p) };
            Some(Finding { total: collapse.count, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

fn claim(case: &Case, class: &ClassCase, collapse: &Collapse) -> Claim {
    let (name, window) = (class.name(), case.window);
    let rows = collapse.tries.iter().flat_map(|row| [row.first, row.last]);
    let usual: Vec<At> = class.baseline.last().map(|row| row.last).into_iter().collect();
    Claim {
        summary: format!(
            "`{name}` made {} {}; before the change no covered stretch of that length held fewer than {:.0}",
            plural(collapse.count, "try", "tries"),
            told::span(window.from, window.to),
            collapse.expected,
        ),
        remedy: format!(
            "find where the rest of `{name}` went: a log that is missing, an instance that stopped, work that takes \
             another credential; fetch that log, or say in a waiver why less is done"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(rows.chain(usual)),
    }
}
