/*! `open-backlog`: work that was queued before the change and has not succeeded since. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::facts::Backlog;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::wording::{count, length};

pub(crate) static RULE: Rule = Rule {
    code: Code::new("open-backlog"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[Item::BacklogReviewed],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    if case.accepts_failed_backlog() {
        return Vec::new();
    }
    let open = case.facts.backlog.iter().filter(|backlog| backlog.jobs > 0);
    let findings = open.filter_map(|backlog| {
        let class = case.class(backlog.class);
        let finding = || rule.finding(Some(class.id), claim(case, class, backlog));
        (!class.consumer.disabled).then(|| Finding { total: backlog.jobs, ..finding() })
    });
    findings.collect()
}

fn claim(case: &Case, class: &ClassCase, backlog: &Backlog) -> Claim {
    let name = class.name();
    Claim {
        summary: format!(
            "{} of `{name}`, queued in the 7 days before the change, {} not succeeded since; the oldest was queued at {}, \
             {} ago",
            count(backlog.jobs, "job"),
            if backlog.jobs == 1 { "has" } else { "have" },
            backlog.oldest,
            length(case.as_of - backlog.oldest),
        ),
        remedy: format!(
            "run these jobs of `{name}` on the new version and keep the records; if they may be lost, set \
             `in_flight = \"fail\"`"
        ),
        cites: Cites::silence(case.searched(class)).and_rows([backlog.first, backlog.last]),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::judge::tests::{World, cited, h};
    use crate::model::facts::Backlog;
    use crate::plan::InFlight;

    fn waiting(jobs: u64) -> World {
        let mut world = World::ready();
        let (class, first, last) = (world.id("w"), world.cite(h(-9)), world.cite(h(-3)));
        let backlog = Backlog { class, jobs, oldest: h(-20), first, last };
        world.facts(|facts| facts.backlog.push(backlog))
    }

    #[test]
    fn jobs_queued_before_the_change_fire_with_the_age_of_the_oldest() {
        let finding = waiting(2).fires(&RULE);
        assert_eq!(cited(&finding), [h(-9), h(-3)]);
        assert_eq!(finding.cites.searched(), ["w"]);
        assert_eq!(
            finding.summary,
            "2 jobs of `w`, queued in the 7 days before the change, have not succeeded since; the oldest was queued at 2026-03-01T13:00:00Z, 4 d 20 h ago"
        );
        assert_eq!(finding.total, 2);
        waiting(0).silent(&RULE);
        World::ready().silent(&RULE);
    }

    #[test]
    fn it_is_silent_if_such_work_may_fail_or_the_class_is_disabled() {
        let in_flight_is = |way| waiting(1).plan(|plan| plan.rotation.in_flight = Some(way));
        in_flight_is(InFlight::Fail).silent(&RULE);
        in_flight_is(InFlight::Requeue).fires(&RULE);
        in_flight_is(InFlight::Finish).fires(&RULE);
        waiting(1).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
