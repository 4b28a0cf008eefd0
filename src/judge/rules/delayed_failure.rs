/*! `delayed-failure`: it worked after the change, and then the credential was refused. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure::{Unhealed, unhealed};
use crate::judge::row;
use crate::judge::words::plural;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};
use crate::model::{At, Shown};

/// The rule.
pub(super) struct DelayedFailure;

impl Rule for DelayedFailure {
    fn code(&self) -> &'static str {
        "delayed-failure"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let judged = case.judged();
        judged.filter_map(|class| self.of_class(case, class)).collect()
    }
}

impl DelayedFailure {
    fn of_class(&self, case: &Case, class: &ClassCase) -> Option<Finding> {
        let groups = unhealed(case, class);
        let delayed: Vec<(At, &Activity)> =
            groups.iter().flat_map(|group| after_success(case, class, group)).collect();
        let (worked, refused) =
            delayed.iter().min_by_key(|(_, row)| (row.last.latest(), row.last.row))?;
        let rows: Vec<&Activity> = delayed.iter().map(|(_, row)| *row).collect();
        let total = row::count(&rows);
        let delay = refused.last.latest() - worked.earliest();
        let session = class.consumer.session_max.map_or_else(
            || "session_max is not known".to_owned(),
            |max| format!("session_max is {}", max.hours_minutes()),
        );
        let claim = Claim {
            summary: format!(
                "`{}` was refused {} after it had worked since the change, first {} after its success at {} ({session})",
                class.name(),
                plural(total, "time", "times"),
                delay.hours_minutes(),
                worked.when.at,
            ),
            remedy: "what worked may have stood on an old session: restart it, and force one success on the new version".to_owned(),
            cites: row::cites(&rows)?.and_rows([*worked]),
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}

/// The refusals that follow a success of the same instance, with the same version or where either shows none.
fn after_success<'a>(
    case: &Case,
    class: &ClassCase<'a>,
    group: &Unhealed<'a>,
) -> Vec<(At, &'a Activity)> {
    let worked = keep(&class.tries, |row| {
        row::is_success(row)
            && row.last.latest() >= case.t0
            && row.instance.as_deref() == group.instance
    });
    let pairs = group.rows.iter().filter_map(|refused| {
        let fits = |row: &&&Activity| {
            let same = row.version == refused.version && row.version.is_some();
            row.first.earliest() < refused.last.latest()
                && (same || row.shown == Shown::None || refused.shown == Shown::None)
        };
        let first = worked
            .iter()
            .filter(fits)
            .map(|row| row.first)
            .min_by_key(|at| (at.earliest(), at.row))?;
        Some((first, *refused))
    });
    pairs.collect()
}
