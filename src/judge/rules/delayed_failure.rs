/*! `delayed-failure`: it worked after the change, then it was refused, and it has not recovered. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::failure;
use crate::judge::phrases;
use crate::wording::{length, span, times};

use crate::model::At;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
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
    let running = case.classes.iter().filter(|class| !class.consumer.disabled);
    let findings = running.filter_map(|class| {
        let failure::Unrecovered { later: refused, worked, .. } = failure::sorted(class);
        let numbers = failure::numbers(class, &refused);
        let claim = claim(case, class, &worked, &refused)?;
        let finding = rule.finding(Some(class.id), claim);
        Some(Finding { total: numbers.n, numbers: Some(numbers), ..finding })
    });
    findings.collect()
}

fn claim(
    case: &Case,
    class: &ClassCase,
    worked: &[&Activity],
    refused: &[&Activity],
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

/// The first refusal after a success of the same instance, with the last such success.
fn onset(worked: &[&Activity], refused: &[&Activity]) -> Option<(At, At)> {
    let pairs = refused.iter().flat_map(|failed| {
        let earlier = keep(&failure::of_same_instance(failed, worked), |success| {
            failure::is_earlier(success, failed)
        });
        let good: Vec<At> = earlier.iter().flat_map(|row| [row.first, row.last]).collect();
        let bad = [failed.first, failed.last].into_iter();
        bad.flat_map(move |bad| good.clone().into_iter().map(move |good| (good, bad)))
    });
    pairs
        .filter(|(good, bad)| good.earliest() <= bad.latest())
        .min_by_key(|(good, bad)| (bad.latest(), std::cmp::Reverse(good.earliest()), bad.row))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::rules::immediate_failure;
    use crate::judge::tests::{RowBuilder, World, cited, h, hours, row};
    use crate::model::{Duration, Timestamp};

    /// It worked up to `h(85)` on `i1`, and was refused from `h(91)` on.
    fn stopped() -> World {
        let world = World::ready().facts(|facts| {
            facts.activity.retain(|row| row.first.when.at < h(90));
        });
        world.put(row("w").refused().on("i1").count(5).between(h(91), h(92)))
    }

    #[test]
    fn it_states_the_delay_and_the_session() {
        let finding = stopped().consumer("w", |c| c.session_max = Some(hours(6))).fires(&RULE);
        assert_eq!(cited(&finding), [h(85), h(91), h(92)]);
        assert_eq!(
            finding.summary,
            "`w` was refused 5 times with `v2` from 2026-03-06T04:00:00Z to 2026-03-06T05:00:00Z on i1 and has not recovered; the first refusal came 6 h after its last success, at 2026-03-05T22:00:00Z, and 3 d 19 h after the change (session_max is 6 h)"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((5, 20)));
        stopped().silent(&immediate_failure::RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn a_success_at_the_same_time_comes_first() {
        let world = |worked: Timestamp| {
            let new = World::ready().put(row("w").on("i2").at(worked));
            new.put(row("w").refused().on("i2").count(2).at(h(80)))
        };
        // Boundary: a success at the time of the refusal, and a microsecond after it.
        world(h(80)).fires(&RULE);
        world(h(80)).silent(&immediate_failure::RULE);
        world(h(80) + Duration(1)).silent(&RULE);
        world(h(80) + Duration(1)).silent(&immediate_failure::RULE);
    }

    #[test]
    fn a_success_in_the_same_hour_may_have_come_before() {
        let both = World::ready().put(row("w").on("i2").count(4).between(h(80), h(81)));
        let finding =
            both.put(row("w").refused().on("i2").count(9).between(h(80) - Duration(1), h(82)));
        assert!(
            finding
                .fires(&RULE)
                .summary
                .contains("; the first refusal came 1 h after its last success")
        );
    }

    #[test]
    fn a_success_with_another_version_does_not_count() {
        let world = |worked: RowBuilder| World::ready().put(worked.on("i2").at(h(20)));
        let refused = || row("w").refused().on("i2").count(2).at(h(80));
        world(row("w").old()).put(refused()).silent(&RULE);
        world(row("w").old()).put(refused()).fires(&immediate_failure::RULE);
        world(row("w").old()).put(refused().unversioned()).fires(&RULE);
        world(row("w").unversioned()).put(refused()).fires(&RULE);
        world(row("w").unversioned()).put(refused()).silent(&immediate_failure::RULE);
        world(row("w").foreign()).put(refused()).silent(&RULE);
    }

    #[test]
    fn work_through_a_fallback_is_no_earlier_success() {
        let world = |worked: RowBuilder| {
            let world = World::ready().put(worked.degraded().on("i2").at(h(20)));
            world.put(row("w").refused().unversioned().on("i2").count(2).at(h(80)))
        };
        world(row("w").unversioned()).silent(&RULE);
        world(row("w").unversioned()).fires(&immediate_failure::RULE);
        world(row("w")).silent(&RULE);
        world(row("w")).fires(&immediate_failure::RULE);
    }

    #[test]
    fn a_success_before_the_change_does_not_count() {
        let world = |worked| {
            let world = World::ready().put(row("w").unversioned().on("i2").at(worked));
            world.put(row("w").refused().on("i2").count(2).at(h(80)))
        };
        world(h(0)).fires(&RULE);
        world(h(0) - Duration(1)).silent(&RULE);
    }

    #[test]
    fn a_later_success_is_a_recovery() {
        stopped().new_ok("w", "i1", h(92) + Duration(1)).silent(&RULE);
        stopped().new_ok("w", "i1", h(92)).fires(&RULE);
    }

    #[test]
    fn without_instances_the_class_is_judged() {
        let refused = |world: World| world.put(row("w").refused().on("").count(2).at(h(95)));
        assert!(
            refused(World::ready())
                .fires(&RULE)
                .summary
                .contains("; the first refusal came 4 h after its last success")
        );
    }

    #[test]
    fn an_indirect_class_is_judged_by_any_success_and_a_disabled_one_is_not() {
        stopped().indirect("w").fires(&RULE);
        stopped().indirect("w").put(row("w").unversioned().on("i1").at(h(93))).silent(&RULE);
        stopped().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
