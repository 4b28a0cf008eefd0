/*! `delayed-failure`: it worked after the change, then it was refused, and nothing healed it. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::told;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Finding, Severity};
use crate::model::{At, ClassBasis};

/// The rule.
pub(super) struct DelayedFailure;

impl Rule for DelayedFailure {
    fn code(&self) -> &'static str {
        "delayed-failure"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.judged().filter_map(|class| {
            let worked = keep(&class.tries, |row| has_worked(class, row));
            let refused = keep(&failure::unhealed(class), |refused| {
                failure::own(refused, &worked).iter().any(|one| failure::is_earlier(one, refused))
            });
            let numbers = failure::numbers(class, &refused);
            let claim = claim(case, class, (&worked, &refused))?;
            let found = finding(self, Some(class.id), claim);
            Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
        });
        findings.collect()
    }
}

/// Is it a success since the change, of this credential or with none shown? Degraded ones are successes too: what
/// worked through a fallback and is then refused did work before.
fn has_worked(class: &ClassCase, row: &Activity) -> bool {
    activity::is_success(row)
        && row.basis == ClassBasis::Matched
        && row.first.earliest() >= class.times.introduced
        && failure::is_of_plan(row)
}

fn claim(
    case: &Case,
    class: &ClassCase,
    (worked, refused): (&[&Activity], &[&Activity]),
) -> Option<Claim> {
    let (last, first) = onset(worked, refused)?;
    let delay = first.latest() - last.earliest();
    let end = activity::latest(refused)?.last.latest();
    // Of a group that began before the onset at least one refusal is no part of this.
    let before = refused.iter().filter(|row| row.first.latest() < first.latest()).count() as u64;
    let n = activity::count(refused).saturating_sub(before).max(1);
    let session = class.consumer.session_max.map_or_else(
        || "session_max is not declared".to_owned(),
        |session| format!("session_max is {}", session.hours_minutes()),
    );
    Some(Claim {
        summary: format!(
            "`{}` was refused {} with {} {}{}, {} after its last success before that, at {}, and {} after the change ({session}), \
             and nothing healed it",
            class.name(),
            told::times(n),
            told::versions(case, refused),
            told::span(first.latest(), end),
            told::on(refused),
            delay.hours_minutes(),
            last.earliest(),
            (first.latest() - case.introduced).hours_minutes(),
        ),
        remedy: format!(
            "if one of these times is close to session_max, an old session ran out: restart what `{}` keeps \
             open{}; else find out what changed at {}",
            class.name(),
            told::on(refused),
            first.latest()
        ),
        cites: Cites::rows(
            last,
            std::iter::once(first).chain(refused.iter().flat_map(|row| [row.first, row.last])),
        ),
    })
}

/// The first refusal that follows a success of its own, after the last of these.
fn onset(worked: &[&Activity], refused: &[&Activity]) -> Option<(At, At)> {
    let pairs = refused.iter().flat_map(|failed| {
        let own = keep(&failure::own(failed, worked), |one| failure::is_earlier(one, failed));
        let good: Vec<At> = own.iter().flat_map(|row| [row.first, row.last]).collect();
        let bad = [failed.first, failed.last].into_iter();
        bad.flat_map(move |bad| good.clone().into_iter().map(move |good| (good, bad)))
    });
    pairs
        .filter(|(good, bad)| good.earliest() <= bad.latest())
        .min_by_key(|(good, bad)| (bad.latest(), std::cmp::Reverse(good.earliest()), bad.row))
}
