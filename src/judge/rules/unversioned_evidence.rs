/*! `unversioned-evidence`: successes that do not show which version they used. */

use crate::judge::share_test::share;
use crate::wording::{count, list, number, percent};
use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::coverage::StreamId;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Numbers, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{ClassBasis, MarkerShown};

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
            let share = share_claim(class).map(|(claim, numbers)| {
                let finding = rule.finding(Some(class.id), claim);
                Finding { total: numbers.n, numbers: Some(numbers), ..finding }
            });
            let stream = stream_claim(case, class).map(|claim| rule.finding(Some(class.id), claim));
            share.into_iter().chain(stream).collect::<Vec<_>>()
        })
        .collect()
}

/// Does the row count? A row with a known other credential does not. A row with a novel marker does if it is an
/// attempt.
fn is_counted(row: &Activity) -> bool {
    match row.shown {
        MarkerShown::Foreign => false,
        MarkerShown::Novel => row.kind.is_try(),
        MarkerShown::Plan | MarkerShown::None => {
            activity::is_success(row) && (is_unversioned(row) || row.basis == ClassBasis::Matched)
        }
    }
}

fn is_unversioned(row: &Activity) -> bool {
    !row.binding.proves()
}

fn share_claim(class: &ClassCase) -> Option<(Claim, Numbers)> {
    let counted = keep(&class.in_window(), is_counted);
    let bare = keep(&counted, is_unversioned);
    let (n, of) = (activity::count(&bare), activity::count(&counted));
    let dark = dark_instances(&counted);
    if share(n, of) <= class.consumer.limits.unversioned_share && dark.is_empty() {
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
            "{} of {} of `{name}` in the window ({}) {} no known version{of_instances}",
            number(n),
            count(of, "success"),
            percent(n, of),
            if n == 1 { "shows" } else { "show" },
        ),
        remedy: format!(
            "map the field of `{name}` that shows the marker, add the marker to the plan, or log it"
        ),
        cites: Cites::rows(first, bare.iter().flat_map(|row| [row.first, row.last])),
    };
    Some((claim, Numbers { n, of, p: None }))
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
    use crate::model::Use;

    /// The eight versioned successes of the window, this many more, and one without a version.
    fn one_unversioned_among(more: u64) -> World {
        let world = World::ready().put(row("w").on("i1").aggregated().count(more).at(h(70)));
        world.put(row("w").on("i1").unversioned().at(h(71)))
    }

    #[test]
    fn one_in_twenty_may_show_no_version() {
        one_unversioned_among(11).silent(&RULE);
        let finding = one_unversioned_among(10).fires(&RULE);
        assert_eq!(cited(&finding), [h(71)]);
        assert_eq!(
            finding.summary,
            "1 of 19 successes of `w` in the window (5.3 %) shows no known version"
        );
        assert_eq!(finding.numbers.map(|numbers| (numbers.n, numbers.of)), Some((1, 19)));
    }

    #[test]
    fn an_instance_that_never_shows_one_fires() {
        let world = World::ready().put(row("w").on("i1").aggregated().count(1000).at(h(70)));
        let finding = world.put(row("w").on("i2").unversioned().at(h(71))).fires(&RULE);
        assert!(finding.summary.ends_with("i2 never shows one there"), "{}", finding.summary);
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
        one_unversioned_among(0).consumer("w", |c| c.usage = Use::Indirect).silent(&RULE);
        one_unversioned_among(0).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
