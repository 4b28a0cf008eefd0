/*! `exception-path-failure`: a path that is needed in an incident was tried and refused. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, ClockTime, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::times;

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("exception-path-failure"),
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
    let findings = running.filter(|class| class.is_exception()).filter_map(|class| {
        let refused = open(class);
        let numbers = failure::numbers(class, &refused);
        let finding = rule.finding(Some(class.id), claim(case, class, &refused)?);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

/// Refusals since the change, with any version or none, without a fresh success that surely came later.
fn open<'a>(class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let fresh = activity::ends(&class.proofs());
    keep(&class.tries, |row| {
        let refused = ClockTime::last_of(row);
        failure::is_refusal(row)
            && row.last.latest() >= class.times.introduced
            && !fresh.iter().any(|proof| proof.surely_after(refused, class.clocks))
    })
}

fn claim(case: &Case, class: &ClassCase, refused: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    Some(Claim {
        summary: format!(
            "exception path `{name}` was refused {} with {} {}{}, and no later success proves that it works",
            times(activity::count(refused)),
            phrases::versions(case, refused),
            phrases::between(refused),
            phrases::on(refused),
        ),
        remedy: format!(
            "relaunch `{name}` so that it takes the new version, run it once, and keep the record"
        ),
        cites: phrases::cites(refused)?,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{RowBuilder, World, cited, h, minutes, row};
    use crate::model::ledger::ExceptionTest;
    use crate::model::{Duration, PathKind, Timestamp};

    fn world() -> World {
        World::ready().consumer("w", |c| c.path = PathKind::Exception)
    }

    fn refused(at: Timestamp) -> World {
        world().put(row("w").refused().on("i2").at(at))
    }

    #[test]
    fn a_refusal_without_a_fresh_success_after_it_fires() {
        let finding = refused(h(92)).fires(&RULE);
        assert_eq!(cited(&finding), [h(92)]);
        assert_eq!(
            finding.summary,
            "exception path `w` was refused once with `v2` at 2026-03-06T05:00:00Z on i2, and no later success proves that it works"
        );
        assert_eq!(refused(h(92)).decide().classes[0].exception_test, ExceptionTest::Failed);
        world().silent(&RULE);
        World::ready().put(row("w").refused().at(h(92))).silent(&RULE);
    }

    #[test]
    fn a_fresh_success_of_the_class_after_it_is_enough() {
        refused(h(91)).fires(&RULE);
        refused(h(91) - Duration(1)).silent(&RULE);
        refused(h(92)).put(row("w").degraded().at(h(93))).fires(&RULE);
        refused(h(92)).put(row("w").aggregated().at(h(93))).fires(&RULE);
        let other = |at| {
            let row = row("w").refused().stream("other").at(at);
            world().stream("other", "w").put(row)
        };
        other(h(91) - minutes(1)).silent(&RULE);
        other(h(91) - minutes(1) + Duration(1)).fires(&RULE);
    }

    #[test]
    fn any_version_counts_and_another_credential_does_not() {
        let with = |row: RowBuilder| world().put(row.refused().at(h(92)));
        with(row("w").unversioned()).fires(&RULE);
        with(row("w").old()).fires(&RULE);
        with(row("w").ambiguous()).fires(&RULE);
        with(row("w").foreign()).silent(&RULE);
        world().put(row("w").denied().at(h(92))).silent(&RULE);
    }

    #[test]
    fn only_refusals_since_the_change_count() {
        let alone = |at| {
            let world = World::new().class("w").consumer("w", |c| c.path = PathKind::Exception);
            world.put(row("w").unversioned().refused().at(at))
        };
        // Boundary: at the change and at the instant of the report, and a microsecond outside.
        alone(h(0)).fires(&RULE);
        alone(h(0) - Duration(1)).silent(&RULE);
        alone(h(96)).fires(&RULE);
        alone(h(96) + Duration(1)).silent(&RULE);
    }

    #[test]
    fn disabled_classes_are_not_judged() {
        refused(h(92)).consumer("w", |c| c.disabled = true).silent(&RULE);
    }

    #[test]
    fn an_indirect_class_is_judged_although_it_shows_no_version() {
        let indirect = || refused(h(92)).indirect("w");
        indirect().fires(&RULE);
        indirect().put(row("w").unversioned().at(h(93))).silent(&RULE);
        indirect().put(row("w").unversioned().degraded().at(h(93))).fires(&RULE);
        indirect().put(row("w").foreign().at(h(93))).fires(&RULE);
    }
}
