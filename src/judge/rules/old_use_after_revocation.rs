/*! `old-use-after-revocation`: after the old version was revoked, a consumer still used it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::phrases;
use crate::wording::{list, number, times};

use crate::model::Timestamp;
use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::{Action, Item};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("old-use-after-revocation"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::Never,
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let Some(revoked) = case.revoked else {
        return Vec::new();
    };
    let findings = case.classes.iter().filter_map(|class| {
        let all: Vec<&Activity> = class.tries.iter().chain(&class.after).copied().collect();
        let since = keep(&all, |row| row.kind.is_try() && row.last.latest() >= revoked);
        let old = keep(&since, activity::is_old_use);
        let (n, of) = (activity::count(&old), activity::count(&since));
        let found = rule.finding(Some(class.id), claim(case, class, (revoked, &old))?);
        Some(Finding {
            total: n,
            numbers: Some(Numbers { n, of, unit: Unit::Attempt, p: None }),
            ..found
        })
    });
    findings.collect()
}

fn claim(
    case: &Case,
    class: &ClassCase,
    (revoked, old): (Timestamp, &[&Activity]),
) -> Option<Claim> {
    let name = class.name();
    let worked = activity::count(&keep(old, activity::is_success));
    let success = match worked {
        0 => "no success is logged".to_owned(),
        n if n == activity::count(old) => "with success".to_owned(),
        n => format!("{} with success", number(n)),
    };
    let effects = &class.consumer.effects;
    let at_risk = if effects.is_empty() {
        "no effects declared".to_owned()
    } else {
        format!("at risk: {}", list(effects))
    };
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} after its revocation at {revoked}: {}{}; {success} ({at_risk})",
            phrases::versions(case, old),
            times(activity::count(old)),
            phrases::between(old),
            phrases::on(old),
        ),
        remedy: if worked > 0 {
            format!(
                "find where the old version was not revoked, since it still works there, and move `{name}`"
            )
        } else {
            format!(
                "move `{name}` to the new version now, and repair what its failed work left undone"
            )
        },
        cites: phrases::cites(old)?,
    })
}
