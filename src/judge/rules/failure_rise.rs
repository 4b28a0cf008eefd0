/*! `failure-rise`: more of the work fails than before, and the logs do not say why. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::judge::share_test::{self, Excess, FAILED};
use crate::wording::{count, number, percent};

use crate::model::finding::{Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("failure-rise"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let excess = share_test::excess(class, &FAILED, case.level(class))?;
        let after = excess.shares.after;
        let numbers = Numbers { n: after.n, of: after.of, p: excess.p };
        let finding = rule.finding(Some(class.id), claim(rule, class, &excess)?);
        Some(Finding { total: after.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

fn claim(rule: &Rule, class: &ClassCase, excess: &Excess) -> Option<Claim> {
    let shares = &excess.shares;
    let (after, name) = (shares.after, class.name());
    Some(Claim {
        summary: format!(
            "{} of {} of `{name}` ({}) failed, {}, for reasons that the logs do not give; {}",
            number(after.n),
            count(after.of, "attempt"),
            percent(after.n, after.of),
            phrases::between(&shares.bad),
            phrases::before(excess, " failed"),
        ),
        remedy: format!(
            "find out why `{name}` fails (a refused credential can show as a timeout), and fix it or show that something \
             else is the cause{}",
            phrases::unless_waived(excess, rule.code)
        ),
        cites: phrases::cites(&shares.bad)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, cited, h, row};
    use crate::model::Outcome;
    use crate::model::decision::Verdict;

    fn failed() -> RowBuilder {
        row("w").outcome(Outcome::Failure)
    }

    /// A ready class with this many of these rows, in different hours.
    fn bad(n: i64, row: impl Fn() -> RowBuilder) -> World {
        (0..n).fold(World::ready(), |world, n| world.put(row().at(h(60 + n))))
    }

    #[test]
    fn a_baseline_that_is_too_small_says_so_and_names_the_waiver() {
        let failing = |world: World| {
            (0..8)
                .fold(world, |world, n| world.put(row("w").outcome(Outcome::Failure).at(h(60 + n))))
        };
        let few = (0..9).fold(World::new().class("w"), |world, n| world.old("w", "i1", h(n - 20)));
        let finding = failing(few).fires(&RULE);
        let end = "; only 9 attempts before the change: too few to compare";
        assert!(finding.summary.ends_with(end), "{}", finding.summary);
        assert!(finding.remedy.ends_with("in a waiver of `failure-rise`"), "{}", finding.remedy);
        let finding = failing(World::new().class("w")).fires(&RULE);
        let end = "; no attempts before the change: nothing to compare with";
        assert!(finding.summary.ends_with(end), "{}", finding.summary);
    }

    #[test]
    fn a_larger_share_than_chance_explains_fires() {
        let finding = bad(8, failed).fires(&RULE);
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of, cited(&finding).len()), (8, 24, 8));
        assert!(numbers.p.is_some_and(|p| p < 0.003));
        assert_eq!(
            finding.summary,
            "8 of 24 attempts of `w` (33.3 %) failed, from 2026-03-04T21:00:00Z to 2026-03-05T04:00:00Z, for reasons that the logs do not give; before the change, 0 of 56 failed (0.0 %)"
        );
        assert!(finding.waivable.is_waivable());
        assert_eq!(bad(8, failed).verdict(), Verdict::Inconclusive);
        bad(2, failed).silent(&RULE);
    }

    #[test]
    fn failures_that_were_as_frequent_before_are_no_rise() {
        let before =
            |n| (1..=n).fold(bad(8, failed), |world, n| world.put(failed().old().at(h(-7 * n))));
        before(30).silent(&RULE);
        before(1).fires(&RULE);
    }

    #[test]
    fn a_refusal_disguised_as_a_timeout_without_a_version_counts() {
        bad(8, || failed().unversioned()).fires(&RULE);
        // A value that nobody knew before may be a mistyped new one.
        bad(8, || failed().novel()).fires(&RULE);
        // Another credential was known before, so its failures do not come from this change.
        bad(8, || failed().foreign()).silent(&RULE);
        bad(8, || failed().old()).silent(&RULE);
        bad(8, || row("w").refused()).silent(&RULE);
    }

    #[test]
    fn one_bad_hour_is_not_enough_and_three_are() {
        let hours = |hours: i64| {
            (0..9).fold(World::ready(), |world, n| world.put(failed().at(h(60 + n % hours))))
        };
        // Boundary: failures in two hours, and in three.
        hours(2).silent(&RULE);
        hours(3).fires(&RULE);
    }

    #[test]
    fn an_indirect_class_is_judged_and_a_disabled_one_is_not() {
        bad(8, failed).indirect("w").fires(&RULE);
        bad(8, failed).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
