/*! `permission-loss`: the new version is accepted, but may not do what the old one may. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::chance::{self, DENIED};
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::{percent, plural};
use crate::model::Outcome;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct PermissionLoss;

impl Rule for PermissionLoss {
    fn code(&self) -> &'static str {
        "permission-loss"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let judged = case.judged();
        judged
            .filter_map(|class| self.more(case, class).or_else(|| self.only(case, class)))
            .collect()
    }
}

impl PermissionLoss {
    fn more(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let found = chance::excess(class, &DENIED, case.tests)?;
        let (before, after) = (found.sides.before, found.sides.after);
        let claim = Claim {
            summary: format!(
                "`{}` is denied with the new version more than chance explains: {} of {} ({}), {} before",
                class.name(),
                after.n,
                plural(after.of, "try", "tries"),
                percent(after.n, after.of),
                percent(before.n, before.of),
            ),
            remedy: remedy(),
            cites: row::cites(&found.sides.bad)?,
        };
        let numbers = Some(Numbers { n: after.n, of: after.of, p: found.p });
        Some(Finding { total: after.n, numbers, ..finding(self, Some(class.id), claim) })
    }

    /// All tries with the new version since the change are denied.
    fn only(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let tries =
            keep(&class.tries, |row| row::is_new_use(row) && row.last.earliest() >= case.t0);
        if tries.iter().any(|row| row.outcome != Outcome::Denied) {
            return None;
        }
        let n = row::count(&tries);
        let claim = Claim {
            summary: format!(
                "`{}` was accepted with the new version and denied every time ({})",
                class.name(),
                plural(n, "try", "tries"),
            ),
            remedy: remedy(),
            cites: row::cites(&tries)?,
        };
        let numbers = Some(Numbers { n, of: n, p: None });
        Some(Finding { total: n, numbers, ..finding(self, Some(class.id), claim) })
    }
}

fn remedy() -> String {
    "compare what both versions may do, grant what is missing, and force one success".to_owned()
}
