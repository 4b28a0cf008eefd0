/*! `fallback-unconfirmed`: a class that has, or is, a fallback was not seen to work without it. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::Use;
use crate::model::finding::{Cites, Finding, Severity};

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
/// indirect class shows no version: there an undegraded success that is as young stands for it.
fn is_confirmed(class: &ClassCase) -> bool {
    class.consumer.usage == Use::Direct || !class.proofs().is_empty()
}

fn claim(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    let role = if class.consumer.is_fallback { "is a fallback" } else { "has a fallback" };
    let last = activity::latest(&class.tries).map(|row| row.last);
    Claim {
        summary: format!(
            "`{name}` {role}, and no recent undegraded success of it since {} shows that the path works",
            case.introduced
        ),
        remedy: format!(
            "run `{name}` once without its fallback, or mark it `disabled` with a reason"
        ),
        cites: Cites::silence(case.searched(class))
            .and_rows(last)
            .and_plan(case.plan.place(class.consumer.site)),
    }
}
