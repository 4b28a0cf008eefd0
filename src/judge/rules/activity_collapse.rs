/*! `activity-collapse`: a consumer does far less in the window than it ever did before the change. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::share_test;
use crate::wording::{count, number, span};

use crate::judge::volume_test::{self, Collapse};
use crate::model::At;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::Action;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("activity-collapse"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let level = share_test::level(class.consumer.limits.alpha, case.comparisons);
        let collapse = volume_test::collapse(class, case.facts, level)?;
        let found = rule.finding(Some(class.id), claim(case, class, &collapse));
        let expected = whole(collapse.expected);
        let numbers =
            Numbers { n: collapse.count, of: expected, unit: Unit::Attempt, p: Some(collapse.p) };
        Some(Finding { total: collapse.count, numbers: Some(numbers), ..found })
    });
    findings.collect()
}

/// An expected count, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, rounded")]
fn whole(expected: f64) -> u64 {
    expected.round() as u64
}

fn claim(case: &Case, class: &ClassCase, collapse: &Collapse) -> Claim {
    let (name, window) = (class.name(), case.window);
    let rows = collapse.tries.iter().flat_map(|row| [row.first, row.last]);
    let usual: Vec<At> = class.baseline.last().map(|row| row.last).into_iter().collect();
    Claim {
        summary: format!(
            "`{name}` made {} {}; before the change, it never made fewer than {} in a logged stretch of that length",
            count(collapse.count, "attempt"),
            span(window.from, window.to),
            number(whole(collapse.expected)),
        ),
        remedy: format!(
            "find where the rest of `{name}` went (a missing log, a stopped instance, work that uses another credential), \
             and fetch that log, or say in a waiver why it does less"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(rows.chain(usual)),
    }
}
