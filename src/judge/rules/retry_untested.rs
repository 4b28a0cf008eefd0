/*! `retry-untested`: the class used to retry, and no retry with the new version was seen. */

use super::{Claim, Rule, finding};
use crate::judge::attempts::{self, Retries};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::words::{percent, plural};
use crate::model::finding::{Cites, Finding, Numbers, Severity};

/// So many retries with the new version would have been seen, did it retry as before.
const EXPECTED_MIN: u64 = 3;

/// The rule.
pub(super) struct RetryUntested;

impl Rule for RetryUntested {
    fn code(&self) -> &'static str {
        "retry-untested"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.judged().filter_map(|class| {
            let retries = attempts::of_class(case.facts, class.id);
            is_untested(&retries).then(|| {
                let numbers = Numbers { n: retries.before, of: retries.before_of, p: None };
                let found = finding(self, Some(class.id), claim(case, class, &retries));
                Finding { numbers: Some(numbers), ..found }
            })
        });
        findings.collect()
    }
}

fn is_untested(retries: &Retries) -> bool {
    let (share, of) = (u128::from(retries.before), u128::from(retries.before_of));
    let is_expected = share * u128::from(retries.new_of) >= u128::from(EXPECTED_MIN) * of;
    retries.before > 0 && retries.new == 0 && (is_expected || 2 * share > of)
}

fn claim(case: &Case, class: &ClassCase, retries: &Retries) -> Claim {
    let name = class.name();
    let tried = match retries.new_of {
        0 => "it has no try with the new version yet".to_owned(),
        1 => "its one try with the new version was no retry".to_owned(),
        n => format!("none of its {n} tries with the new version was one"),
    };
    Claim {
        summary: format!(
            "{} of {} of `{name}` before the change ({}) {}, and {tried}",
            retries.before,
            plural(retries.before_of, "try", "tries"),
            percent(retries.before, retries.before_of),
            if retries.before == 1 { "was a retry" } else { "were retries" },
        ),
        remedy: format!(
            "let one job of `{name}` fail and be retried on the new version, and keep the record"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(retries.seen.iter().copied()),
    }
}
