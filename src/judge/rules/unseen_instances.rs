/*! `unseen-instances`: an instance that worked on most days before the change has not been seen with the new version.
 */

use crate::wording::{count, list};
use std::collections::BTreeSet;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::instance::InstanceCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{Duration, Span, Timestamp};

/// The fewest days of the baseline on which an instance was seen.
const DAYS_MIN: usize = 3;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unseen-instances"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let active = active_days(class);
        let unseen: Vec<&InstanceCase> =
            class.instances.iter().filter(|instance| is_unseen(class, instance, &active)).collect();
        let finding = rule.finding(Some(class.id), claim(case, class, &unseen)?);
        Some(Finding { total: unseen.len() as u64, ..finding })
    });
    findings.collect()
}

/// The days before the change with an attempt of the class.
fn active_days(class: &ClassCase) -> BTreeSet<i64> {
    let rows = class.baseline.iter();
    days(class, rows.map(|row| Span { from: row.first.earliest(), to: row.last.latest() }))
}

fn is_unseen(class: &ClassCase, instance: &InstanceCase, active: &BTreeSet<i64>) -> bool {
    let presence = instance.fact.into_iter().flat_map(|fact| fact.presence.iter().copied());
    let rows = instance.tries.iter();
    let rows = rows.map(|row| Span { from: row.first.earliest(), to: row.last.latest() });
    let days_seen = days(class, presence.chain(rows)).intersection(active).count();
    let has_moved = || {
        instance
            .tries
            .iter()
            .any(|row| activity::is_new_use(row) && row.last.earliest() >= class.times.introduced)
    };
    !instance.is_generated
        && !instance.has_stopped(class.times.as_of)
        && days_seen >= DAYS_MIN
        && 2 * days_seen >= active.len()
        && !has_moved()
}

/// The days before the change on which any of these spans lies.
fn days(class: &ClassCase, spans: impl Iterator<Item = Span>) -> BTreeSet<i64> {
    let end = class.times.introduced - Duration(1);
    let before = spans.filter(|span| span.from <= end);
    before.flat_map(|span| day(span.from)..=day(span.to.min(end))).collect()
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(Duration::DAY.0)
}

fn claim(case: &Case, class: &ClassCase, unseen: &[&InstanceCase]) -> Option<Claim> {
    let first = unseen.first()?;
    let names: Vec<&str> = unseen.iter().map(|instance| instance.name).collect();
    let names = list(&names);
    let rows =
        unseen.iter().filter_map(|instance| activity::latest(&instance.tries)).map(|row| row.last);
    let seen = first.last_seen.map_or_else(String::new, |at| format!(", last seen at {at}"));
    Some(Claim {
        summary: format!(
            "{} of `{}` that worked on most days before the change {} not been seen with the new version since, and no \
             stop is logged: {names}{}",
            count(unseen.len(), "instance"),
            class.name(),
            if unseen.len() == 1 { "has" } else { "have" },
            if unseen.len() == 1 { seen } else { String::new() },
        ),
        remedy: format!(
            "run {names} once on the new version, or show the record of the stop; if a log is missing, fetch it"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(rows),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};
    use crate::model::Duration;
    use crate::model::decision::Verdict;

    /// A ready class whose second instance used old at these hours.
    fn seen_at(hours: &[i64]) -> World {
        hours.iter().fold(World::ready(), |world, n| world.old("w", "i2", h(*n)))
    }

    /// It used old on each day of the two weeks before the change.
    fn daily() -> World {
        seen_at(&(1..=14).map(|n| -24 * n + 4).collect::<Vec<i64>>())
    }

    #[test]
    fn an_instance_of_most_days_that_shows_nothing_new_fires() {
        let finding = daily().fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (1, vec![h(-20)]));
        assert_eq!(
            finding.summary,
            "1 instance of `w` that worked on most days before the change has not been seen with the new version since, and no stop is logged: i2, last seen at 2026-03-01T13:00:00Z"
        );
        assert!(finding.waivable.is_waivable());
        assert_eq!(
            daily().verdict(),
            Verdict::Inconclusive,
            "it counts as gone, and still nobody knows"
        );
        World::ready().silent(&RULE);
    }

    #[test]
    fn it_must_have_worked_on_half_of_the_active_days_and_on_three() {
        // `w` worked on 15 days of the calendar: from the afternoon of the first to the morning of the last.
        let on = |n: i64| seen_at(&(1..=n).map(|n| -24 * n + 4).collect::<Vec<i64>>());
        on(8).fires(&RULE);
        on(7).silent(&RULE);
        let few = |n: i64| {
            let world =
                (1..=n).fold(World::new().class("w"), |world, n| world.old("w", "i2", h(-24 * n)));
            world.new_ok("w", "i1", h(90))
        };
        few(3).fires(&RULE);
        few(2).silent(&RULE);
    }

    #[test]
    fn a_new_use_since_the_change_is_enough_whatever_its_outcome() {
        daily().put(row("w").on("i2").at(h(0))).silent(&RULE);
        daily().put(row("w").on("i2").at(h(0) - Duration(1))).fires(&RULE);
        daily().put(row("w").on("i2").refused().at(h(3))).silent(&RULE);
        daily().put(row("w").on("i2").unversioned().at(h(3))).fires(&RULE);
        daily().put(row("w").on("i2").inferred().at(h(3))).fires(&RULE);
        daily().put(row("w").on("i2").ambiguous().at(h(3))).fires(&RULE);
        daily().put(row("w").on("i2").at(h(96) + Duration(1))).fires(&RULE);
    }

    #[test]
    fn a_logged_stop_is_enough_unless_it_was_seen_later() {
        daily().stopped("w", "i2", h(5)).silent(&RULE);
        daily().stopped("w", "i2", h(-20)).silent(&RULE);
        daily().stopped("w", "i2", h(-21)).fires(&RULE);
        daily().stopped("w", "i2", h(96) + Duration(1)).fires(&RULE);
        daily().stopped("w", "i2", h(5)).present("w", "i2", h(6), h(7)).fires(&RULE);
    }

    #[test]
    fn instances_with_generated_names_are_left_out() {
        let pod = "worker-7d9f8b6c5d-x2x4z";
        let world = (1..=14).fold(World::ready(), |world, n| world.old("w", pod, h(-24 * n)));
        world.silent(&RULE);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        daily().indirect("w").silent(&RULE);
        daily().consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
