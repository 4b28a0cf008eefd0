/*! `fallback-degradation`: the work goes on, but through a weaker path. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::chance::{self, DEGRADED};
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::{percent, plural};
use crate::model::State;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct FallbackDegradation;

impl Rule for FallbackDegradation {
    fn code(&self) -> &'static str {
        "fallback-degradation"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let enabled = case.classes.iter().filter(|class| !class.consumer.disabled);
        enabled
            .filter_map(|class| self.more(case, class).or_else(|| self.only(case, class)))
            .collect()
    }
}

impl FallbackDegradation {
    fn more(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let found = chance::excess(class, &DEGRADED, case.tests)?;
        let (before, after) = (found.sides.before, found.sides.after);
        let claim = Claim {
            summary: format!(
                "`{}` degrades more than chance explains: {} of {} since the change ({}), {} before",
                class.name(),
                after.n,
                plural(after.of, "try", "tries"),
                percent(after.n, after.of),
                percent(before.n, before.of),
            ),
            remedy: remedy(class),
            cites: row::cites(&found.sides.bad)?,
        };
        let numbers = Some(Numbers { n: after.n, of: after.of, p: found.p });
        Some(Finding { total: after.n, numbers, ..finding(self, Some(class.id), claim) })
    }

    /// Every success since the change is degraded.
    fn only(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let since = keep(&class.tries, |row| {
            row::is_success(row) && row.state != State::Old && row.last.earliest() >= case.t0
        });
        if since.iter().any(|row| !row.degraded) {
            return None;
        }
        let rows: Vec<&Activity> = since;
        let n = row::count(&rows);
        let claim = Claim {
            summary: format!(
                "every success of `{}` since the change is degraded ({})",
                class.name(),
                plural(n, "success", "successes"),
            ),
            remedy: remedy(class),
            cites: row::cites(&rows)?,
        };
        let numbers = Some(Numbers { n, of: n, p: None });
        Some(Finding { total: n, numbers, ..finding(self, Some(class.id), claim) })
    }
}

fn remedy(class: &ClassCase) -> String {
    format!(
        "look for refused tries behind the fallback, mend the main path of `{}`, and force one undegraded success",
        class.name()
    )
}
