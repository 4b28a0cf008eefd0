/*! `fallback-degradation`: work goes through the fallback, and more of it than before. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::judge::share_test::{self, DEGRADED};
use crate::wording::{count, list, number, percent};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{ClassBasis, State};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("fallback-degradation"),
    severity: Severity::Blocks,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let (claim, numbers) =
            all_degraded(case, class).or_else(|| more_degraded(rule, case, class))?;
        let finding = rule.finding(Some(class.id), claim);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// Did every success since the change use the fallback? A single success is enough. Successes on the old version do not
/// count.
fn all_degraded(case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let worked =
        keep(&class.tries, |row| activity::is_success(row) && share_test::counts_either_way(row));
    let degraded = keep(&worked, |row| row.degraded && row.last.latest() >= case.introduced);
    let counts = |row: &Activity| {
        !row.degraded
            && (DEGRADED.is_compared)(row)
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
    let before = share_test::shares(class, &DEGRADED).before;
    let claim = Claim {
        summary: format!(
            "{} of `{}` since the change{but} went through its fallback, {}; before the change, {} of {} did",
            if n == 1 {
                "the only success".to_owned()
            } else {
                format!("all {} successes", number(n))
            },
            class.name(),
            phrases::between(&degraded),
            number(before.n),
            count(before.of, "attempt"),
        ),
        remedy: remedy(class),
        cites: phrases::cites(&degraded)?,
    };
    Some((claim, Numbers { n, of: n + activity::count(&others), p: None }))
}

/// Which successes without the fallback do not count, and why.
fn left_out(class: &ClassCase, others: &[&Activity]) -> String {
    let (old, rest): (Vec<&Activity>, Vec<&Activity>) =
        others.iter().partition(|row| row.state == State::Old);
    let (elsewhere, shared): (Vec<&Activity>, Vec<&Activity>) =
        rest.into_iter().partition(|row| !class.is_in_place(row));
    let parts = [
        (activity::count(&old), "on the old version"),
        (activity::count(&elsewhere), "in another environment"),
        (activity::count(&shared), "that also match another consumer"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, why)| format!("{} {why}", number(*n)))
        .collect();
    if parts.is_empty() { String::new() } else { format!(" (apart from {})", list(&parts)) }
}

/// Is the share that used the fallback larger than chance explains?
fn more_degraded(rule: &Rule, case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let excess = share_test::excess(class, &DEGRADED, case.level(class))?;
    let after = excess.shares.after;
    let claim = Claim {
        summary: format!(
            "{} of {} of `{}` ({}) went through its fallback, {}; {}",
            number(after.n),
            count(after.of, "attempt"),
            class.name(),
            percent(after.n, after.of),
            phrases::between(&excess.shares.bad),
            phrases::before(&excess, " did"),
        ),
        remedy: format!("{}{}", remedy(class), phrases::unless_waived(&excess, rule.code)),
        cites: phrases::cites(&excess.shares.bad)?,
    };
    Some((claim, Numbers { n: after.n, of: after.of, p: excess.p }))
}

fn remedy(class: &ClassCase) -> String {
    format!(
        "find out why `{}` leaves its primary path (most often its credential is refused), fix it, and run it once \
         without the fallback",
        class.name()
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::Duration;

    /// Two weeks of old use, then nothing.
    fn moved() -> World {
        (-56..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n * 6)))
    }

    #[test]
    fn one_degraded_success_is_enough_if_there_is_no_other() {
        let finding = moved().put(row("w").degraded().at(h(90))).fires(&RULE);
        assert_eq!(cited(&finding), [h(90)]);
        assert_eq!(
            finding.summary,
            "the only success of `w` since the change went through its fallback, at 2026-03-06T03:00:00Z; before the change, 0 of 56 attempts did"
        );
        assert!(finding.waivable.is_waivable());
        moved().silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn the_time_since_the_change_includes_both_ends() {
        let at = |at| moved().put(row("w").degraded().unversioned().at(at));
        // Boundary: at the change and at the instant of the report, and a microsecond outside.
        at(h(0)).fires(&RULE);
        at(h(0) - Duration(1)).silent(&RULE);
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn a_success_without_the_fallback_helps_if_it_counts() {
        let world = || moved().put(row("w").degraded().at(h(90)));
        world().put(row("w").at(h(2))).silent(&RULE);
        world().put(row("w").unversioned().at(h(0))).silent(&RULE);
        let on_old = world().put(row("w").old().at(h(2))).fires(&RULE);
        assert!(on_old.summary.contains("since the change (apart from 1 on the old version"));
        world().put(row("w").ambiguous().at(h(2))).fires(&RULE);
        world().put(row("w").foreign().at(h(2))).fires(&RULE);
        let placed = world().consumer("w", |c| c.environments = vec!["prod".to_owned()]);
        placed.clone().put(row("w").env("test").at(h(2))).fires(&RULE);
        placed.put(row("w").env("prod").at(h(2))).silent(&RULE);
    }

    #[test]
    fn a_larger_share_than_chance_explains_fires() {
        let bad = |n: i64| {
            (0..n).fold(World::ready(), |world, n| world.put(row("w").degraded().at(h(60 + n))))
        };
        bad(2).silent(&RULE);
        let finding = bad(8).fires(&RULE);
        assert_eq!(cited(&finding).len(), 8);
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of), (8, 24));
        assert!(numbers.p.is_some_and(|p| p < 0.005));
        assert!(
            finding
                .summary
                .starts_with("8 of 24 attempts of `w` (33.3 %) went through its fallback")
        );
    }

    #[test]
    fn an_indirect_class_is_judged_and_a_disabled_one_is_not() {
        let world = moved().put(row("w").unversioned().degraded().at(h(90)));
        world.clone().indirect("w").fires(&RULE);
        world.consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
