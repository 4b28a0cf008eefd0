/*! `immediate-failure`: the new version was refused from the start. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure::{Unhealed, unhealed};
use crate::judge::row;
use crate::judge::words::{list, plural};
use crate::model::State;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct ImmediateFailure;

impl Rule for ImmediateFailure {
    fn code(&self) -> &'static str {
        "immediate-failure"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let judged = case.judged();
        judged.filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl ImmediateFailure {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let groups = unhealed(case, class);
        let failing: Vec<(&Unhealed, Vec<&Activity>)> = groups
            .iter()
            .map(|group| (group, keep(&group.rows, |row| row.state == State::New)))
            .filter(|(group, rows)| !rows.is_empty() && is_from_the_start(class, group, rows))
            .collect();
        let rows: Vec<&Activity> =
            failing.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        let names: Vec<&str> = failing.iter().filter_map(|(group, _)| group.instance).collect();
        let on = if names.is_empty() { String::new() } else { format!(" on {}", list(&names)) };
        let first = row::earliest(&rows)?.first.when.at;
        let total = row::count(&rows);
        let claim = Claim {
            summary: format!(
                "`{}` was refused with the new version {}{on}, first at {first}, and never succeeded before that",
                class.name(),
                plural(total, "time", "times"),
            ),
            remedy: "check the value, the reference and the permissions of the new version there; then force one success".to_owned(),
            cites: row::cites(&rows)?,
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}

/// No earlier new success: of the instance, unless it is gone; or of the class.
fn is_from_the_start(class: &ClassCase, group: &Unhealed, rows: &[&Activity]) -> bool {
    let Some(first) = row::earliest(rows).map(|row| row.first.latest()) else { return false };
    let earlier = keep(&class.new_successes, |row| row.first.earliest() < first);
    let own = keep(&earlier, |row| row.instance.as_deref() == group.instance);
    earlier.is_empty() || (!group.is_gone && group.instance.is_some() && own.is_empty())
}
