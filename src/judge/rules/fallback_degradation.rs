/*! `fallback-degradation`: work goes on through the weaker path, and more than it used to. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::share_test::{self, DEGRADED};
use crate::judge::told;
use crate::judge::words::{list, percent, plural};
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};
use crate::model::{ClassBasis, State};

/// The rule.
pub(super) struct FallbackDegradation;

impl Rule for FallbackDegradation {
    fn code(&self) -> &'static str {
        DEGRADED.rule
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn waivable(&self) -> bool {
        true
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let running = case.classes.iter().filter(|class| !class.consumer.disabled);
        let findings = running.filter_map(|class| {
            let (claim, numbers) = all(case, class).or_else(|| more(case, class))?;
            let found = finding(self, Some(class.id), claim);
            Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// Is every success since the change degraded? One is enough. Good work on the old version is no answer.
fn all(case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let worked =
        keep(&class.tries, |row| activity::is_success(row) && share_test::counts_either_way(row));
    let degraded = keep(&worked, |row| row.degraded && row.last.latest() >= case.introduced);
    let counts = |row: &Activity| {
        !row.degraded
            && (DEGRADED.is_looked_at)(row)
            && row.first.earliest() >= case.introduced
            && row.basis == ClassBasis::Matched
            && class.is_in_place(row)
    };
    if worked.iter().any(|row| counts(row)) {
        return None;
    }
    let n = activity::count(&degraded);
    let others = keep(&worked, |row| !row.degraded && row.first.earliest() >= case.introduced);
    let but = left_out(class, &others);
    let before = share_test::sides(class, &DEGRADED).before;
    let claim = Claim {
        summary: format!(
            "{} of `{}` since the change{but} went through its fallback, {}; before, {} of {} did",
            if n == 1 { "the only success".to_owned() } else { format!("all {n} successes") },
            class.name(),
            told::between(&degraded),
            before.n,
            plural(before.of, "try", "tries"),
        ),
        remedy: remedy(class),
        cites: told::cites(&degraded)?,
    };
    Some((claim, Numbers { n, of: n + activity::count(&others), p: None }))
}

/// Which good successes do not answer for it, and why.
fn left_out(class: &ClassCase, others: &[&Activity]) -> String {
    let (old, rest): (Vec<&Activity>, Vec<&Activity>) =
        others.iter().partition(|row| row.state == State::Old);
    let (elsewhere, shared): (Vec<&Activity>, Vec<&Activity>) =
        rest.into_iter().partition(|row| !class.is_in_place(row));
    let parts = [
        (activity::count(&old), "on the old version"),
        (activity::count(&elsewhere), "in another environment"),
        (activity::count(&shared), "that two classes match"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, why)| format!("{n} {why}")).collect();
    if parts.is_empty() { String::new() } else { format!(" (but for {})", list(&parts)) }
}

/// Is the degraded share larger than luck explains?
fn more(case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let excess = share_test::excess(class, &DEGRADED, case.tests)?;
    let (before, after) = (excess.sides.before, excess.sides.after);
    let claim = Claim {
        summary: format!(
            "{} of {} of `{}` ({}) went through its fallback, {}; before the change {} of {} ({})",
            after.n,
            plural(after.of, "try", "tries"),
            class.name(),
            percent(after.n, after.of),
            told::between(&excess.sides.bad),
            before.n,
            before.of,
            percent(before.n, before.of),
        ),
        remedy: remedy(class),
        cites: told::cites(&excess.sides.bad)?,
    };
    Some((claim, Numbers { n: after.n, of: after.of, p: excess.p }))
}

fn remedy(class: &ClassCase) -> String {
    format!(
        "find out why `{}` leaves its primary path (a refused credential is the commonest reason), mend it, and \
         let it succeed undegraded",
        class.name()
    )
}
