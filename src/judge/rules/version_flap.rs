/*! `version-flap`: an instance that had moved to the new version went back to the old one. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::instance::InstanceCase;
use crate::judge::row;
use crate::judge::words::{list, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};
use crate::model::{At, Span};

/// The rule.
pub(super) struct VersionFlap;

impl Rule for VersionFlap {
    fn code(&self) -> &'static str {
        "version-flap"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let judged = case.judged();
        judged.filter_map(|class| self.of_class(class)).collect()
    }
}

impl VersionFlap {
    fn of_class(&self, class: &ClassCase) -> Option<Finding> {
        let back: Vec<(&str, At, Vec<&Activity>)> = class
            .instances
            .iter()
            .filter(|one| !one.is_generated)
            .filter_map(|one| flapped(class, one))
            .collect();
        let names: Vec<&str> = back.iter().map(|(name, _, _)| *name).collect();
        let (_, moved, first) = back.first()?;
        let rows: Vec<&Activity> =
            back.iter().flat_map(|(_, _, rows)| rows.iter().copied()).collect();
        let total = row::count(&rows);
        let claim = Claim {
            summary: format!(
                "{} of `{}` went back to old after succeeding with new ({}): new at {}, old at {}",
                plural(names.len() as u64, "instance", "instances"),
                class.name(),
                list(&names),
                moved.when.at,
                row::latest(first)?.last.latest(),
            ),
            remedy: "find what hands out the old value (a second configuration, a cache, a rollback); restart and watch for two needs".to_owned(),
            cites: row::cites(&rows)?.and_rows(back.iter().map(|(_, moved, _)| *moved)),
        };
        Some(Finding { total, ..finding(self, Some(class.id), claim) })
    }
}

/// Old use later than its first new success and any session that this left, unless healed.
fn flapped<'a>(
    class: &ClassCase<'a>,
    one: &InstanceCase<'a>,
) -> Option<(&'a str, At, Vec<&'a Activity>)> {
    let new = one.of(&class.new_successes);
    let moved = row::earliest(&new)?.first;
    let session = class.consumer.session_max.unwrap_or_default();
    let old = keep(&one.old_uses, |row| row.last.latest() > moved.earliest() + session);
    let last = row::latest(&old)?.last.latest();
    let quiet = class.covered_within(Span { from: last, to: class.ground.a });
    let is_long_quiet = quiet >= class.silence.needed.scaled(2, 1);
    let started = one.fact.and_then(|fact| fact.started).filter(|at| at.earliest() > last);
    let is_renewed = started.is_some_and(|started| {
        let fresh = one.of(&class.fresh_rows);
        fresh.iter().any(|row| row.last.earliest() > started.latest())
    });
    (!is_long_quiet && !is_renewed).then_some((one.name, moved, old))
}
