/*! `coverage-hole`: a log source of the consumer did not record all of the window. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::spans;
use crate::model::Span;
use crate::model::coverage::StreamId;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::wording::{count, list};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("coverage-hole"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::FetchLog),
    passes: Passes::If(passes),
    answers: &[],
    blinds: true,
    fire,
};

/// A hole that has ended leaves the window some day. One that has not may go on.
fn passes(case: &Case, class: &ClassCase) -> bool {
    case.last_hole(class).is_some()
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let asked = case.classes.iter().filter(|class| class.is_direct);
    let findings = asked.filter_map(|class| {
        let claim =
            if class.streams.is_empty() { unseen(case, class)? } else { holes(case, class)? };
        Some(rule.finding(Some(class.id), claim))
    });
    findings.collect()
}

/// Nobody would see a use by a consumer that is declared disabled. For all other consumers, `silent-consumer` says so.
fn unseen(case: &Case, class: &ClassCase) -> Option<Claim> {
    let name = class.name();
    class.consumer.disabled.then(|| Claim {
        summary: format!(
            "no log source holds records of `{name}`, so a use of it while disabled would not be seen"
        ),
        remedy: format!("add the logs in which a use of `{name}` would appear"),
        cites: Cites::silence(case.searched(class)).and_plan(case.plan.place(class.consumer.site)),
    })
}

fn holes(case: &Case, class: &ClassCase) -> Option<Claim> {
    let end = case.as_of - class.consumer.lag;
    let wanted = Span { from: case.window.from.min(end), to: end };
    let holes = |id: &StreamId| {
        let covered = case.streams.get(id.0 as usize).map_or_else(Vec::new, |stream| {
            spans::normal([stream.covered.clone(), case.excused(class, stream)].concat())
        });
        let holes = spans::uncovered(wanted, &covered);
        (!holes.is_empty()).then_some((*id, holes))
    };
    let mut broken: Vec<(StreamId, Vec<Span>)> = class.streams.iter().filter_map(holes).collect();
    // Where every log source has ended, nobody would see the class.
    let unseen = spans::uncovered(wanted, &class.covered);
    if broken.is_empty() && !unseen.is_empty() {
        broken.extend(class.streams.iter().map(|id| (*id, unseen.clone())));
    }
    let (ids, spans): (Vec<StreamId>, Vec<Vec<Span>>) = broken.into_iter().unzip();
    let holes: Vec<Span> = spans.concat();
    let longest = holes.iter().max_by_key(|hole| (hole.length(), hole.from))?;
    let names = case.stream_names(&ids);
    let is_learned = ids
        .iter()
        .all(|id| case.streams.get(id.0 as usize).is_some_and(|one| one.max_gap.is_some()));
    let advice = if is_learned {
        "add the logs of these times, or declare `max_gap` if such a silence is usual there"
    } else {
        "declare `max_gap`: there are too few records to tell a usual silence from a loss"
    };
    Some(Claim {
        summary: format!(
            "{} of `{}` ({}) {} {} in the window, {}from {} to {}",
            count(ids.len(), "log source"),
            class.name(),
            list(&names),
            if ids.len() == 1 { "has" } else { "have" },
            count(holes.len(), "gap"),
            if holes.len() == 1 { "" } else { "the longest " },
            longest.from,
            longest.to
        ),
        remedy: advice.to_owned(),
        cites: Cites::silence(names),
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, h, minutes};
    use crate::model::coverage::Present;
    use crate::model::{Refresh, Span};

    #[test]
    fn a_hole_in_the_window_fires_and_one_before_it_does_not() {
        let finding = World::ready().hole("w", h(60), h(61)).fires(&RULE);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(
            finding.summary,
            "1 log source of `w` (w) has 1 gap in the window, from 2026-03-04T21:00:00Z to 2026-03-04T22:00:00Z"
        );
        World::ready().hole("w", h(40), h(48)).silent(&RULE);
    }

    #[test]
    fn every_log_source_of_the_class_must_record() {
        World::ready().stream("queue", "w").silent(&RULE);
        let finding = World::ready().stream("queue", "w").hole("queue", h(60), h(61)).fires(&RULE);
        assert_eq!(finding.cites.searched(), ["queue"]);
    }

    #[test]
    fn records_may_arrive_as_late_as_the_lag() {
        let ends_early = |lag: i64| {
            let world = World::ready().hole("w", h(96) - minutes(20), h(97));
            world.consumer("w", |c| c.lag = minutes(lag))
        };
        // Boundary: a log that ends earlier by the lag, and by more than that.
        ends_early(20).silent(&RULE);
        ends_early(19).fires(&RULE);
    }

    #[test]
    fn a_log_source_too_short_to_learn_from_logs_no_time() {
        let world = World::ready().stream("new", "w").hole("new", h(-337), h(96));
        let finding = world.fires(&RULE);
        assert!(finding.remedy.starts_with("declare `max_gap`"), "{}", finding.remedy);
    }

    #[test]
    fn a_disabled_class_must_have_been_visible() {
        let off = |c: &mut crate::plan::Consumer| {
            (c.disabled, c.disabled_reason) = (true, Some("frozen".to_owned()));
        };
        World::ready().class("d").consumer("d", off).silent(&RULE);
        World::ready().class("d").consumer("d", off).hole("d", h(60), h(61)).fires(&RULE);
        let unseen = World::ready().class("d").consumer("d", off);
        unseen.facts(|f| f.streams.truncate(1)).fires(&RULE);
    }

    #[test]
    fn an_indirect_class_needs_no_coverage() {
        let world = World::ready().class("x").indirect("x");
        world.hole("x", h(60), h(61)).silent(&RULE);
    }

    /// A node whose log source ends at `h(20)`, with an instance of that name in it.
    fn node(world: World, instance: &str) -> World {
        let class = world.id("w");
        let world = world.stream("node-b", "w").hole("node-b", h(20), h(97));
        let world = world.present("w", instance, h(-300), h(20));
        let id = world.stream_id("node-b");
        world.facts(|facts| {
            facts.streams[id.0 as usize].present.push(Present {
                class,
                instance: Some(instance.to_owned()),
                span: Span { from: h(-300), to: h(20) },
            });
        })
    }

    #[test]
    fn a_log_source_ends_with_the_recorded_ends_of_its_instances() {
        let on_start = |world: World| world.consumer("w", |c| c.refresh = Some(Refresh::OnStart));
        let world = || on_start(World::ready());
        node(world(), "i2").fires(&RULE);
        node(world().stopped("w", "i2", h(20)), "i2").silent(&RULE);
        // It goes on after that.
        node(world().stopped("w", "i2", h(19)), "i2").fires(&RULE);
        // One of two.
        let both = node(world().stopped("w", "i2", h(20)), "i2").present("w", "i3", h(0), h(20));
        let class = both.id("w");
        both.facts(|facts| {
            let (instance, span) = (Some("i3".to_owned()), Span { from: h(0), to: h(20) });
            facts.streams[1].present.push(Present { class, instance, span });
        })
        .fires(&RULE);
        // The end of a run is no end.
        let per_run = World::ready().consumer("w", |c| c.refresh = Some(Refresh::PerRun));
        node(per_run.stopped("w", "i2", h(20)), "i2").fires(&RULE);
    }
}
