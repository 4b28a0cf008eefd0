/*! `quality-drop`: it works, but takes much longer or shorter, or gives much more or less, than before. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::quality::{self, Shift};
use crate::judge::share_test;
use crate::model::facts::Measure;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::Action;
use crate::wording::number;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("quality-drop"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let pairs = case.classes.iter().flat_map(|class| Measure::ALL.map(|one| (class, one)));
    let findings = pairs.filter_map(|(class, measure)| {
        let level = share_test::level(class.consumer.limits.alpha, case.comparisons);
        let shift = quality::shift(class, case.facts, measure, level)?;
        let (before, after) = shift.counts;
        let numbers =
            Numbers { n: after, of: before + after, unit: Unit::Success, p: Some(shift.p) };
        let found = rule.finding(Some(class.id), claim(class, measure, &shift)?);
        Some(Finding { total: after, numbers: Some(numbers), ..found })
    });
    findings.collect()
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
    let (now, then) = match measure {
        Measure::Duration => ("took", "took"),
        Measure::Size => ("had a size of", "had"),
    };
    let name = class.name();
    let first = shift.after.iter().map(|one| one.first).min_by_key(|at| (at.earliest(), at.row))?;
    Some(Claim {
        summary: format!(
            "since the change, successes of `{name}` {now} {} at the median, and {then} {} before ({} and {} of them, \
             without the fallback); chance does not explain that",
            amount(measure, shift.medians.1),
            amount(measure, shift.medians.0),
            number(shift.counts.1),
            number(shift.counts.0),
        ),
        remedy: format!(
            "find out what else changed for `{name}` with the new version (account, quota, region, model), and fix it or \
             show that the work is as good as before"
        ),
        cites: Cites::rows(first, shift.after.iter().flat_map(|one| [one.first, one.last])),
    })
}
