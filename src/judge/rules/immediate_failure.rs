/*! `immediate-failure`: the new version was refused from the first attempt on, and it has not recovered. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::times;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("immediate-failure"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let refused = failure::sorted(class).from_start;
        let numbers = failure::numbers(class, &refused);
        let finding = rule.finding(Some(class.id), claim(case, class, &refused)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let on = phrases::on(refused);
    Some(Claim {
        summary: format!(
            "`{}` was refused {} with {} {}{on}, without an earlier success on the new version, and has not recovered",
            class.name(),
            times(activity::count(refused)),
            phrases::versions(case, refused),
            phrases::between(refused),
        ),
        remedy: format!(
            "compare the value, the account and the scope of the new version with what `{}` sends (the cited records may \
             name the error), fix it, and run it once{on}",
            class.name()
        ),
        cites: phrases::cites(refused)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::rules::delayed_failure;
    use crate::judge::tests::{RowBuilder, World, cited, h, hours, minutes, row};
    use crate::model::{Duration, Outcome, Refresh, Timestamp, VersionId};

    /// A pod with a generated name.
    const POD: &str = "web-7d4b9c6f5d-x2k9p";

    /// A second instance that is refused twice, and still there.
    fn refused() -> World {
        World::ready().put(row("w").refused().on("i2").count(2).between(h(80), h(81)))
    }

    /// An instance that is refused twice and then seen once more. The class has no success after the refusals.
    fn refused_last(instance: &str, at: Timestamp, seen: Timestamp) -> World {
        let world = World::ready().put(row("w").refused().on(instance).count(2).at(at));
        let world = world.present("w", instance, seen, seen);
        world.facts(|facts| {
            facts.activity.retain(|row| row.outcome != Outcome::Success || row.first.when.at < at);
        })
    }

    #[test]
    fn an_instance_that_never_worked_fires() {
        let finding = refused().fires(&RULE);
        assert_eq!(cited(&finding), [h(80), h(81)]);
        assert_eq!(
            finding.summary,
            "`w` was refused twice with `v2` from 2026-03-05T17:00:00Z to 2026-03-05T18:00:00Z on i2, without an earlier success on the new version, and has not recovered"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((2, 18)));
        World::ready().silent(&RULE);
    }

    #[test]
    fn an_instance_recovers_by_its_own_later_success_and_not_by_that_of_another() {
        refused().new_ok("w", "i2", h(82)).silent(&RULE);
        refused().new_ok("w", "i2", h(81)).fires(&delayed_failure::RULE);
        refused().put(row("w").on("i2").inferred().at(h(82))).fires(&RULE);
        refused().new_ok("w", "i3", h(82)).fires(&RULE);
    }

    #[test]
    fn a_success_in_another_log_source_within_the_skew_is_not_later() {
        let recovered = |at: Timestamp| {
            refused().stream("other", "w").put(row("w").stream("other").on("i2").at(at))
        };
        recovered(h(81) + minutes(1)).silent(&RULE);
        recovered(h(81) + minutes(1) - Duration(1)).fires(&RULE);
    }

    #[test]
    fn without_instances_any_later_success_of_the_class_is_a_recovery() {
        let world = |at| {
            let quiet = World::new().class("w").old("w", "", h(-6));
            quiet.put(row("w").refused().unversioned().on("").count(2).at(at)).new_ok(
                "w",
                "i1",
                h(91),
            )
        };
        world(h(91) - Duration(1)).silent(&RULE);
        world(h(91) + Duration(1)).silent(&RULE);
        world(h(91) + Duration(1)).fires(&delayed_failure::RULE);
        let never =
            World::new().class("w").old("w", "", h(-6)).put(row("w").refused().count(2).at(h(9)));
        never.fires(&RULE);
    }

    #[test]
    fn only_refusals_of_this_credential_since_the_change_count() {
        let on = |row: RowBuilder| World::ready().put(row.refused().on("i2").count(2).at(h(80)));
        on(row("w").unversioned()).fires(&RULE);
        on(row("w").ambiguous()).fires(&RULE);
        on(row("w").old()).silent(&RULE);
        on(row("w").foreign()).silent(&RULE);
        on(row("w").novel()).silent(&RULE);
        let at = |at| World::ready().put(row("w").unversioned().refused().on("i2").count(2).at(at));
        // Boundary: at the change and at the instant of the report, and a microsecond outside.
        at(h(0)).present("w", "i2", h(90), h(90)).fires(&RULE);
        at(h(0) - Duration(1)).present("w", "i2", h(90), h(90)).silent(&RULE);
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn three_successes_of_the_class_are_enough_for_an_instance_that_is_gone() {
        let after = |n: i64| {
            let dead = refused_last("i2", h(40), h(72) - Duration(1));
            (0..n).fold(dead, |world, n| world.new_ok("w", "i1", h(80 + n)))
        };
        after(3).silent(&RULE);
        after(2).fires(&RULE);
        after(2).consumer("w", |c| c.refresh = Some(Refresh::PerRun)).silent(&RULE);
        after(0).consumer("w", |c| c.refresh = Some(Refresh::PerRun)).fires(&RULE);
        let living = refused_last("i2", h(40), h(72));
        (0..9).fold(living, |world, n| world.new_ok("w", "i1", h(80 + n))).fires(&RULE);
    }

    #[test]
    fn in_a_group_that_began_before_the_refusal_one_success_is_later() {
        let dead = refused_last("i2", h(40), h(41));
        let group = |from| row("w").on("i1").aggregated().count(9).between(from, h(41));
        dead.clone().put(group(h(40) + Duration(1))).silent(&RULE);
        dead.put(group(h(40))).fires(&RULE);
    }

    #[test]
    fn an_instance_with_a_generated_name_is_replaced_after_an_hour_without_a_record() {
        let seen_last = |at: Timestamp| {
            let world = refused_last(POD, h(90), at);
            (0..3).fold(world, |world, n| world.new_ok("w", "i1", h(93 + n)))
        };
        seen_last(h(91) + Duration(1)).silent(&RULE);
        seen_last(h(91)).fires(&RULE);
        let named = refused_last("i2", h(90), h(90));
        (0..3).fold(named, |world, n| world.new_ok("w", "i1", h(93 + n))).fires(&RULE);
    }

    #[test]
    fn a_single_young_attempt_is_not_judged_yet() {
        let once = |at| World::ready().put(row("w").refused().on("i2").at(at));
        once(h(96) - hours(18)).fires(&RULE);
        once(h(96) - hours(18) + Duration(1)).silent(&RULE);
        once(h(90)).put(row("w").refused().on("i3").at(h(91))).fires(&RULE);
        let unlearned = World::new().class("w").old("w", "i1", h(-6)).new_ok("w", "i1", h(50));
        unlearned.put(row("w").refused().on("i2").at(h(95))).fires(&RULE);
    }

    #[test]
    fn a_success_through_a_fallback_is_no_recovery_and_no_earlier_success() {
        let degraded = |at| refused().put(row("w").degraded().on("i2").at(at));
        degraded(h(82)).fires(&RULE);
        degraded(h(79)).fires(&RULE);
        degraded(h(79)).silent(&delayed_failure::RULE);
    }

    #[test]
    fn the_version_that_was_refused_must_work_itself() {
        let version = |row: RowBuilder, id: u16| {
            let mut row = row;
            row.cells.version = Some(VersionId(id));
            row
        };
        let other = || refused().put(version(row("w").on("i2").at(h(82)), 2));
        other().fires(&RULE);
        other().put(row("w").on("i2").at(h(83))).silent(&RULE);
        // Nobody tries a second new version any more.
        let left = |at| World::ready().put(version(row("w").refused().on("i1").count(2).at(at), 2));
        left(h(48)).fires(&RULE);
        left(h(47)).silent(&RULE);
    }

    #[test]
    fn an_indirect_class_recovers_by_any_success_and_a_disabled_one_is_not_judged() {
        let indirect = || refused().indirect("w");
        indirect().fires(&RULE);
        indirect().put(row("w").unversioned().on("i2").at(h(82))).silent(&RULE);
        refused().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
