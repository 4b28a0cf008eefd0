/*! `open-backlog`: work that was queued before the change and has not succeeded since. */

use super::{Claim, Rule, finding};
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::words::plural;
use crate::model::facts::Backlog;
use crate::model::finding::{Cites, Finding, Severity};
use crate::plan::InFlight;

/// The rule.
pub(super) struct OpenBacklog;

impl Rule for OpenBacklog {
    fn code(&self) -> &'static str {
        "open-backlog"
    }

    fn severity(&self) -> Severity {
        Severity::Withholds
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        if case.plan.rotation.in_flight == Some(InFlight::Fail) {
            return Vec::new();
        }
        let open = case.facts.backlog.iter().filter(|one| one.jobs > 0);
        let findings = open.filter_map(|one| {
            let class = case.class(one.class);
            let found = || finding(self, Some(class.id), claim(case, class, one));
            (!class.consumer.disabled).then(|| Finding { total: one.jobs, ..found() })
        });
        findings.collect()
    }
}

fn claim(case: &Case, class: &ClassCase, backlog: &Backlog) -> Claim {
    let name = class.name();
    Claim {
        summary: format!(
            "{} of `{name}`, queued in the 7 days before the change, never succeeded since; the oldest is from {}, \
             {} ago",
            plural(backlog.jobs, "job", "jobs"),
            backlog.oldest,
            (case.as_of - backlog.oldest).hours_minutes(),
        ),
        remedy: format!(
            "let `{name}` work these jobs off on the new version and keep the records; where they may be lost, say \
             `in_flight = \"fail\"`"
        ),
        cites: Cites::silence(case.searched(class)).and_rows([backlog.first, backlog.last]),
    }
}
