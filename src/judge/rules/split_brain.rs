/*! `split-brain`: instances, or classes, stand on different truths at once. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::row;
use crate::judge::words::{list, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};
use crate::model::ledger::Truth;
use crate::model::{Micros, State};

/// So often old and new must alternate where no instance is logged.
const ALTERNATIONS_MIN: u64 = 3;

/// The rule.
pub(super) struct SplitBrain;

impl Rule for SplitBrain {
    fn code(&self) -> &'static str {
        "split-brain"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let judged: Vec<&ClassCase> = case.judged().collect();
        let mut findings: Vec<Finding> = self.of_rotation(&judged).into_iter().collect();
        for class in judged {
            findings.extend(self.of_instances(class).or_else(|| self.of_alternations(class)));
        }
        findings
    }
}

impl SplitBrain {
    /// The last versioned use of one instance in the window is old, of another new.
    fn of_instances(&self, class: &ClassCase) -> Option<Finding> {
        let lasts: Vec<(&str, &Activity)> = class
            .instances
            .iter()
            .filter_map(|one| Some((one.name, last_versioned(&one.of(&versioned(class)))?)))
            .collect();
        let on = |state: State| -> Vec<&str> {
            lasts.iter().filter(|(_, row)| row.state == state).map(|(name, _)| *name).collect()
        };
        let (old, new) = (on(State::Old), on(State::New));
        if old.is_empty() || new.is_empty() {
            return None;
        }
        let rows: Vec<&Activity> = lasts.iter().map(|(_, row)| *row).collect();
        let claim = Claim {
            summary: format!(
                "`{}` stands on two truths: {} on old ({}), {} on new ({})",
                class.name(),
                plural(old.len() as u64, "instance", "instances"),
                list(&old),
                plural(new.len() as u64, "instance", "instances"),
                list(&new),
            ),
            remedy: format!(
                "restart or refresh {}; revoke nothing until all stand on new",
                list(&old)
            ),
            cites: row::cites(&rows)?,
        };
        Some(Finding { total: rows.len() as u64, ..finding(self, Some(class.id), claim) })
    }

    /// Where no instance is logged: old and new take turns for longer than a session can explain.
    fn of_alternations(&self, class: &ClassCase) -> Option<Finding> {
        let rows = keep(&versioned(class), |row| row.instance.is_none());
        let mut uses: Vec<(Micros, bool)> = rows
            .iter()
            .flat_map(|row| [row.first, row.last].map(|at| (at.latest(), row.state == State::Old)))
            .collect();
        uses.sort_unstable();
        uses.dedup();
        let turns: Vec<Micros> =
            uses.windows(2).filter(|pair| pair[0].1 != pair[1].1).map(|pair| pair[1].0).collect();
        let (first, last) = (uses.first()?.0, *turns.last()?);
        let session = class.consumer.session_max.unwrap_or_default();
        if (turns.len() as u64) < ALTERNATIONS_MIN || last - first <= session {
            return None;
        }
        let claim = Claim {
            summary: format!(
                "`{}` took turns between old and new {} in the window, over {}, and logs no instance",
                class.name(),
                plural(turns.len() as u64, "time", "times"),
                (last - first).hours_minutes(),
            ),
            remedy: "find the copies of it that still hold old, and log an instance with each use"
                .to_owned(),
            cites: row::cites(&rows)?,
        };
        Some(Finding { total: row::count(&rows), ..finding(self, Some(class.id), claim) })
    }

    /// Classes wholly on old in the window beside others wholly on new.
    fn of_rotation(&self, classes: &[&ClassCase]) -> Option<Finding> {
        let on = |truth: Truth| -> Vec<&&ClassCase> {
            let shown = classes.iter().filter(|class| !versioned(class).is_empty());
            shown.filter(|class| class.truth == truth).collect()
        };
        let (old, new) = (on(Truth::Old), on(Truth::New));
        if old.is_empty() || new.is_empty() {
            return None;
        }
        let names = |classes: &[&&ClassCase]| {
            list(&classes.iter().map(|class| class.name()).collect::<Vec<_>>())
        };
        let both = old.iter().chain(&new);
        let rows: Vec<&Activity> =
            both.filter_map(|class| last_versioned(&versioned(class))).collect();
        let claim = Claim {
            summary: format!(
                "classes stand on different truths in the window: {} on old, {} on new",
                names(&old),
                names(&new)
            ),
            remedy: format!("stop revocation; move {} before anything else", names(&old)),
            cites: row::cites(&rows)?,
        };
        Some(Finding { total: rows.len() as u64, ..finding(self, None, claim) })
    }
}

/// The uses of either version in the window.
fn versioned<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    keep(&class.in_window(), |row| row::is_old_use(row) || row::is_new_use(row))
}

/// The last of these; at equal times old comes last.
fn last_versioned<'a>(rows: &[&'a Activity]) -> Option<&'a Activity> {
    let end = |row: &&&Activity| {
        let old = row.state == State::Old;
        (if old { row.last.latest() } else { row.last.earliest() }, old, row.last.row)
    };
    rows.iter().max_by_key(end).copied()
}
