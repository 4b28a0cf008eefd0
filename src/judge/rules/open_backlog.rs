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
