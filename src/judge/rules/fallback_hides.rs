/*! `fallback-hides`: successes through a fallback exist, and a failure may hide behind them. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::plural;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct FallbackHides;

impl Rule for FallbackHides {
    fn code(&self) -> &'static str {
        "fallback-hides"
    }

    fn severity(&self) -> Severity {
        Severity::Advises
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let enabled = case.classes.iter().filter(|class| !class.consumer.disabled);
        enabled.filter_map(|class| self.of_class(class)).collect()
    }
}

impl FallbackHides {
    fn of_class(&self, class: &ClassCase) -> Option<Finding> {
        let hidden = keep(&class.tries, |row| row::is_success(row) && row.degraded);
        let last = row::latest(&hidden)?.last.latest();
        let total = row::count(&hidden);
        let claim = Claim {
            summary: format!(
                "{} of `{}` went through a fallback, last at {last}; a refusal may hide behind each",
                plural(total, "success", "successes"),
                class.name(),
            ),
            remedy: "count undegraded work alone as success, in alerts too".to_owned(),
            cites: row::cites(&hidden)?,
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}
