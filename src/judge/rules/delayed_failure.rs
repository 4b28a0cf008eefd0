/*! `delayed-failure`: it worked after the change, then it was refused, and it has not recovered. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::{length, span, times};

use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{At, ClassBasis};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("delayed-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let worked = keep(&class.tries, |row| has_worked(class, row));
        let refused = keep(&failure::unhealed(class), |refused| {
            failure::own(refused, &worked).iter().any(|one| failure::is_earlier(one, refused))
        });
        let numbers = failure::numbers(class, &refused);
        let claim = claim(case, class, (&worked, &refused))?;
        let found = rule.finding(Some(class.id), claim);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..found })
    });
    findings.collect()
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
    // Of a group that began before the onset, at least one refusal does not belong to it.
    let before = refused.iter().filter(|row| row.first.latest() < first.latest()).count() as u64;
    let n = activity::count(refused).saturating_sub(before).max(1);
    let session = class.consumer.session_max.map_or_else(
        || "session_max is not declared".to_owned(),
        |session| format!("session_max is {}", length(session)),
    );
    Some(Claim {
        summary: format!(
            "`{}` was refused {} with {} {}{} and has not recovered; the first refusal came {} after its last success, \
             at {}, and {} after the change ({session})",
            class.name(),
            times(n),
            phrases::versions(case, refused),
            span(first.latest(), end),
            phrases::on(refused),
            length(delay),
            last.earliest(),
            length(first.latest() - case.introduced),
        ),
        remedy: format!(
            "if one of these times is close to session_max, an old session ran out: restart what `{}` keeps \
             open{}; if not, find out what changed at {}",
            class.name(),
            phrases::on(refused),
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
