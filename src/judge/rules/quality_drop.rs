/*! `quality-drop`: it works, but its work takes much longer or shorter, or gives much more or less, than before. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::quality::{self, Shift};
use crate::judge::share_test;
use crate::model::facts::Measure;
use crate::model::finding::{Cites, Finding, Numbers, Severity};

/// The rule.
pub(super) struct QualityDrop;

impl Rule for QualityDrop {
    fn code(&self) -> &'static str {
        "quality-drop"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let pairs = case.classes.iter().flat_map(|class| Measure::ALL.map(|one| (class, one)));
        let findings = pairs.filter_map(|(class, measure)| {
            let level = share_test::level(class.consumer.limits.alpha, case.tests);
            let shift = quality::shift(class, case.facts, measure, level)?;
            let (before, after) = shift.counts;
            let numbers = Numbers { n: after, of: before + after, p: Some(shift.p) };
            let found = finding(self, Some(class.id), claim(class, measure, &shift)?);
            Some(Finding { total: after, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// An amount of that measure as people read it.
#[expect(clippy::cast_precision_loss, reason = "amounts have three digits")]
fn amount(measure: Measure, value: u64) -> String {
    let value = value as f64 / 1e5;
    match measure {
        Measure::Duration => format!("{value} ms"),
        Measure::Size => format!("{value}"),
    }
}

fn claim(class: &ClassCase, measure: Measure, shift: &Shift) -> Option<Claim> {
    let (takes, took) = match measure {
        Measure::Duration => ("takes", "took"),
        Measure::Size => ("gives a size of", "gave"),
    };
    let name = class.name();
    let first = shift.after.iter().map(|one| one.first).min_by_key(|at| (at.earliest(), at.row))?;
    Some(Claim {
        summary: format!(
            "an undegraded success of `{name}` {takes} {} since the change and {took} {} before (medians of {} and \
             {} successes), which is no chance",
            amount(measure, shift.medians.1),
            amount(measure, shift.medians.0),
            shift.counts.1,
            shift.counts.0,
        ),
        remedy: format!(
            "find out what else `{name}` does with the new version: another account, quota, region or model behind \
             it; mend it, or show that the work is as good as before"
        ),
        cites: Cites::rows(first, shift.after.iter().flat_map(|one| [one.first, one.last])),
    })
}
