/*! `wrong-place`: the new version works, but only where the class does not. */

use std::collections::BTreeSet;

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::judge::words::{list, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};

/// The rule.
pub(super) struct WrongPlace;

impl Rule for WrongPlace {
    fn code(&self) -> &'static str {
        "wrong-place"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let unproven = case.judged().filter(|class| class.new_successes.is_empty());
        let findings = unproven.filter_map(|class| {
            let outside = keep(&class.tries, |row| is_outside(class, row));
            let found = finding(self, Some(class.id), claim(class, &outside)?);
            Some(Finding { total: activity::count(&outside), ..found })
        });
        findings.collect()
    }
}

/// A success with the new version since the change that counts only for its place.
fn is_outside(class: &ClassCase, row: &Activity) -> bool {
    activity::is_new_use(row)
        && activity::is_success(row)
        && row.last.earliest() >= class.times.introduced
        && !class.is_in_place(row)
}

fn claim(class: &ClassCase, outside: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let places: Vec<&str> = class.places.iter().flatten().copied().collect();
    let seen: BTreeSet<&str> =
        outside.iter().filter_map(|row| row.environment.as_deref()).collect();
    let seen: Vec<&str> = seen.into_iter().collect();
    let own = list(&places);
    Some(Claim {
        summary: format!(
            "{} of `{name}` with the new version, {}, all in {}; none in {own}, where it works",
            plural(activity::count(outside), "success", "successes"),
            told::between(outside),
            list(&seen),
        ),
        remedy: format!(
            "bring the new version to {own} and run `{name}` there once; or name its `environments` in the plan"
        ),
        cites: told::cites(outside)?,
    })
}
