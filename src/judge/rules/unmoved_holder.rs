/*! `unmoved-holder`: a member of a class used the old version, and nothing shows that it moved or ended. */

use std::collections::BTreeMap;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::holders::HolderCase;
use crate::model::At;
use crate::model::facts::LeftOut;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::ledger::HolderState;
use crate::model::next::Action;
use crate::wording::{count, length, length_up, list, times};

/// At most this many members of a class have a finding of their own. One more finding counts the rest.
const MEMBERS_MAX: usize = 50;

pub(crate) static RULE: Rule = Rule {
    code: Code::new("unmoved-holder"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClassOrMatch,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::OfFinding,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let moved = case.judged().filter(|class| class.first_new_success.is_some());
    moved.flat_map(|class| of_class(rule, case, class)).collect()
}

fn of_class(rule: &Rule, case: &Case, class: &ClassCase) -> Vec<Finding> {
    let members = members(class);
    let (named, rest) = members.split_at(members.len().min(MEMBERS_MAX));
    let named = named.iter().map(|member| {
        let open = member.iter().filter(|holder| holder.state.is_open());
        let ends = open.map(|holder| ends(holder)).collect::<Option<Vec<_>>>();
        Finding {
            hints: member
                .iter()
                .map(|holder| (holder.fact.facet.word(), holder.fact.value.clone()))
                .collect(),
            total: member.iter().map(|holder| holder.fact.old_uses).max().unwrap_or(0),
            ends: ends.and_then(|ends| ends.into_iter().max()),
            ..rule.finding(Some(class.id), claim(case, class, member))
        }
    });
    let rest = rest_claim(case, class, rest);
    let rest =
        rest.map(|claim| Finding { asks_to_move: true, ..rule.finding(Some(class.id), claim) });
    let since = class.holders.left_out.iter().filter_map(|rest| Some((rest, rest.old_since?)));
    let left_out =
        since.map(|(rest, at)| rule.finding(Some(class.id), left_out_claim(case, class, rest, at)));
    named.chain(rest).chain(left_out).collect()
}

/// The values that show the same old uses, so that they are surely the same member.
type Member<'c> = Vec<&'c HolderCase<'c>>;

/// The members that may still hold the old version, in the order of their facets and values.
fn members<'c>(class: &'c ClassCase) -> Vec<Member<'c>> {
    let mut members: Vec<Member> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for holder in class.holders.followed.iter().filter(|holder| holder.state != HolderState::Moved)
    {
        let fact = holder.fact;
        let uses = (fact.first_old.map(|at| at.row), holder.last.row, fact.old_uses);
        let position = *known.entry(uses).or_insert(members.len());
        if position == members.len() {
            members.push(Vec::new());
        }
        members[position].push(holder);
    }
    members.retain(|member| member.iter().any(|holder| holder.state.is_open()));
    members
}

/// When waiting is over for it, if waiting helps.
fn ends(holder: &HolderCase) -> Option<crate::model::Timestamp> {
    holder.until.filter(|_| holder.state == HolderState::Waiting)
}

/// The holder of a member that is hardest to prove.
fn worst<'c>(member: &[&'c HolderCase<'c>]) -> &'c HolderCase<'c> {
    let rank = |holder: &&&HolderCase| (holder.state, holder.until);
    member.iter().max_by_key(rank).expect("a member shows a value at least")
}

fn claim(case: &Case, class: &ClassCase, member: &[&HolderCase]) -> Claim {
    let holder = worst(member);
    let (who, at) = (named(member), holder.last.latest());
    let uses = if holder.fact.last_old.is_some() {
        format!("used the old version {}, last at {at},", times(holder.fact.old_uses))
    } else {
        format!("worked before the change, last at {at},")
    };
    let why = match holder.state {
        HolderState::Lost => "is not seen any more, and no record shows its end".to_owned(),
        HolderState::Unknown => {
            "shows no rhythm by which to judge its silence, and neither does the consumer"
                .to_owned()
        }
        HolderState::Waiting | HolderState::Moved | HolderState::Stopped | HolderState::Silent => {
            format!(
                "has been silent for {} of logged time; {} it must be for {}",
                length(holder.silent),
                rhythm(class, holder),
                length_up(holder.needed.unwrap_or_default())
            )
        }
    };
    let rows =
        member.iter().flat_map(|holder| holder.fact.first_old.into_iter().chain([holder.last]));
    Claim {
        summary: format!("{who} of `{}` {uses} and not the new one since: it {why}", class.name()),
        remedy: remedy(class, holder, &who),
        cites: Cites::silence(case.searched(class)).and_rows(rows),
    }
}

/// `host report-host (principal backup)`.
fn named(member: &[&HolderCase]) -> String {
    let names: Vec<String> = member
        .iter()
        .map(|holder| format!("{} {}", holder.fact.facet.noun(), holder.fact.value))
        .collect();
    match names.split_first() {
        Some((first, [])) => first.clone(),
        Some((first, more)) => {
            let more: Vec<&str> = more.iter().map(String::as_str).collect();
            format!("{first} ({})", list(&more))
        }
        None => String::new(),
    }
}

/// By what it is known how long its silence must be.
fn rhythm(class: &ClassCase, holder: &HolderCase) -> String {
    match holder.rhythm {
        Some(rhythm) => {
            format!("with pauses of up to {} between its runs", length(rhythm.largest))
        }
        None if class.cadence.is_unknown() => {
            "it ran once, so by the longest known pause of the consumer".to_owned()
        }
        None => "it ran once, so by the cadence of the consumer".to_owned(),
    }
}

fn remedy(class: &ClassCase, holder: &HolderCase, who: &str) -> String {
    let run = format!("run `{}` on {who} once with the new version", class.name());
    match ends(holder) {
        Some(until) => format!("{run}; without it: not before {until}"),
        None => format!(
            "{run}, show the record of its end, or waive it by `match` if you know that it is retired"
        ),
    }
}

/// One finding for all members past the limit.
fn rest_claim(case: &Case, class: &ClassCase, rest: &[Member]) -> Option<Claim> {
    let mut rows = rest.iter().flatten().map(|holder| holder.last);
    let first = rows.next()?;
    Some(Claim {
        summary: format!(
            "{} of `{}` used the old version, and not the new one since",
            count(rest.len(), "more member"),
            class.name()
        ),
        remedy: "move the members that the other findings name; the report's list of holders has the rest"
            .to_owned(),
        cites: Cites::silence(case.searched(class)).and_rows([first]).and_rows(rows),
    })
}

fn left_out_claim(case: &Case, class: &ClassCase, rest: &LeftOut, at: At) -> Claim {
    Claim {
        summary: format!(
            "`{}` shows too many values of `{}` to follow all: {} left out, one of which used the old version at {}",
            class.name(),
            rest.facet.word(),
            count(rest.values, "value"),
            at.latest()
        ),
        remedy: format!(
            "split `{}` into consumers by what tells its members apart, or leave `{}` unmapped",
            class.name(),
            rest.facet.word()
        ),
        cites: Cites::silence(case.searched(class)).and_rows([at]),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h, hours, row};
    use crate::model::decision::Verdict;
    use crate::model::facts::{Facet, LeftOut};
    use crate::model::ledger::HolderState;
    use crate::model::{Duration, Refresh};

    /// A ready class whose second instance used old at these hours, and whose first one shows both versions.
    fn seen_at(hours: &[i64]) -> World {
        hours.iter().fold(World::ready(), |world, n| world.old("w", "i2", h(*n)))
    }

    fn state(world: &World, value: &str) -> Option<HolderState> {
        let classes = world.decide().classes;
        let found = classes[0].holders.iter().find(|holder| holder.value == value);
        found.map(|holder| holder.state)
    }

    #[test]
    fn a_rare_host_of_a_busy_class_that_is_gone_fires() {
        let world = seen_at(&[-220, -52]);
        let finding = world.fires(&RULE);
        assert_eq!((finding.total, cited(&finding)), (2, vec![h(-220), h(-52)]));
        assert_eq!(
            finding.summary,
            "instance i2 of `w` used the old version twice, last at 2026-02-28T05:00:00Z, and not the new one since: it is not seen any more, and no record shows its end"
        );
        assert_eq!(state(&world, "i2"), Some(HolderState::Lost));
        assert_eq!(state(&world, "i1"), Some(HolderState::Moved));
        assert_eq!(world.verdict(), Verdict::Inconclusive);
        World::ready().silent(&RULE);
    }

    #[test]
    fn a_new_use_since_its_last_old_use_is_enough_whatever_its_outcome() {
        let world = || seen_at(&[-52]);
        world().put(row("w").on("i2").at(h(0))).silent(&RULE);
        world().put(row("w").on("i2").at(h(0) - Duration(1))).fires(&RULE);
        world().put(row("w").on("i2").denied().at(h(3))).silent(&RULE);
        world().put(row("w").on("i2").unversioned().at(h(3))).fires(&RULE);
        world().put(row("w").on("i2").inferred().at(h(3))).fires(&RULE);
        world().put(row("w").on("i2").ambiguous().at(h(3))).fires(&RULE);
        world().put(row("w").on("i2").at(h(96) + Duration(1))).fires(&RULE);
    }

    #[test]
    fn in_two_log_sources_the_new_use_must_be_later_by_the_skew() {
        let world = |at| {
            let world = seen_at(&[-52]).stream("other", "w").old("w", "i2", h(5));
            world.put(row("w").on("i2").stream("other").at(at))
        };
        let minute = Duration::MINUTE;
        assert_eq!(state(&world(h(5) + minute), "i2"), Some(HolderState::Moved));
        assert_ne!(state(&world(h(5) + minute - Duration(1)), "i2"), Some(HolderState::Moved));
    }

    #[test]
    fn a_recorded_end_is_enough_unless_it_was_seen_later_or_is_that_of_a_run() {
        let world = |refresh| {
            seen_at(&[-52]).consumer("w", |c| {
                (c.refresh, c.session_max) = (Some(refresh), Some(hours(1)));
            })
        };
        let start = || world(Refresh::OnStart);
        start().stopped("w", "i2", h(-52)).silent(&RULE);
        start().stopped("w", "i2", h(-53)).fires(&RULE);
        start().stopped("w", "i2", h(96) + Duration(1)).fires(&RULE);
        start().stopped("w", "i2", h(5)).present("w", "i2", h(6), h(7)).fires(&RULE);
        world(Refresh::PerRun).stopped("w", "i2", h(-52)).fires(&RULE);
    }

    /// `i1` and `i2` worked before the change, and `i3` and `i4` since: the whole fleet was replaced.
    fn replaced(last: i64) -> World {
        let mut world = World::new().class("w");
        for n in 0..40 {
            world = world.old("w", "i1", h(last - n * 6)).old("w", "i2", h(last - n * 6 - 1));
        }
        for n in 0..16 {
            world = world.new_ok("w", "i3", h(n * 6 + 1)).new_ok("w", "i4", h(n * 6 + 2));
        }
        world
    }

    #[test]
    fn of_a_fleet_that_was_replaced_as_a_whole_only_silence_is_asked() {
        let world = replaced(-2);
        world.silent(&RULE);
        assert_eq!(state(&world, "i1"), Some(HolderState::Silent));
        world.new_ok("w", "i2", h(3)).fires(&RULE);
    }

    /// An instance that alone used old, each week, and a class of which no instance shows both versions.
    fn weekly(last: i64) -> World {
        let mut world = World::new().class("w");
        for n in 0..40 {
            world = world.old("w", "", h(-2 - n * 6)).new_ok("w", "", h(n * 6 + 1));
        }
        [2, 1, 0].iter().fold(world, |world, n| world.old("w", "i2", h(last - 7 * 24 * n)))
    }

    #[test]
    fn a_member_must_be_silent_for_its_own_rhythm_and_a_microsecond_less_fires() {
        // Boundary: a week and a half of silence after two gaps of a week, and a microsecond less.
        let at = h(-2) + hours(252);
        weekly(-2).judged_at(at).silent(&RULE);
        let early = weekly(-2).judged_at(at - Duration(1));
        let finding = early.fires(&RULE);
        assert_eq!(finding.ends, Some(at));
        assert_eq!(
            finding.remedy,
            "run `w` on instance i2 once with the new version; without it: not before 2026-03-12T19:00:00Z"
        );
        assert_eq!(early.decide().missing[0].detail, finding.remedy);
        let earliest = early.decide().classes[0].earliest;
        assert_eq!(earliest, Some(at + early.plan.consumers[0].lag));
    }

    #[test]
    fn one_run_is_measured_by_the_cadence_of_the_consumer_or_by_its_longest_pause() {
        let world = World::new().class("w").old("w", "i1", h(-20)).old("w", "i1", h(-3));
        let world = world.old("w", "i2", h(-4)).new_ok("w", "i1", h(1)).judged_at(h(10));
        let ends = |world: World, end: &str| {
            let finding = world.fires(&RULE);
            assert!(finding.summary.ends_with(end), "{}", finding.summary);
        };
        let few = "it ran once, so by the longest known pause of the consumer it must be for 16 h";
        ends(world.clone(), few);
        let declared = "it ran once, so by the cadence of the consumer it must be for 15 h";
        ends(world.consumer("w", |c| c.every = Some(hours(15))), declared);
    }

    #[test]
    fn an_environment_that_worked_before_the_change_must_show_the_new_version() {
        let both = |new: &str| {
            let mut world = World::new().class("w");
            for n in -56..0 {
                world = world.put(row("w").old().env("prod").at(h(n * 6)));
            }
            let places = ["prod", "staging"].map(str::to_owned).to_vec();
            world = world.consumer("w", |c| c.environments = places);
            world = world.put(row("w").unversioned().env("staging").at(h(-9)));
            for n in 0..16 {
                world = world.put(row("w").env(new).at(h(n * 6 + 1)));
            }
            world
        };
        let finding = both("staging").fires(&RULE);
        assert_eq!(finding.hints[0].1.as_ref(), "prod");
        let finding = both("prod").fires(&RULE);
        assert!(finding.summary.contains("environment staging of `w` worked before the change"));
    }

    #[test]
    fn generated_names_are_asked_after_where_their_ends_are_recorded() {
        let pod = |n: u8| format!("worker-7d9f8b6c5d-x2x4{}", char::from(b'b' + n));
        let world = |ended: u8| {
            let world = World::ready().consumer("w", |c| {
                (c.refresh, c.session_max) = (Some(Refresh::OnStart), Some(hours(1)));
            });
            let world = [0, 1].into_iter().fold(world, |world, n| {
                world.old("w", &pod(n), h(-9)).present("w", &pod(n), h(-9), h(2))
            });
            (0..ended).fold(world, |world, n| world.stopped("w", &pod(n), h(2)))
        };
        world(0).silent(&RULE);
        let finding = world(1).fires(&RULE);
        assert_eq!(finding.hints[0].1.as_ref(), pod(1));
        world(2).silent(&RULE);
    }

    #[test]
    fn what_was_left_out_withholds_where_it_used_old_since_the_change() {
        let rest = |since: bool| {
            let mut world = World::ready();
            let at = world.cite(h(3));
            let class = world.id("w");
            let (facet, values, has_both) = (Facet::Address, 7, false);
            let old_since = since.then_some(at);
            world.facts.holders_left_out =
                vec![LeftOut { class, facet, values, has_both, old_since }];
            world
        };
        rest(false).silent(&RULE);
        let finding = rest(true).fires(&RULE);
        assert!(finding.summary.contains("7 values left out"), "{}", finding.summary);
        assert_eq!(rest(true).decide().classes[0].holders_left_out, 7);
    }

    #[test]
    fn without_a_new_success_another_rule_says_it_and_a_disabled_class_is_not_judged() {
        let silent = World::new().class("w").old("w", "i1", h(-9)).old("w", "i2", h(-3));
        silent.silent(&RULE);
        seen_at(&[-52]).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
