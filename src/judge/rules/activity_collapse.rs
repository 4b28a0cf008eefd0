/*! `activity-collapse`: a consumer does far less in the window than it ever did before the change. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::wording::{count, length_up, number, span};

use crate::judge::volume_test::{self, Collapse, LearnedFrom};
use crate::model::At;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("activity-collapse"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let level = case.level(class);
        let collapse = volume_test::collapse(class, case.facts, level)?;
        let finding = rule.finding(Some(class.id), claim(case, class, &collapse));
        let expected = whole(collapse.expected);
        let numbers = Numbers { n: collapse.count, of: expected, p: Some(collapse.p) };
        // Nobody knows how quiet its weekends are.
        let severity = if collapse.has_new_weekend { Severity::Advises } else { rule.severity };
        Some(Finding { total: collapse.count, numbers: Some(numbers), severity, ..finding })
    });
    findings.collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, rounded")]
fn whole(expected: f64) -> u64 {
    expected.round() as u64
}

fn claim(case: &Case, class: &ClassCase, collapse: &Collapse) -> Claim {
    let (name, window) = (class.name(), case.window);
    let rows = collapse.tries.iter().flat_map(|row| [row.first, row.last]);
    let usual: Vec<At> = class.baseline.last().map(|row| row.last).into_iter().collect();
    let expected = number(whole(collapse.expected));
    let before = match collapse.learned_from {
        LearnedFrom::Stretch => format!(
            "before the change, it never made fewer than {expected} in a logged stretch of that length"
        ),
        LearnedFrom::Rate(time) => format!(
            "at the rate of the {} that were logged before the change, {expected} were to be expected",
            length_up(time)
        ),
    };
    let weekend = if collapse.has_new_weekend { ", none of it on a weekend, as now" } else { "" };
    Claim {
        summary: format!(
            "`{name}` made {} {}; {before}{weekend}",
            count(collapse.count, "attempt"),
            span(window.from, window.to),
        ),
        remedy: format!(
            "find where the rest of `{name}` went (a missing log, a stopped instance, work that uses another credential), \
             and fetch that log, or say in a waiver why it does less"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(rows.chain(usual)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, h, minutes, row};
    use crate::model::Timestamp;
    use crate::model::decision::Verdict;
    use crate::model::finding::Severity;

    /// A class that used old every hour for two weeks, and new every `every` hours from the change on.
    fn since(every: usize) -> World {
        let before =
            (-336..0).fold(World::new().class("w"), |world, n| world.old("w", "i1", at_half(n)));
        (0..96).step_by(every).fold(before, |world, n| world.new_ok("w", "i1", at_half(n)))
    }

    fn at_half(hour: i64) -> Timestamp {
        h(hour) + minutes(30)
    }

    #[test]
    fn under_half_of_the_smallest_count_fires() {
        let finding = since(4).fires(&RULE);
        let numbers = finding.numbers.expect("a test was made");
        assert_eq!((numbers.n, numbers.of), (12, 48));
        assert!(numbers.p.is_some_and(|p| p < 1e-6));
        assert_eq!(
            finding.summary,
            "`w` made 12 attempts from 2026-03-04T09:00:00Z to 2026-03-06T09:00:00Z; before the change, it never made fewer than 48 in a logged stretch of that length"
        );
        assert!(finding.waivable.is_waivable());
        assert_eq!(since(4).verdict(), Verdict::Inconclusive);
        since(1).silent(&RULE);
        // Half of it is not under half.
        since(2).silent(&RULE);
        since(3).fires(&RULE);
    }

    #[test]
    fn a_baseline_shorter_than_the_window_is_cited_by_its_rate() {
        // Logged for 12 hours before the change, with 24 attempts: 96 in 48 hours.
        let world = World::new().class("w").hole("w", h(-337), h(-12));
        let before =
            (0..24).fold(world, |world, n| world.old("w", "i1", h(-12) + minutes(15 + 30 * n)));
        let since = (0..96).step_by(4).fold(before, |world, n| world.new_ok("w", "i1", at_half(n)));
        let finding = since.fires(&RULE);
        assert_eq!(
            finding.summary,
            "`w` made 12 attempts from 2026-03-04T09:00:00Z to 2026-03-06T09:00:00Z; at the rate of the 12 h that were logged before the change, 96 were to be expected"
        );
    }

    #[test]
    fn attempts_that_may_not_be_its_own_do_not_count() {
        let with =
            |row: fn() -> RowBuilder| (48..96).fold(since(4), |world, n| world.put(row().at(h(n))));
        with(|| row("w")).silent(&RULE);
        with(|| row("w").unversioned()).silent(&RULE);
        with(|| row("w").foreign()).fires(&RULE);
        with(|| row("w").ambiguous()).fires(&RULE);
        // Attempts before the window do not count.
        let outside = (0..40).fold(since(4), |world, n| world.put(row("w").at(h(n))));
        outside.fires(&RULE);
    }

    #[test]
    fn a_quiet_weekend_is_in_the_smallest_count() {
        let mut world = World::new().class("w");
        for n in -336..0 {
            if !(-200..-150).contains(&n) {
                world = world.old("w", "i1", at_half(n));
            }
        }
        world.new_ok("w", "i1", h(90)).silent(&RULE);
    }

    #[test]
    fn a_stretch_that_is_not_logged_does_not_count() {
        let mut world = World::new().class("w").hole("w", h(-200), h(-150));
        for n in -336..0 {
            if !(-200..-150).contains(&n) {
                world = world.old("w", "i1", at_half(n));
            }
        }
        world.new_ok("w", "i1", h(90)).fires(&RULE);
    }

    #[test]
    fn ten_must_be_expected() {
        let of = |n: i64| {
            let every = 48 * 60 / n;
            let world = (0..7 * n).fold(World::new().class("w"), |world, i| {
                world.old("w", "i1", h(0) - minutes(every * i) - minutes(1))
            });
            world.facts(|_| ())
        };
        // Boundary: ten attempts are to be expected, and nine.
        of(10).fires(&RULE);
        of(9).silent(&RULE);
    }

    #[test]
    fn a_baseline_shorter_than_the_window_gives_its_rate() {
        let short = |from: i64| {
            let world = (from..0)
                .fold(World::new().class("w").hole("w", h(-337), h(from)), |world, n| {
                    world.old("w", "i1", at_half(n))
                });
            world.new_ok("w", "i1", h(90))
        };
        let finding = short(-24).fires(&RULE);
        assert_eq!(finding.numbers.expect("a test").of, 48, "24 in a day");
        let said =
            "; at the rate of the 24 h that were logged before the change, 48 were to be expected";
        assert!(finding.summary.ends_with(said), "{}", finding.summary);
    }

    #[test]
    fn a_first_weekend_advises() {
        // The window reaches from Saturday to Monday. Before the change, the weekend is not logged up to this hour.
        let logged_from = |from: i64| {
            let world = World::new().class("w").hole("w", h(-337), h(-165));
            let world = world.hole("w", h(-60), h(from)).judged_at(h(168));
            let hours = (-164..-60).chain(from..0);
            let before = hours.fold(world, |world, n| world.old("w", "i1", at_half(n)));
            before.new_ok("w", "i1", h(160))
        };
        let finding = logged_from(-9).fires(&RULE);
        assert_eq!(finding.severity, Severity::Advises);
        assert!(finding.summary.ends_with(", none of it on a weekend, as now"));
        assert_eq!(logged_from(-10).fires(&RULE).severity, Severity::Withholds);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        since(4).indirect("w").silent(&RULE);
        since(4).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
