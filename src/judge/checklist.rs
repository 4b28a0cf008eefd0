/*! The checklist before a revocation, filled from evidence. */

use super::attempts;
use super::case::Case;
use super::class::ClassCase;
use super::ledger::exception_test;
use crate::model::finding::{Cite, Finding};
use crate::model::ledger::ExceptionTest;
use crate::model::next::{ChecklistItem, Status};
use crate::model::{At, PathKind, Refresh, Use};

/// The items, in the order of the rule book.
pub(super) fn items(case: &Case, findings: &[Finding]) -> Vec<ChecklistItem> {
    let all = [
        ("direct-consumers-owned", owned(case)),
        ("low-frequency-exercised", rare(case)),
        ("long-lived-restarted", restarted(case, findings)),
        ("fresh-success-each-class", fresh(case.judged())),
        ("exception-path-tested", exceptions(case)),
        ("fallback-confirmed-or-disabled", none_of(findings, &["fallback-unconfirmed"])),
        ("no-old-use-in-window", no_old_use(findings)),
        ("rollback-defined", (yes_if(case.plan.rotation.rollback.is_some()), vec![])),
        ("retry-path-tested", retried(case, findings)),
        ("backlog-reviewed", backlog(case, findings)),
    ];
    all.into_iter()
        .map(|(item, (status, because))| ChecklistItem { item, status, because })
        .collect()
}

type Answer = (Status, Vec<At>);

fn yes_if(holds: bool) -> Status {
    if holds { Status::Yes } else { Status::No }
}

fn owned(case: &Case) -> Answer {
    let mut direct = case.classes.iter().filter(|class| class.consumer.usage == Use::Direct);
    (yes_if(direct.all(|class| class.consumer.owner.is_some())), vec![])
}

/// Has each of these classes a fresh success? Of no class at all: nothing was shown, and nothing is missing.
fn fresh<'c, 'a: 'c>(classes: impl Iterator<Item = &'c ClassCase<'a>>) -> Answer {
    let all: Vec<Option<At>> = classes.map(|class| class.fresh).collect();
    (yes_if(all.iter().all(Option::is_some)), all.into_iter().flatten().collect())
}

/// Classes that run off the usual path, or more rarely than the window is long.
fn rare(case: &Case) -> Answer {
    let window = case.window.length();
    let is_rare = |class: &&ClassCase| {
        class.consumer.path != PathKind::Primary
            || class.cadence.length(false).is_some_and(|cadence| cadence > window)
    };
    fresh(case.judged().filter(is_rare))
}

/// Classes whose processes keep what they read.
fn restarted(case: &Case, findings: &[Finding]) -> Answer {
    let keeps = |class: &&ClassCase| {
        class.consumer.refresh.is_some_and(|way| !Refresh::is_fresh_each_time(way))
    };
    let (status, because) = none_of(findings, &["stale-runtime", "version-flap"]);
    if status == Status::No {
        return (status, because);
    }
    let classes: Vec<&ClassCase> = case.judged().filter(keeps).collect();
    let living = |class: &&ClassCase| {
        class.instances.iter().filter(|one| one.is_alive && !one.is_gone).count()
    };
    let is_logged = classes.iter().all(|class| living(class) > 0);
    let proofs = classes.iter().filter_map(|class| class.fresh).collect();
    (if is_logged { Status::Yes } else { Status::Unknown }, proofs)
}

fn exceptions(case: &Case) -> Answer {
    let classes: Vec<&ClassCase> = case.judged().filter(|class| class.is_exception()).collect();
    let passed = classes.iter().all(|class| exception_test(class) == ExceptionTest::Passed);
    (yes_if(passed), classes.iter().filter_map(|class| class.fresh).collect())
}

/// No finding of these rules, waived or not; else the rows that they cite.
fn none_of(findings: &[Finding], rules: &[&str]) -> Answer {
    let found: Vec<&Finding> = findings.iter().filter(|one| rules.contains(&one.rule)).collect();
    let cited = found.iter().flat_map(|finding| finding.cites.cited());
    let rows = cited.filter_map(|cite| match cite {
        Cite::Row(at) => Some(*at),
        Cite::Record { .. } => None,
    });
    (yes_if(found.is_empty()), rows.collect())
}

fn no_old_use(findings: &[Finding]) -> Answer {
    let used = none_of(
        findings,
        &["old-use-in-window", "undeclared-consumer", "old-use-after-revocation"],
    );
    if used.0 == Status::No {
        return used;
    }
    // Where nobody could have seen it, nothing is shown.
    let blind =
        ["coverage-hole", "damaged-input", "rejected-records", "unmapped-marker", "no-evidence"];
    match none_of(findings, &blind).0 {
        Status::Yes => used,
        Status::No | Status::Unknown => (Status::Unknown, vec![]),
    }
}

/// Has each class that used to retry done so with the new version, and did it work?
fn retried(case: &Case, findings: &[Finding]) -> Answer {
    let untested = none_of(findings, &["retry-untested"]);
    if untested.0 == Status::No {
        return untested;
    }
    let all = case.judged().map(|class| attempts::of_class(case.facts, class.id));
    let proofs: Vec<Option<At>> =
        all.filter(|retries| retries.before > 0).map(|retries| retries.proof).collect();
    let is_shown = !proofs.is_empty() && proofs.iter().all(Option::is_some);
    let status = if is_shown { Status::Yes } else { Status::Unknown };
    (status, proofs.into_iter().flatten().collect())
}

/// Jobs that cross the change, and what is to become of them.
fn backlog(case: &Case, findings: &[Finding]) -> Answer {
    let open = none_of(findings, &["open-backlog", "boundary-job-failure"]);
    if open.0 == Status::No {
        return open;
    }
    let examples: Vec<At> = case.facts.crossing.iter().map(|crossing| crossing.example).collect();
    let status = match (examples.is_empty(), case.plan.rotation.in_flight) {
        (_, Some(_)) => Status::Yes,
        (true, None) => Status::Unknown,
        (false, None) => Status::No,
    };
    (status, examples)
}
