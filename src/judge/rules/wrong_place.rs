/*! `wrong-place`: the new version works, but only outside the environment of the consumer. */

use crate::judge::phrases;
use crate::wording::{list, times};
use std::collections::BTreeSet;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("wrong-place"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let unproven = case.judged().filter(|class| class.new_successes.is_empty());
    let findings = unproven.filter_map(|class| {
        let outside = keep(&class.tries, |row| is_outside(class, row));
        let finding = rule.finding(Some(class.id), claim(class, &outside)?);
        Some(Finding { total: activity::count(&outside), ..finding })
    });
    findings.collect()
}

/// A success with the new version since the change that does not count, only because of its environment.
fn is_outside(class: &ClassCase, row: &Activity) -> bool {
    activity::is_new_use(row)
        && activity::is_success(row)
        && row.last.earliest() >= class.times.introduced
        && !class.is_in_place(row)
}

fn claim(class: &ClassCase, outside: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let places: Vec<&str> = class.places.iter().flatten().copied().collect();
    let environments: BTreeSet<&str> =
        outside.iter().filter_map(|row| row.environment.as_deref()).collect();
    let environments: Vec<&str> = environments.into_iter().collect();
    let places = list(&places);
    Some(Claim {
        summary: format!(
            "`{name}` succeeded {} with the new version, {}, but only in {}, not in {places}",
            times(activity::count(outside)),
            phrases::between(outside),
            list(&environments),
        ),
        remedy: format!(
            "bring the new version to {places} and run `{name}` there once, or declare its `environments` in the plan"
        ),
        cites: phrases::cites(outside)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, cited, h, row};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    /// Two weeks of old use in production, and nothing since.
    fn world() -> World {
        (-56..0).fold(World::new().class("w"), |world, n| {
            world.put(row("w").old().on("i1").env("production").at(h(n * 6)))
        })
    }

    #[test]
    fn work_in_another_environment_alone_fires() {
        let staging = || world().put(row("w").env("staging").at(h(3)).count(2));
        let finding = staging().fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (2, vec![h(3)]));
        assert_eq!(
            finding.summary,
            "`w` succeeded twice with the new version, at 2026-03-02T12:00:00Z, but only in staging, not in production"
        );
        assert!(!finding.waivable.is_waivable());
        assert_eq!(staging().verdict(), Verdict::NotReady);
        world().silent(&RULE);
    }

    #[test]
    fn a_success_in_place_is_enough_and_a_refusal_there_is_not() {
        let staging = || world().put(row("w").env("staging").at(h(90)));
        staging().put(row("w").env("production").at(h(3))).silent(&RULE);
        // A row that names no environment is in place.
        staging().put(row("w").at(h(3))).silent(&RULE);
        staging().put(row("w").env("production").denied().at(h(91))).fires(&RULE);
        staging().put(row("w").env("production").unversioned().at(h(91))).fires(&RULE);
        staging().put(row("w").env("production").inferred().at(h(91))).fires(&RULE);
    }

    #[test]
    fn the_time_since_the_change_includes_both_ends() {
        let at = |at| world().put(row("w").env("staging").at(at));
        // Boundary: at the change and at the instant of the report, and a microsecond outside.
        at(h(0)).fires(&RULE);
        at(h(0) - Duration(1)).silent(&RULE);
        at(h(96)).fires(&RULE);
        at(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn only_sure_successes_with_the_new_version_count() {
        let put = |row: RowBuilder| world().put(row.env("staging").at(h(90)));
        put(row("w").refused()).silent(&RULE);
        put(row("w").unversioned()).silent(&RULE);
        put(row("w").inferred()).silent(&RULE);
        put(row("w").old()).silent(&RULE);
        put(row("w").ambiguous()).silent(&RULE);
    }

    #[test]
    fn the_plan_says_where_a_class_works() {
        let staging = || world().put(row("w").env("staging").at(h(90)));
        staging().consumer("w", |c| c.environments = vec!["staging".to_owned()]).silent(&RULE);
        staging().consumer("w", |c| c.environments = vec!["eu".to_owned()]).fires(&RULE);
        // If nothing says where it works, it works everywhere.
        let nowhere = World::new().class("w").old("w", "i1", h(-9));
        nowhere.put(row("w").env("staging").at(h(90))).silent(&RULE);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        let staging = world().put(row("w").env("staging").at(h(90)));
        staging.clone().indirect("w").silent(&RULE);
        staging.consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
