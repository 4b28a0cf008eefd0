/*! `unseen-instances`: an instance that worked on most days before the change and has not been seen with the new version. */

use crate::wording::{count, list};
use std::collections::BTreeSet;

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::ClassCase;
use crate::judge::instance::InstanceCase;
use crate::model::finding::{Cites, Code, Finding, Severity, Waivable};
use crate::model::next::Action;
use crate::model::{Duration, Span, Timestamp};

/// The fewest days of the baseline on which an instance was seen.
const DAYS_MIN: usize = 3;

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("unseen-instances"),
    severity: Severity::Withholds,
    waivable: Waivable::ByClass,
    settled_by: SettledBy::Action(Action::RunOnce),
    passes: Passes::Never,
    answers: &[],
    blinds: false,
    fire,
};

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.judged().filter_map(|class| {
        let active = active_days(class);
        let unseen: Vec<&InstanceCase> =
            class.instances.iter().filter(|one| is_unseen(class, one, &active)).collect();
        let found = rule.finding(Some(class.id), claim(case, class, &unseen)?);
        Some(Finding { total: unseen.len() as u64, ..found })
    });
    findings.collect()
}

/// The days before the change on which the class tried anything.
fn active_days(class: &ClassCase) -> BTreeSet<i64> {
    let rows = class.baseline.iter();
    days(class, rows.map(|row| Span { from: row.first.earliest(), to: row.last.latest() }))
}

fn is_unseen(class: &ClassCase, instance: &InstanceCase, active: &BTreeSet<i64>) -> bool {
    let presence = instance.fact.into_iter().flat_map(|fact| fact.presence.iter().copied());
    let rows = instance.tries.iter();
    let rows = rows.map(|row| Span { from: row.first.earliest(), to: row.last.latest() });
    let seen = days(class, presence.chain(rows)).intersection(active).count();
    let has_moved = || {
        instance
            .tries
            .iter()
            .any(|row| activity::is_new_use(row) && row.last.earliest() >= class.times.introduced)
    };
    !instance.is_generated
        && !instance.has_stopped(class.times.as_of)
        && seen >= DAYS_MIN
        && 2 * seen >= active.len()
        && !has_moved()
}

/// The days that these spans touch before the change.
fn days(class: &ClassCase, spans: impl Iterator<Item = Span>) -> BTreeSet<i64> {
    let end = class.times.introduced - Duration(1);
    let before = spans.filter(|span| span.from <= end);
    before.flat_map(|span| day(span.from)..=day(span.to.min(end))).collect()
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(Duration::DAY.0)
}

fn claim(case: &Case, class: &ClassCase, unseen: &[&InstanceCase]) -> Option<Claim> {
    let first = unseen.first()?;
    let names: Vec<&str> = unseen.iter().map(|instance| instance.name).collect();
    let names = list(&names);
    let rows = unseen.iter().filter_map(|one| activity::latest(&one.tries)).map(|row| row.last);
    let seen = first.last_seen.map_or_else(String::new, |at| format!(", last seen at {at}"));
    Some(Claim {
        summary: format!(
            "{} of `{}` that worked on most days before the change {} not been seen with the new version since, and no \
             stop is logged: {names}{}",
            count(unseen.len(), "instance"),
            class.name(),
            if unseen.len() == 1 { "has" } else { "have" },
            if unseen.len() == 1 { seen } else { String::new() },
        ),
        remedy: format!(
            "run {names} once on the new version, or show the record of the stop; if a log is missing, fetch it"
        ),
        cites: Cites::silence(case.searched(class)).and_rows(rows),
    })
}
