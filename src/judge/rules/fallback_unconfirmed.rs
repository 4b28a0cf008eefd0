/*! `fallback-unconfirmed`: a class that has, or is, a fallback was not seen to work without it. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::row;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{ClassBasis, Use};

/// The rule.
pub(super) struct FallbackUnconfirmed;

impl Rule for FallbackUnconfirmed {
    fn code(&self) -> &'static str {
        "fallback-unconfirmed"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let unconfirmed = case.classes.iter().filter(|class| {
            let consumer = class.consumer;
            let concerns = !consumer.fallback.is_empty() || consumer.is_fallback;
            concerns && !consumer.disabled && !is_confirmed(class)
        });
        unconfirmed.map(|class| finding(self, Some(class.id), claim(case, class))).collect()
    }
}

/// Where a direct class lacks its fresh success, `silent-consumer` or `exception-path-untested` says so. An
/// indirect class shows no version: there an undegraded success since the change stands for it.
fn is_confirmed(class: &ClassCase) -> bool {
    match class.consumer.usage {
        Use::Direct => true,
        Use::Indirect => class.tries.iter().any(|row| {
            row::is_success(row)
                && !row.degraded
                && row.basis == ClassBasis::Matched
                && row.last.earliest() >= class.ground.t0
                && class.is_in_place(row)
        }),
    }
}

fn claim(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    let role = if class.consumer.is_fallback { "is a fallback" } else { "has a fallback" };
    let last = row::latest(&class.tries).map(|row| row.last);
    Claim {
        summary: format!(
            "`{name}` {role}, and no undegraded success of it since {} shows that the path works",
            case.t0
        ),
        remedy: format!(
            "run `{name}` once without its fallback, or mark it `disabled` with a reason"
        ),
        cites: Cites::silence(case.searched(class))
            .and_rows(last)
            .and_plan(case.plan.place(class.consumer.site)),
    }
}
