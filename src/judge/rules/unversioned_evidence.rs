/*! `unversioned-evidence`: successes that do not show which version they used. */

use crate::wording::{count, list, number, percent};
use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::share_test::{self, UNVERSIONED, may_show_version, share};
use crate::model::MarkerShown;
use crate::model::coverage::StreamId;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unversioned-evidence"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    case.judged()
        .flat_map(|class| {
            let share = share_claim(case, class).map(|(claim, numbers)| {
                let finding = rule.finding(Some(class.id), claim);
                Finding { total: numbers.n, numbers: Some(numbers), ..finding }
            });
            let stream = stream_claim(case, class).map(|claim| rule.finding(Some(class.id), claim));
            share.into_iter().chain(stream).collect::<Vec<_>>()
        })
        .collect()
}

fn is_unversioned(row: &Activity) -> bool {
    (UNVERSIONED.is_bad)(row)
}

fn share_claim(case: &Case, class: &ClassCase) -> Option<(Claim, Numbers)> {
    let counted = keep(&class.in_window(), may_show_version);
    let bare = keep(&counted, is_unversioned);
    let (n, of) = (activity::count(&bare), activity::count(&counted));
    let dark = dark_instances(&counted);
    let before = share_test::shares(class, &UNVERSIONED).before;
    let is_unheard_of = n > 0 && (before.n == 0 || before.of < class.consumer.limits.min_tries);
    let rise = share_test::excess(class, &UNVERSIONED, case.level(class));
    let is_usual = share(n, of) <= class.consumer.limits.unversioned_share
        && dark.is_empty()
        && !is_unheard_of
        && rise.is_none();
    if is_usual {
        return None;
    }
    let name = class.name();
    let first = activity::earliest(&bare)?.first;
    let of_instances = if dark.is_empty() {
        String::new()
    } else {
        let verb = if dark.len() == 1 { "shows" } else { "show" };
        format!("; {} never {verb} one there", list(&dark))
    };
    let claim = Claim {
        summary: format!(
            "{} of {} of `{name}` in the window ({}) {} no known version; before the change, {} of {}{of_instances}",
            number(n),
            count(of, "success"),
            percent(n, of),
            if n == 1 { "shows" } else { "show" },
            number(before.n),
            number(before.of),
        ),
        remedy: format!(
            "map the field of `{name}` that shows the marker, add the marker to the plan, or log it"
        ),
        cites: Cites::rows(first, bare.iter().flat_map(|row| [row.first, row.last])),
    };
    Some((claim, Numbers { n, of, p: rise.and_then(|rise| rise.p) }))
}

/// The instances of which no counted attempt shows a known version.
fn dark_instances<'a>(counted: &[&'a Activity]) -> Vec<&'a str> {
    let mut dark: BTreeMap<&str, bool> = BTreeMap::new();
    for row in counted {
        if let Some(name) = row.instance.as_deref() {
            *dark.entry(name).or_insert(true) &= is_unversioned(row);
        }
    }
    dark.into_iter().filter(|(_, is_dark)| *is_dark).map(|(name, _)| name).collect()
}

/// Log sources in which the class shows markers, but none of the plan.
fn stream_claim(case: &Case, class: &ClassCase) -> Option<Claim> {
    let mut streams: BTreeMap<StreamId, Vec<&Activity>> = BTreeMap::new();
    for row in class.tries.iter().filter(|row| row.shown != MarkerShown::None) {
        streams.entry(row.stream).or_default().push(row);
    }
    streams.retain(|_, rows| rows.iter().all(|row| row.shown != MarkerShown::Plan));
    let rows: Vec<&Activity> = streams.values().flatten().copied().collect();
    let ids: Vec<StreamId> = streams.into_keys().collect();
    let names = case.stream_names(&ids);
    Some(Claim {
        summary: format!(
            "{} of `{}` in {} {} markers, but none of the plan",
            count(activity::count(&rows), "attempt"),
            class.name(),
            list(&names),
            if activity::count(&rows) == 1 { "shows" } else { "show" },
        ),
        remedy:
            "map another field of these records to `credential_uid`, or add the markers to the plan"
                .to_owned(),
        cites: Cites::rows(activity::earliest(&rows)?.first, [activity::latest(&rows)?.last]),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, row};

    /// A class of which 4 of 100 successes before the change showed no version. To the eight versioned successes of the
    /// window come this many more, and this many without a version.
    fn with(more: u64, bare: u64) -> World {
        let before = row("w").on("i1").unversioned().aggregated().count(4).at(h(-100));
        let before = World::ready()
            .put(before)
            .put(row("w").old().on("i1").aggregated().count(40).at(h(-100)));
        let world = before.put(row("w").on("i1").aggregated().count(more).at(h(70)));
        world.put(row("w").on("i1").unversioned().aggregated().count(bare).at(h(71)))
    }

    #[test]
    fn one_in_twenty_may_show_no_version_if_that_was_so_before() {
        // Boundary: one success in twenty, and one in nineteen.
        with(11, 1).silent(&RULE);
        let finding = with(10, 1).fires(&RULE);
        assert_eq!(cited(&finding), [h(71)]);
        assert_eq!(
            finding.summary,
            "1 of 19 successes of `w` in the window (5.3 %) shows no known version; before the change, 4 of 100"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 19)));
    }

    #[test]
    fn one_is_too_many_if_each_showed_its_version_before() {
        let one = |world: World| {
            let world = world.put(row("w").on("i1").aggregated().count(1000).at(h(70)));
            world.put(row("w").on("i1").unversioned().at(h(71)))
        };
        let finding = one(World::ready()).fires(&RULE);
        assert!(finding.summary.ends_with("; before the change, 0 of 56"), "{}", finding.summary);
        // Under thirty successes before the change show nothing.
        let before = |old: u64| {
            let bare = row("w").on("i1").unversioned().at(h(-100));
            let old = row("w").old().on("i1").aggregated().count(old).at(h(-99));
            World::new().class("w").put(bare).put(old)
        };
        one(before(28)).fires(&RULE);
        one(before(29)).silent(&RULE);
    }

    #[test]
    fn a_larger_share_than_chance_explains_fires_below_one_in_twenty_too() {
        let bare = |bare: u64| {
            let world = with(900, 0).consumer("w", |c| c.limits.unversioned_share = 0.2);
            (0..3).fold(world, |world, n| {
                let third = row("w").on("i1").unversioned().aggregated().count(bare / 3);
                world.put(third.at(h(70 + n)))
            })
        };
        let numbers = bare(150).fires(&RULE).numbers.expect("a test was made");
        assert!(numbers.p.is_some_and(|p| p < 0.01));
        bare(60).silent(&RULE);
    }

    #[test]
    fn an_instance_that_never_shows_one_fires() {
        let world = World::ready().put(row("w").on("i1").aggregated().count(1000).at(h(70)));
        let finding = world.put(row("w").on("i2").unversioned().at(h(71))).fires(&RULE);
        assert!(finding.summary.ends_with("; i2 never shows one there"), "{}", finding.summary);
    }

    #[test]
    fn a_known_other_credential_does_not_count() {
        World::ready().put(row("w").foreign().count(100).at(h(71))).silent(&RULE);
    }

    #[test]
    fn each_attempt_with_a_novel_marker_counts() {
        World::ready().put(row("w").on("i1").novel().refused().at(h(71))).fires(&RULE);
        World::ready().put(row("w").on("i1").novel().refused().at(h(47))).silent(&RULE);
    }

    #[test]
    fn both_ends_belong_to_the_window() {
        World::ready().put(row("w").unversioned().at(h(48))).fires(&RULE);
        World::ready().put(row("w").unversioned().at(h(47))).silent(&RULE);
        World::ready().put(row("w").unversioned().at(h(96))).fires(&RULE);
        World::ready().put(row("w").unversioned().at(h(97))).silent(&RULE);
        World::ready().put(row("w").unversioned().refused().at(h(71))).silent(&RULE);
    }

    #[test]
    fn a_log_source_that_shows_only_other_markers_fires() {
        let world = World::ready().stream("proxy", "w");
        let finding = world.clone().put(row("w").foreign().stream("proxy").at(h(-9))).fires(&RULE);
        assert!(
            finding.summary.starts_with("1 attempt of `w` in proxy shows markers"),
            "{}",
            finding.summary
        );
        let both = world.put(row("w").foreign().stream("proxy").at(h(-9)));
        both.put(row("w").old().stream("proxy").at(h(-8))).silent(&RULE);
    }

    #[test]
    fn indirect_and_disabled_classes_are_not_judged() {
        with(0, 1).indirect("w").silent(&RULE);
        with(0, 1).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
