/*! `old-use-after-revocation`: after the old version was revoked, somebody still presented it. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::judge::words::list;
use crate::model::Timestamp;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};

/// The rule.
pub(super) struct OldUseAfterRevocation;

impl Rule for OldUseAfterRevocation {
    fn code(&self) -> &'static str {
        "old-use-after-revocation"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let Some(revoked) = case.revoked else {
            return Vec::new();
        };
        let findings = case.classes.iter().filter_map(|class| {
            let all: Vec<&Activity> = class.tries.iter().chain(&class.after).copied().collect();
            let since = keep(&all, |row| row.kind.is_try() && row.last.latest() >= revoked);
            let old = keep(&since, activity::is_old_use);
            let (n, of) = (activity::count(&old), activity::count(&since));
            let found = finding(self, Some(class.id), claim(case, class, (revoked, &old))?);
            Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..found })
        });
        findings.collect()
    }
}

fn claim(
    case: &Case,
    class: &ClassCase,
    (revoked, old): (Timestamp, &[&Activity]),
) -> Option<Claim> {
    let name = class.name();
    let worked = activity::count(&keep(old, activity::is_success));
    let effects = &class.consumer.effects;
    let at_risk = if effects.is_empty() {
        "no effects declared".to_owned()
    } else {
        format!("at risk: {}", list(effects))
    };
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} after its revocation at {revoked}: {}{}; {worked} of these succeeded ({at_risk})",
            told::versions(case, old),
            told::times(activity::count(old)),
            told::between(old),
            told::on(old),
        ),
        remedy: if worked > 0 {
            format!(
                "the old version still works somewhere: find where it was not revoked, and move `{name}`"
            )
        } else {
            format!(
                "move `{name}` to the new version now, and repair what its refused work left undone"
            )
        },
        cites: told::cites(old)?,
    })
}
