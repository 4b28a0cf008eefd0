/*! `stale-runtime`: a living process read its value before the change, and has not been seen reading the new one; or
 * a process or a listing says that the old version is still held, by a class or by nobody of the plan.
 */

use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, ClockTime, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::instance::InstanceCase;
use crate::judge::layers;
use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facet, Statement};
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{At, Binding, Refresh, State};
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("stale-runtime"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::Never,
    answers: &[Item::LongLivedRestarted],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let holding = case.judged().filter(|class| holds_its_value(class));
    let of_instances = holding.filter_map(|class| {
        let stale = stale(class);
        let finding = rule.finding(Some(class.id), claim(case, class, &stale)?);
        Some(Finding { total: stale.len() as u64, ..finding })
    });
    let of_classes = case.classes.iter().filter_map(|class| of_statements(rule, case, class));
    of_instances.chain(of_classes).chain(of_nobody(rule, case)).collect()
}

/// The instances that may hold a value from before the change.
fn stale<'c, 'a>(class: &'c ClassCase<'a>) -> Vec<&'c InstanceCase<'a>> {
    let living = class.instances.iter().filter(|instance| instance.is_alive && !instance.is_gone());
    living.filter(|instance| is_stale(class, instance)).collect()
}

/// What says that the class holds the old version.
fn of_statements(rule: &Rule, case: &Case, class: &ClassCase) -> Option<Finding> {
    let is_judged = class.is_judged() && holds_its_value(class);
    let known = if is_judged { stale(class) } else { Vec::new() };
    let is_known = |name: &str| known.iter().any(|instance| instance.name == name);
    let mut held = layers::held_old(case, Some(class));
    held.retain(|one| !one.instance.as_deref().is_some_and(is_known));
    let finding = rule.finding(Some(class.id), held_claim(case, Some(class), &held)?);
    Some(Finding { total: held.len() as u64, ..finding })
}

/// What says that somebody whom no class of the plan matches holds it: a finding for each that has a name, so that each
/// can be waived by itself.
fn of_nobody(rule: &Rule, case: &Case) -> Vec<Finding> {
    let held = layers::held_old(case, None);
    let mut members: BTreeMap<Option<&str>, Vec<&Statement>> = BTreeMap::new();
    for one in &held {
        members.entry(one.instance.as_deref()).or_default().push(one);
    }
    if members.len() > MEMBERS_MAX {
        members = BTreeMap::from([(None, held.clone())]);
    }
    let findings = members.into_iter().filter_map(|(name, held)| {
        let finding = rule.finding(None, held_claim(case, None, &held)?);
        let columns = [Facet::Instance, Facet::Host].map(Facet::word);
        let hints = name.into_iter().flat_map(|name| columns.map(|column| (column, name.into())));
        let waivable = if name.is_some() { Waivable::ByMatchOnly } else { Waivable::Never };
        let total = held.len() as u64;
        Some(Finding { total, waivable, hints: hints.collect(), ..finding })
    });
    findings.collect()
}

/// Of more members whom no class matches there is one finding.
const MEMBERS_MAX: usize = 50;

fn holds_its_value(class: &ClassCase) -> bool {
    class.consumer.refresh.is_some_and(|way| !Refresh::is_fresh_each_time(way))
}

fn held_claim(case: &Case, class: Option<&ClassCase>, held: &[&Statement]) -> Option<Claim> {
    let last = held.iter().map(|one| one.last).max_by_key(|at| (at.latest(), at.row))?;
    let streams: Vec<StreamId> = held.iter().map(|one| one.stream).collect();
    let mut names: Vec<&str> = held.iter().filter_map(|one| one.instance.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let of_class = class.map(|class| class.name());
    let whom = match (of_class, names.is_empty()) {
        (Some(class), true) => format!("`{class}`"),
        (Some(class), false) => format!("{} of `{class}`", list(&names)),
        (None, true) => "somebody whom no consumer of the plan matches".to_owned(),
        (None, false) => format!("{}, of no consumer of the plan", list(&names)),
    };
    let they = if names.len() > 1 { "they are" } else { "it is" };
    let declare = "find out whose it is and declare it as a consumer; then ";
    Some(Claim {
        summary: format!(
            "the old version is held by {whom}, as {} last showed at {}",
            list(&case.stream_names(&streams)),
            last.latest()
        ),
        remedy: format!(
            "{}put the new version where {they} configured, restart what holds the old one, and fetch the list or the \
             metric again",
            if class.is_none() { declare } else { "" }
        ),
        cites: Cites::rows(last, held.iter().map(|one| one.last)),
    })
}

fn is_stale(class: &ClassCase, instance: &InstanceCase) -> bool {
    let new = keep(&instance.tries, activity::is_new_use);
    let old = activity::ends(&old_uses(instance));
    let is_after = |new: &ClockTime| old.iter().all(|old| new.surely_after(*old, class.clocks));
    let ends_old = !old.is_empty() && !activity::ends(&new).iter().any(is_after);
    let states_old = layers::loaded_old(class, instance.name).is_some_and(|old| {
        !activity::ends(&new).iter().any(|new| new.surely_after(old, class.clocks))
    });
    ends_old || states_old || (new.is_empty() && is_from_before(class, instance))
}

/// Old use. Here, use that is inferred from times alone counts too.
fn old_uses<'a>(instance: &InstanceCase<'a>) -> Vec<&'a Activity> {
    keep(&instance.tries, |row| row.state == State::Old && row.binding != Binding::None)
}

/// Was its last known start or refresh before the change? If none is known: was it seen before the change?
fn is_from_before(class: &ClassCase, instance: &InstanceCase) -> bool {
    let renewed = instance.renewed(class.times.as_of).map(At::earliest);
    renewed.or(instance.first_seen()).is_some_and(|at| at < class.times.introduced)
}

fn claim(case: &Case, class: &ClassCase, stale: &[&InstanceCase]) -> Option<Claim> {
    if stale.is_empty() {
        return None;
    }
    let names: Vec<&str> = stale.iter().map(|instance| instance.name).collect();
    let proof = stale.iter().filter_map(|instance| {
        let last = activity::latest(&old_uses(instance)).map(|row| row.last);
        let stated = || layers::loaded_old(class, instance.name).map(|seen| seen.at);
        last.or_else(stated)
            .or_else(|| instance.renewed(case.as_of))
            .or_else(|| activity::latest(&instance.tries).map(|row| row.last))
    });
    let cites = Cites::silence(case.searched(class)).and_rows(proof);
    Some(Claim {
        summary: format!(
            "{} of `{}`, alive in the window, {} last known to hold a value from before the change: {}",
            count(stale.len(), "instance"),
            class.name(),
            if stale.len() == 1 { "was" } else { "were" },
            list(&names)
        ),
        remedy: format!("restart or refresh {}, and run it once on the new version", list(&names)),
        cites,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, row};
    use crate::model::decision::Verdict;
    use crate::model::finding::Waivable;
    use crate::model::{ClassBasis, Duration, Outcome, Refresh, State, Timestamp};

    fn world() -> World {
        World::ready().consumer("w", |c| {
            (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(12)));
        })
    }

    #[test]
    fn an_instance_whose_last_version_is_old_fires() {
        let finding = world().old("w", "i2", h(-3)).present("w", "i2", h(-3), h(90)).fires(&RULE);
        assert_eq!(cited(&finding), [h(-3)]);
        assert_eq!(
            finding.summary,
            "1 instance of `w`, alive in the window, was last known to hold a value from before the change: i2"
        );
        world().silent(&RULE);
    }

    #[test]
    fn what_says_that_the_class_holds_the_old_version_fires_until_it_says_otherwise() {
        let says = |at: Timestamp| World::ready().loaded("w", None, State::Old, at);
        let finding = says(h(50)).fires(&RULE);
        assert_eq!(cited(&finding), [h(50)]);
        assert_eq!(
            finding.summary,
            "the old version is held by `w`, as w last showed at 2026-03-04T11:00:00Z"
        );
        let skew = World::ready().plan.consumers[0].limits.skew;
        // Boundary: at the start of the window, and a microsecond before it.
        says(h(48) - skew).fires(&RULE);
        says(h(48) - skew - Duration(1)).silent(&RULE);
        // Boundary: an hour lies between rounds of scrapes, and a microsecond more between two states.
        let then = |at: Timestamp| says(h(50)).loaded("w", None, State::New, at);
        then(h(51)).fires(&RULE);
        then(h(51) + Duration(1)).silent(&RULE);
        says(h(50)).consumer("w", |c| c.disabled = true).fires(&RULE);
    }

    #[test]
    fn a_listing_shows_what_is_configured_and_who_is_no_longer_there() {
        let listed = |state, at| {
            let world = World::ready().configured("w", Some("nightly"), state, at);
            world.facts(|facts| facts.streams[0].is_snapshot = true)
        };
        let finding = listed(State::Old, h(50)).fires(&RULE);
        assert!(finding.summary.contains("held by nightly of `w`, as"), "{}", finding.summary);
        listed(State::New, h(50)).silent(&RULE);
        let other = |at| listed(State::Old, h(50)).configured("w", Some("other"), State::New, at);
        // Boundary: a listing of the same hour, and a later one that shows somebody else.
        other(h(51)).fires(&RULE);
        other(h(51) + Duration(1)).silent(&RULE);
        // An event by which somebody changed a configuration holds nothing.
        World::ready().configured("w", Some("nightly"), State::Old, h(50)).silent(&RULE);
    }

    #[test]
    fn whom_no_consumer_of_the_plan_matches_may_hold_it_too() {
        let world = World::ready().loaded("w", Some("reporter-0"), State::Old, h(50));
        let world = world.facts(|facts| {
            let stated = facts.statements.last_mut().expect("a statement");
            (stated.class, stated.basis) = (None, ClassBasis::None);
        });
        let finding = world.fires(&RULE);
        assert_eq!((finding.class, finding.waivable), (None, Waivable::ByMatchOnly));
        assert_eq!(finding.hints[0].1.as_ref(), "reporter-0");
        assert!(
            finding.summary.contains("held by reporter-0, of no consumer of the plan, as"),
            "{}",
            finding.summary
        );
        assert_eq!(world.verdict(), Verdict::Inconclusive);
        // Who issues credentials names all that there are, and holds none of them.
        let issuer = |at| {
            let world = world.clone().loaded("w", Some("reporter-0"), State::New, at);
            world.facts(|facts| {
                let stated = facts.statements.last_mut().expect("a statement");
                (stated.class, stated.basis) = (None, ClassBasis::None);
            })
        };
        // Boundary: named within an hour, and longer ago.
        issuer(h(49)).silent(&RULE);
        issuer(h(49) - Duration(1)).fires(&RULE);
    }

    #[test]
    fn instances_that_are_dead_or_gone_do_not_fire() {
        world().old("w", "i2", h(-3)).silent(&RULE);
        let alive =
            |until: Timestamp| world().old("w", "i2", h(-3)).present("w", "i2", h(-3), until);
        // Boundary: seen a day ago, and a microsecond before that.
        alive(h(72)).fires(&RULE);
        alive(h(72) - Duration(1)).silent(&RULE);
        alive(h(90)).stopped("w", "i2", h(90)).silent(&RULE);
        alive(h(90)).stopped("w", "i2", h(90) - Duration(1)).fires(&RULE);
    }

    #[test]
    fn inferred_old_use_fires_and_inferred_new_use_proves_nothing() {
        world().put(row("w").on("i2").old().inferred().at(h(90))).fires(&RULE);
        let before = world().put(row("w").on("i2").old().inferred().at(h(-9)));
        before.clone().put(row("w").on("i2").inferred().at(h(90))).fires(&RULE);
        before.put(row("w").on("i2").at(h(90))).silent(&RULE);
    }

    #[test]
    fn an_instance_from_before_the_change_must_show_a_new_use() {
        let started = |at: Timestamp| {
            let world =
                world().put(row("w").on("i2").unversioned().outcome(Outcome::None).at(h(90)));
            world.started("w", "i2", at)
        };
        started(h(0)).silent(&RULE);
        started(h(0) - Duration(1)).fires(&RULE);
        started(h(-9)).refreshed("w", "i2", h(1)).silent(&RULE);
        started(h(-9)).put(row("w").on("i2").denied().at(h(91))).silent(&RULE);
        let unstarted = world().present("w", "i2", h(-9), h(90));
        unstarted.fires(&RULE);
        world().present("w", "i2", h(1), h(90)).silent(&RULE);
    }

    #[test]
    fn an_instance_that_says_it_holds_the_old_version_fires() {
        let alive = || world().present("w", "i2", h(1), h(90));
        let finding = alive().loaded("w", Some("i2"), State::Old, h(80)).fires(&RULE);
        assert_eq!(cited(&finding), [h(80)]);
        alive().loaded("w", Some("i2"), State::New, h(80)).silent(&RULE);
        alive()
            .loaded("w", Some("i2"), State::Old, h(80))
            .loaded("w", Some("i2"), State::New, h(81))
            .silent(&RULE);
        alive()
            .loaded("w", Some("i2"), State::New, h(80))
            .loaded("w", Some("i2"), State::Old, h(80))
            .fires(&RULE);
        let used = alive().loaded("w", Some("i2"), State::Old, h(80)).new_ok("w", "i2", h(81));
        used.silent(&RULE);
    }

    #[test]
    fn a_class_that_reads_the_value_each_time_has_no_stale_process() {
        let stale = world().old("w", "i2", h(-3)).present("w", "i2", h(-3), h(90));
        stale.consumer("w", |c| c.refresh = Some(Refresh::PerRun)).silent(&RULE);
    }
}
