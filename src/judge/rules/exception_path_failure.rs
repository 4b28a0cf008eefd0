/*! `exception-path-failure`: the path for bad days was tried and refused. */

use super::{Claim, Rule, finding};
use crate::judge::activity::{self, Seen};
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::told;
use crate::model::facts::Activity;
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
        let running = case.classes.iter().filter(|class| !class.consumer.disabled);
        let findings = running.filter(|class| class.is_exception()).filter_map(|class| {
            let refused = open(class);
            let numbers = failure::numbers(class, &refused);
            let found = finding(self, Some(class.id), claim(case, class, &refused)?);
            Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// Refusals since the change, with any version or none, that no fresh success came surely after.
fn open<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let fresh = activity::ends(&class.proofs());
    keep(&class.tries, |row| {
        let refused = Seen::last(row);
        failure::is_refusal(row)
            && row.last.latest() >= class.times.introduced
            && !fresh.iter().any(|proof| proof.surely_after(refused, class.clocks))
    })
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "exception path `{name}` was refused {} with {} {}{}, and no fresh success came after that",
            told::times(activity::count(refused)),
            told::versions(case, refused),
            told::between(refused),
            told::on(refused),
        ),
        remedy: format!(
            "relaunch `{name}` so that it takes the new version, run it once, and keep the record"
        ),
        cites: told::cites(refused)?,
    })
}
