/*! `old-use-in-window`: a consumer used the old version inside the window that must be free of it. */

use super::{Claim, Passes, Rule, SettledBy};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::phrases;
use crate::judge::silence;
use crate::wording::{length, length_up, number, times};

use crate::model::facts::Activity;
use crate::model::finding::{Code, Finding, Numbers, Severity, Unit, Waivable};
use crate::model::next::{Action, Item};
use crate::model::{ClassBasis, Refresh, Timestamp};

/// The rule and all that depends on which rule it is.
pub static RULE: Rule = Rule {
    code: Code::new("old-use-in-window"),
    severity: Severity::Blocks,
    waivable: Waivable::Never,
    settled_by: SettledBy::OfClass(settled_by),
    passes: Passes::If(passes),
    answers: &[Item::NoOldUseInWindow],
    blinds: false,
    fire,
};

/// Where nothing new was seen since, time brings more of the same.
fn settled_by(class: &ClassCase) -> Action {
    if class.fresh.is_none() || class.consumer.disabled { Action::MoveToNew } else { Action::Wait }
}

/// A process that reads the value once keeps what it has, so waiting helps only if it moved or reads the value again.
fn passes(_: &Case, class: &ClassCase) -> bool {
    !class.consumer.disabled && (class.fresh.is_some() || silence::awaited_run(class).is_some())
}

fn fire(rule: &Rule, case: &Case) -> Vec<Finding> {
    let findings = case.classes.iter().filter_map(|class| {
        let since = since(class);
        let tries = tries(class, since);
        let old = keep(&tries, activity::is_old_use);
        let (n, of) = (activity::count(&old), activity::count(&tries));
        let found = rule.finding(Some(class.id), claim(case, class, &old)?);
        Some(Finding {
            total: n,
            numbers: Some(Numbers { n, of, unit: Unit::Attempt, p: None }),
            ..found
        })
    });
    findings.collect()
}

/// From when on there may be no old use: the start of the window, or the change for a class that is switched off.
fn since(class: &ClassCase) -> Timestamp {
    if class.consumer.disabled { class.times.introduced } else { class.times.window.from }
}

/// The tries since then, those after the report's instant too; an old one with any part of its interval.
fn tries<'a>(class: &ClassCase<'a>, since: Timestamp) -> Vec<&'a Activity> {
    let all: Vec<&Activity> = class.tries.iter().chain(&class.after).copied().collect();
    keep(&all, |row| {
        let end = if activity::is_old_use(row) { row.last.latest() } else { row.last.earliest() };
        row.kind.is_try() && end >= since
    })
}

fn claim(case: &Case, class: &ClassCase, old: &[&Activity]) -> Option<Claim> {
    let name = class.name();
    let frame = if class.consumer.disabled {
        format!("since the change at {}, although the plan declares it disabled", case.introduced)
    } else {
        format!("in the {} up to {}", length(case.window.length()), case.as_of)
    };
    let (late, within): (Vec<&Activity>, Vec<&Activity>) =
        old.iter().partition(|row| row.first.earliest() > case.as_of);
    let late_count = activity::count(&late);
    let shared = activity::count(&keep(old, |row| row.basis == ClassBasis::Ambiguous));
    let mut more = String::new();
    if late_count > 0 && !within.is_empty() {
        more = format!("; and {} after that, {}", times(late_count), phrases::between(&late));
    }
    let (uses, frame) = if within.is_empty() {
        (&late, format!("after {}, the time of this report", case.as_of))
    } else {
        (&within, frame)
    };
    if shared > 0 {
        let verb = if shared == 1 { "matches" } else { "match" };
        more = format!("{more}; {} also {verb} another consumer", number(shared));
    }
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} {frame}: {}{}{more}",
            phrases::versions(case, old),
            times(activity::count(uses)),
            phrases::between(uses),
            phrases::on(uses),
        ),
        remedy: remedy(class, shared),
        cites: phrases::cites(old)?,
    })
}

fn remedy(class: &ClassCase, shared: u64) -> String {
    let name = class.name();
    let apart = if shared > 0 { "make the `match` tables of the consumers disjoint, " } else { "" };
    if class.consumer.disabled {
        return format!(
            "{apart}switch `{name}` off for good, or declare it as a consumer that runs"
        );
    }
    let how = match class.consumer.refresh {
        Some(Refresh::OnStart) => " (it reads the value at start: restart it)",
        Some(Refresh::AtLaunch) => " (it reads the value at launch: relaunch it)",
        Some(Refresh::Cached) => " (it caches the value: empty the cache or restart it)",
        Some(Refresh::PerRun) => " (it reads the value on each run: run it)",
        Some(Refresh::PerRequest) => {
            " (it reads the value on each request: check where it reads it from)"
        }
        None => " (restart what reads it at start, relaunch what reads it at launch)",
    };
    format!(
        "{apart}move `{name}` to the new version{how}, then wait for {} of logged time without old use",
        length_up(class.silence.needed)
    )
}
