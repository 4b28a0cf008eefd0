/*! `ambiguous-attribution`: too many tries match two classes, or the class's only proof does. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::words::{percent, plural, share};
use crate::model::ClassBasis;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Finding, Numbers, Severity};

/// Above this share of the class's tries ambiguity is too much.
const SHARE_MAX: f64 = 0.05;

/// The rule.
pub(super) struct AmbiguousAttribution;

impl Rule for AmbiguousAttribution {
    fn code(&self) -> &'static str {
        "ambiguous-attribution"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let asked = case.classes.iter().filter(|class| !class.consumer.disabled);
        let findings = asked.filter_map(|class| {
            let tries = class.in_window();
            let shared = keep(&tries, |row| row.basis == ClassBasis::Ambiguous);
            let (n, of) = (activity::count(&shared), activity::count(&tries));
            let is_unproven = class.is_judged() && class.fresh.is_none();
            if n == 0 || !(share(n, of) > SHARE_MAX || is_unproven) {
                return None;
            }
            let found = finding(self, Some(class.id), claim(class, &shared, (n, of))?);
            Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..found })
        });
        findings.collect()
    }
}

fn claim(class: &ClassCase, shared: &[&Activity], (n, of): (u64, u64)) -> Option<Claim> {
    let name = class.name();
    let first = activity::earliest(shared)?.first;
    let proof = if class.is_judged() && class.fresh.is_none() {
        ", and it has no fresh success of its own"
    } else {
        ""
    };
    Some(Claim {
        summary: format!(
            "{} of `{name}` in the window ({} of {of}) {} another class too{proof}",
            plural(n, "try", "tries"),
            percent(n, of),
            if n == 1 { "matches" } else { "match" },
        ),
        remedy: format!("narrow `match` so that each record of `{name}` fits one class"),
        cites: Cites::rows(first, shared.iter().flat_map(|row| [row.first, row.last])),
    })
}
