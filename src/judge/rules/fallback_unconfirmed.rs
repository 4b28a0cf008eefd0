/*! `fallback-unconfirmed`: a consumer that has, or is, a fallback has not been seen working without it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::Use;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("fallback-unconfirmed"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::FallbackConfirmedOrDisabled],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unconfirmed = case.classes.iter().filter(|class| {
        let consumer = class.consumer;
        let concerns = !consumer.fallback.is_empty() || consumer.is_fallback;
        concerns && !consumer.disabled && !is_confirmed(class)
    });
    unconfirmed.map(|class| rule.finding(Some(class.id), claim(case, class))).collect()
}

/// Where a direct class has no fresh success, `silent-consumer` or `exception-path-untested` says so. An indirect
/// class shows no version: a recent success without the fallback is its proof.
fn is_confirmed(class: &ClassCase) -> bool {
    class.consumer.usage == Use::Direct || !class.proofs().is_empty()
}

fn claim(case: &Case, class: &ClassCase) -> Claim {
    let name = class.name();
    let (role, success, part) = if class.consumer.is_fallback {
        ("is a fallback", "recent success", "it")
    } else {
        ("has a fallback", "recent success without it", "its primary path")
    };
    let last = activity::latest(&class.tries).map(|row| row.last);
    Claim {
        summary: format!(
            "`{name}` {role}, and no {success} since {} shows that {part} works",
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
