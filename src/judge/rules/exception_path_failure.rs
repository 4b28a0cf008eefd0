/*! `exception-path-failure`: a path for emergencies was refused since the change, and nothing fresh says that it works. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::row::{self, Seen};
use crate::judge::words::plural;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct ExceptionPathFailure;

impl Rule for ExceptionPathFailure {
    fn code(&self) -> &'static str {
        "exception-path-failure"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let exceptions = case.judged().filter(|class| class.is_exception());
        exceptions.filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl ExceptionPathFailure {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let refused = keep(&class.tries, |row| {
            let seen = Seen::last(row);
            let fresh = class.fresh_rows.iter().map(|row| Seen::last(row));
            row::is_auth_failure(row)
                && row.last.latest() >= case.t0
                && !fresh.into_iter().any(|fresh| fresh.surely_after(seen, class.skew()))
        });
        let last = row::latest(&refused)?.last.latest();
        let total = row::count(&refused);
        let claim = Claim {
            summary: format!(
                "exception path `{}` was refused {} since the change, last at {last}, with no fresh success after it",
                class.name(),
                plural(total, "time", "times"),
            ),
            remedy: format!(
                "run `{}` from a fresh container on the new version until it succeeds",
                class.name()
            ),
            cites: row::cites(&refused)?,
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}
