/*! `permission-loss`: the new version is accepted, but it is permitted less. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::judge::share_test::{self, Excess};
use crate::wording::{count, number, percent};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::ledger::Share;
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("permission-loss"),
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
        let lost = all_denied(class).or_else(|| more_denied(rule, case, class))?;
        let numbers = Numbers { n: lost.after.n, of: lost.after.of, p: lost.p };
        let finding = rule.finding(Some(class.id), claim(case, class, &lost)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// The attempts that are denied now, and how many were before.
struct Denials<'a> {
    denied: Vec<&'a Activity>,
    after: Share,
    p: Option<f64>,
    /// How it was before the change, and what to do if it was no better.
    baseline: (String, String),
}

/// Are all attempts with the new version since the change denied? A single attempt is enough. An indirect class shows
/// no version, so all its attempts count.
fn all_denied<'a>(class: &ClassCase<'a>) -> Option<Denials<'a>> {
    let compared = share_test::denied(class);
    let new = keep(&class.tries, |row| {
        (compared.is_compared)(row) && row.last.latest() >= class.times.introduced
    });
    let denied = keep(&new, compared.is_bad);
    let of = activity::count(&new);
    let after = Share { n: activity::count(&denied), of };
    let before = share_test::shares(class, &compared).before;
    let usual = format!(
        "before the change, {} of {} ({})",
        number(before.n),
        number(before.of),
        percent(before.n, before.of)
    );
    let baseline = (usual, String::new());
    (after.n == of && of > 0).then_some(Denials { denied, after, p: None, baseline })
}

/// Is the denied share larger than chance explains?
fn more_denied<'a>(rule: &Rule, case: &Case, class: &ClassCase<'a>) -> Option<Denials<'a>> {
    let excess = share_test::excess(class, &share_test::denied(class), case.level(class))?;
    let baseline = (phrases::before(&excess, ""), phrases::unless_waived(&excess, rule.code));
    let Excess { shares, p } = excess;
    Some(Denials { denied: shares.bad, after: shares.after, p, baseline })
}

fn claim(case: &Case, class: &ClassCase, lost: &Denials) -> Option<Claim> {
    let (after, (before, unless)) = (lost.after, &lost.baseline);
    Some(Claim {
        summary: format!(
            "{} of {} of `{}`{} ({}) {} not permitted, {}; {before}",
            number(after.n),
            count(after.of, "attempt"),
            class.name(),
            with(case, class, &lost.denied),
            percent(after.n, after.of),
            if after.n == 1 { "was" } else { "were" },
            phrases::between(&lost.denied),
        ),
        remedy: format!(
            "compare scopes, roles and network rules of both versions, and grant the new one what `{}` needs{unless}",
            class.name()
        ),
        cites: phrases::cites(&lost.denied)?,
    })
}

/// ` with v2`; nothing for an indirect class, which shows no version.
fn with(case: &Case, class: &ClassCase, denied: &[&Activity]) -> String {
    if !class.is_direct {
        return String::new();
    }
    format!(" with {}", phrases::versions(case, denied))
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
    fn one_denied_attempt_is_enough_if_there_is_no_other() {
        let finding = moved().put(row("w").denied().at(h(90))).fires(&RULE);
        assert_eq!(cited(&finding), [h(90)]);
        assert_eq!(
            finding.summary,
            "1 of 1 attempt of `w` with `v2` (100.0 %) was not permitted, at 2026-03-06T03:00:00Z; before the change, 0 of 56 (0.0 %)"
        );
        assert!(finding.waivable.is_waivable());
        moved().silent(&RULE);
    }

    #[test]
    fn the_time_since_the_change_includes_both_ends() {
        let at = |at| moved().put(row("w").denied().at(at));
        // Boundary: at the change and at the instant of the report, and a microsecond outside.
        at(h(0)).fires(&RULE);
        at(h(0) - Duration(1)).silent(&RULE);
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn only_attempts_with_the_new_version_count() {
        let denied = || moved().put(row("w").denied().at(h(90)));
        denied().put(row("w").at(h(2))).silent(&RULE);
        denied().put(row("w").refused().at(h(2))).silent(&RULE);
        denied().put(row("w").unversioned().at(h(2))).fires(&RULE);
        denied().put(row("w").inferred().at(h(2))).fires(&RULE);
        denied().put(row("w").old().at(h(2))).fires(&RULE);
        moved().put(row("w").unversioned().denied().at(h(90))).silent(&RULE);
        moved().put(row("w").old().denied().at(h(90))).silent(&RULE);
    }

    #[test]
    fn a_larger_share_than_chance_explains_fires() {
        let bad = |n: i64| {
            (0..n).fold(World::ready(), |world, n| world.put(row("w").denied().at(h(60 + n))))
        };
        bad(2).silent(&RULE);
        let finding = bad(8).fires(&RULE);
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of, cited(&finding).len()), (8, 24, 8));
        assert!(numbers.p.is_some_and(|p| p < 0.005));
    }

    #[test]
    fn an_indirect_class_is_judged_by_all_its_attempts_and_a_disabled_one_is_not() {
        let world = moved().put(row("w").denied().at(h(90)));
        let indirect = world.clone().indirect("w");
        assert!(indirect.fires(&RULE).summary.starts_with("1 of 1 attempt of `w` (100.0 %) was"));
        indirect.put(row("w").unversioned().at(h(91))).silent(&RULE);
        world.consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
