/*! `open-backlog`: work that was queued before the change and has not succeeded since. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::model::facts::Backlog;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::{Action, Item};
use crate::wording::{count, length};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
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
    let open = case.facts.backlog.iter().filter(|one| one.jobs > 0);
    let findings = open.filter_map(|one| {
        let class = case.class(one.class);
        let found = || rule.finding(Some(class.id), claim(case, class, one));
        (!class.consumer.disabled).then(|| Finding { total: one.jobs, ..found() })
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
        let one = Backlog { class, jobs, oldest: h(-20), first, last };
        world.facts(|facts| facts.backlog.push(one))
    }

    #[test]
    fn jobs_that_wait_since_before_the_change_fire_with_the_age_of_the_oldest() {
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
    fn it_is_off_where_such_work_may_fail_or_the_class_is_disabled() {
        let said = |way| waiting(1).plan(|plan| plan.rotation.in_flight = Some(way));
        said(InFlight::Fail).silent(&RULE);
        said(InFlight::Requeue).fires(&RULE);
        said(InFlight::Finish).fires(&RULE);
        waiting(1).consumer("w", |c| c.disabled = true).silent(&RULE);
    }
}
