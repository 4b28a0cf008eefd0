/*! `retry-untested`: the consumer used to retry, and no retry with the new version was seen. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::attempts::{self, Retries};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::{Action, Item};
use crate::wording::{count, number, percent};

/// The fewest retries with the new version that would have been seen if it retried as before.
const EXPECTED_MIN: u64 = 3;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("retry-untested"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::RetryPathTested],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let retries = attempts::of_class(case.facts, class.id);
        is_untested(&retries).then(|| {
            let numbers =
                Numbers { n: retries.before, of: retries.before_of, unit: Unit::Attempt, p: None };
            let found = rule.finding(Some(class.id), claim(case, class, &retries));
            Finding { numbers: Some(numbers), ..found }
        })
    });
    findings.collect()
}

fn is_untested(retries: &Retries) -> bool {
    let (share, of) = (u128::from(retries.before), u128::from(retries.before_of));
    let is_expected = share * u128::from(retries.new_of) >= u128::from(EXPECTED_MIN) * of;
    retries.before > 0 && retries.new == 0 && (is_expected || 2 * share > of)
}

fn claim(case: &Case, class: &ClassCase, retries: &Retries) -> Claim {
    let name = class.name();
    let tried = match retries.new_of {
        0 => "it has made no attempt with the new version yet".to_owned(),
        1 => "its only attempt with the new version was not a retry".to_owned(),
        n => format!("none of its {} attempts with the new version was one", number(n)),
    };
    Claim {
        summary: format!(
            "{} of {} of `{name}` before the change ({}) {}, but {tried}",
            number(retries.before),
            count(retries.before_of, "attempt"),
            percent(retries.before, retries.before_of),
            if retries.before == 1 { "was a retry" } else { "were retries" },
        ),
        remedy: format!(
            "let one job of `{name}` fail and be retried on the new version, and keep the record"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(retries.seen.iter().copied()),
    }
}
