/*! `split-brain`: the same work is done with both versions, by one consumer or by several. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity::{self, keep};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::phrases;
use crate::wording::{count, length, list, number, span, times};

use crate::model::facts::Activity;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{At, State, Timestamp};

/// With at least this many switches between old and new it is not a handover.
const ALTERNATIONS_MIN: usize = 3;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("split-brain"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::Action(Action::MoveToNew),
    passes: Passes::WithSilence,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let within = case.judged().flat_map(|class| {
        let claims = [by_instances(case, class), by_turns(case, class)];
        claims.into_iter().flatten().map(|claim| rule.finding(Some(class.id), claim))
    });
    let across = across(case).map(|claim| rule.finding(None, claim));
    across.into_iter().chain(within).collect()
}

/// The attempts in the window with the old version, and those with the new one.
fn sides<'a>(case: &Case, rows: &[&'a Activity]) -> (Vec<&'a Activity>, Vec<&'a Activity>) {
    let within = keep(rows, |row| activity::lies_in(row, case.window));
    (keep(&within, activity::is_old_use), keep(&within, activity::is_new_use))
}

/// Some instances last used the old version in the window, others the new one.
fn by_instances(case: &Case, class: &ClassCase) -> Option<Claim> {
    let (mut old, mut new) = (OnVersion::default(), OnVersion::default());
    for instance in &class.instances {
        let (olds, news) = sides(case, &instance.tries);
        let ends = activity::ends(&olds);
        let is_last =
            |new: &activity::ClockTime| ends.iter().all(|old| new.surely_after(*old, class.clocks));
        if activity::ends(&news).iter().any(is_last) {
            new.add(instance.name, activity::latest(&news));
        } else {
            old.add(instance.name, activity::latest(&olds));
        }
    }
    Some(Claim {
        summary: format!(
            "in the window, {} of `{}` last used {} ({}) and {} last used {} ({})",
            count(old.names.len(), "instance"),
            class.name(),
            phrases::versions(case, &old.rows),
            list(&old.names),
            number(new.names.len()),
            phrases::versions(case, &new.rows),
            list(&new.names),
        ),
        remedy: format!(
            "stop the rollout and the revocation; restart {} on the new version, or roll back as planned",
            list(&old.names)
        ),
        cites: old.against(&new)?,
    })
}

/// Old and new take turns, and no instance is logged: at least three switches, over more than a session.
fn by_turns(case: &Case, class: &ClassCase) -> Option<Claim> {
    let (old, new) = sides(case, &keep(&class.tries, |row| row.instance.is_none()));
    let turns = turns(&old, &new);
    let (first, last) = (turns.first()?, turns.last()?);
    let duration = last.first.at - first.last.at;
    let session = class.consumer.session_max.unwrap_or_default();
    let changes = turns.len() - 1;
    if changes < ALTERNATIONS_MIN || duration <= session {
        return None;
    }
    Some(Claim {
        summary: format!(
            "`{}` switched {} between {} and {} in the window, {}, over {} (session_max: {})",
            class.name(),
            times(changes),
            phrases::versions(case, &old),
            phrases::versions(case, &new),
            span(first.last.at, last.first.at),
            length(duration),
            class.consumer.session_max.map_or("not declared".to_owned(), length),
        ),
        remedy: format!(
            "log the instances of `{}` to see which of them use the old version, and restart these on the new one",
            class.name()
        ),
        cites: Cites::rows(first.last.cite, turns[1..].iter().map(|turn| turn.first.cite)),
    })
}

/// Some classes used only the old version in the window, others only the new one.
fn across(case: &Case) -> Option<Claim> {
    let (mut old, mut new) = (OnVersion::default(), OnVersion::default());
    for class in case.judged() {
        let (olds, news) = sides(case, &class.tries);
        if news.is_empty() {
            old.add(class.name(), activity::latest(&olds));
        } else if olds.is_empty() {
            new.add(class.name(), activity::latest(&news));
        }
    }
    let rollback = case.plan.rotation.rollback.as_deref();
    Some(Claim {
        summary: format!(
            "in the window, {} used only {} and {} used only {}",
            list(&old.names),
            phrases::versions(case, &old.rows),
            list(&new.names),
            phrases::versions(case, &new.rows),
        ),
        remedy: format!(
            "stop the rollout and the revocation; move {} to the new version, or roll back{}",
            list(&old.names),
            rollback.map_or_else(String::new, |how| format!(" ({how})")),
        ),
        cites: old.against(&new)?,
    })
}

/// Consumers or instances on one version, each with its last use of it.
#[derive(Default)]
struct OnVersion<'a> {
    names: Vec<&'a str>,
    rows: Vec<&'a Activity>,
}

impl<'a> OnVersion<'a> {
    fn add(&mut self, name: &'a str, last: Option<&'a Activity>) {
        self.names.extend(last.map(|_| name));
        self.rows.extend(last);
    }

    /// Citations of both sides. `None` if one side is empty.
    fn against(&self, other: &Self) -> Option<Cites> {
        let (first, _) = (self.rows.first()?, other.rows.first()?);
        Some(Cites::rows(first.last, self.rows.iter().chain(&other.rows).map(|row| row.last)))
    }
}

/// A use at an end of a group of rows.
#[derive(Clone, Copy)]
struct UseAt {
    at: Timestamp,
    state: State,
    cite: At,
}

/// Consecutive uses of the same version.
struct Turn {
    first: UseAt,
    last: UseAt,
}

/// How old and new take turns, by the ends of the groups. At equal times they take as many turns as they can.
fn turns(old: &[&Activity], new: &[&Activity]) -> Vec<Turn> {
    let ends =
        old.iter().chain(new).flat_map(|row| [(row.state, row.first), (row.state, row.last)]);
    let mut instants: Vec<UseAt> = ends.map(|(state, cite)| instant(state, cite)).collect();
    instants.sort_by_key(|end| (end.at, end.state, end.cite.row));
    let mut turns: Vec<Turn> = Vec::new();
    for tied in instants.chunk_by(|left, right| left.at == right.at) {
        let now = turns.last().map(|turn| turn.last.state);
        let (same, other): (Vec<UseAt>, Vec<UseAt>) =
            tied.iter().partition(|end| Some(end.state) == now);
        for end in other.into_iter().chain(same) {
            match turns.last_mut() {
                Some(turn) if turn.last.state == end.state => turn.last = end,
                Some(_) | None => turns.push(Turn { first: end, last: end }),
            }
        }
    }
    turns
}

fn instant(state: State, cite: At) -> UseAt {
    let at = if state == State::Old { cite.latest() } else { cite.earliest() };
    UseAt { at, state, cite }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, row};
    use crate::model::{Duration, Timestamp};

    #[test]
    fn instances_on_both_versions_fire() {
        let finding = World::ready().old("w", "i2", h(60)).new_ok("w", "i3", h(80)).fires(&RULE);
        assert_eq!(cited(&finding), [h(60), h(80), h(91)]);
        assert_eq!(
            finding.summary,
            "in the window, 1 instance of `w` last used `v1` (i2) and 2 last used `v2` (i1 and i3)"
        );
        World::ready().silent(&RULE);
    }

    #[test]
    fn the_last_version_of_an_instance_in_the_window_counts() {
        World::ready().old("w", "i2", h(48)).fires(&RULE);
        World::ready().old("w", "i2", h(48) - Duration(1)).silent(&RULE);
        let old = World::ready().old("w", "i2", h(60));
        old.clone().new_ok("w", "i2", h(60) + Duration(1)).silent(&RULE);
        old.clone().new_ok("w", "i2", h(60)).fires(&RULE);
        old.put(row("w").on("i2").unversioned().at(h(61))).fires(&RULE);
        World::ready().old("w", "i1", h(95)).silent(&RULE);
        World::ready().put(row("w").old().inferred().on("i2").at(h(60))).silent(&RULE);
    }

    /// Old and new take turns without an instance: old, new, old, new, one hour apart, from `h(60)` on.
    fn turns(last: Timestamp) -> World {
        let world =
            World::new().class("w").put(row("w").old().at(h(59))).put(row("w").old().at(h(60)));
        let world = world.put(row("w").at(h(61))).put(row("w").old().at(h(62)));
        world.put(row("w").at(last)).put(row("w").at(h(95)))
    }

    #[test]
    fn without_instances_three_turns_over_more_than_a_session_fire() {
        let session = |last| turns(last).consumer("w", |c| c.session_max = Some(hours(4)));
        // Boundary: turns over as long as a session, and a microsecond longer.
        session(h(64)).silent(&RULE);
        let finding = session(h(64) + Duration(1)).fires(&RULE);
        assert_eq!(cited(&finding), [h(60), h(61), h(62), h(64) + Duration(1)]);
        assert!(
            finding.summary.starts_with("`w` switched 3 times between `v1` and `v2` in the window")
        );
        turns(h(62) + Duration(1)).fires(&RULE);
    }

    #[test]
    fn two_turns_are_a_handover() {
        let world = World::new().class("w").put(row("w").at(h(60))).put(row("w").old().at(h(70)));
        world.clone().put(row("w").at(h(80))).silent(&RULE);
        world.clone().put(row("w").at(h(80))).put(row("w").old().at(h(81))).fires(&RULE);
        world.put(row("w").old().at(h(47))).put(row("w").at(h(80))).silent(&RULE);
    }

    #[test]
    fn groups_that_overlap_take_turns_by_their_ends() {
        let old = row("w").old().count(9).between(h(60), h(61));
        let new = |from: Timestamp| row("w").count(9).between(from, h(61) + Duration(1));
        World::new().class("w").put(old).put(new(h(60) + Duration(1))).fires(&RULE);
        let old = row("w").old().count(9).between(h(60), h(61));
        World::new().class("w").put(old).put(new(h(61) + Duration(1))).silent(&RULE);
    }

    #[test]
    fn at_equal_times_they_take_as_many_turns_as_they_can() {
        let both = |world: World, at| world.put(row("w").old().at(at)).put(row("w").at(at));
        let world = World::new().class("w").put(row("w").old().at(h(60)));
        both(world.clone(), h(61)).silent(&RULE);
        both(both(world, h(61)), h(62)).fires(&RULE);
    }

    #[test]
    fn classes_on_different_versions_fire_once_for_the_rotation() {
        let world = World::ready().class("x").class("y").class("z");
        let world =
            world.old("x", "i1", h(60)).old("y", "i1", h(61)).put(row("z").unversioned().at(h(62)));
        let finding = world.fires(&RULE);
        assert_eq!(finding.class, None);
        assert_eq!(cited(&finding), [h(60), h(61), h(91)]);
        assert_eq!(finding.summary, "in the window, x and y used only `v1` and w used only `v2`");
        world.clone().new_ok("x", "i1", h(62)).new_ok("y", "i1", h(62)).silent(&RULE);
    }

    #[test]
    fn the_window_bounds_both_sides() {
        let with = |at: Timestamp| World::ready().class("x").old("x", "i1", at);
        with(h(48)).fires(&RULE);
        with(h(48) - Duration(1)).silent(&RULE);
        with(h(60)).consumer("x", |c| c.disabled = true).silent(&RULE);
        with(h(60)).indirect("x").silent(&RULE);
    }
}
