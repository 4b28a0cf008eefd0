/*! `old-use-in-window`: a class used the old version in the time that was to be free of it. */

use super::{Claim, Rule, finding};
use crate::judge::activity;
use crate::judge::case::Case;
use crate::judge::class::{ClassCase, keep};
use crate::judge::told;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Numbers, Severity};
use crate::model::{ClassBasis, Refresh, Timestamp};

/// The rule.
pub(super) struct OldUseInWindow;

impl Rule for OldUseInWindow {
    fn code(&self) -> &'static str {
        "old-use-in-window"
    }

    fn severity(&self) -> Severity {
        Severity::Blocks
    }

    fn fire(&self, case: &Case) -> Vec<Finding> {
        let findings = case.classes.iter().filter_map(|class| {
            let since = since(class);
            let tries = tries(class, since);
            let old = keep(&tries, activity::is_old_use);
            let (n, of) = (activity::count(&old), activity::count(&tries));
            let found = finding(self, Some(class.id), claim(case, class, &old)?);
            Some(Finding { total: n, numbers: Some(Numbers { n, of, p: None }), ..found })
        });
        findings.collect()
    }
}

/// From when on no old use may be: the start of the window, or the change for a class that is switched off.
fn since(class: &ClassCase) -> Timestamp {
    if class.consumer.disabled { class.times.introduced } else { class.times.window.from }
}

/// The tries since then, those after `A` too; an old one with any part of its interval.
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
        format!("since the change at {}, though it is declared disabled", case.introduced)
    } else {
        format!("in the {} up to {}", case.window.length().hours_minutes(), case.as_of)
    };
    let (late, within): (Vec<&Activity>, Vec<&Activity>) =
        old.iter().partition(|row| row.first.earliest() > case.as_of);
    let late_count = activity::count(&late);
    let shared = activity::count(&keep(old, |row| row.basis == ClassBasis::Ambiguous));
    let mut more = String::new();
    if late_count > 0 && !within.is_empty() {
        more = format!("; and {} after that, {}", told::times(late_count), told::between(&late));
    }
    let (told, frame) = if within.is_empty() {
        (&late, format!("after {}, of which the report speaks", case.as_of))
    } else {
        (&within, frame)
    };
    if shared > 0 {
        let verb = if shared == 1 { "fits" } else { "fit" };
        more = format!("{more}; {shared} {verb} another class too");
    }
    Some(Claim {
        summary: format!(
            "`{name}` used {} {} {frame}: {}{}{more}",
            told::versions(case, old),
            told::times(activity::count(told)),
            told::between(told),
            told::on(told),
        ),
        remedy: remedy(class, shared),
        cites: told::cites(old)?,
    })
}

fn remedy(class: &ClassCase, shared: u64) -> String {
    let name = class.name();
    let apart = if shared > 0 { "make the `match` tables of the classes disjoint, " } else { "" };
    if class.consumer.disabled {
        return format!("{apart}switch `{name}` off for good, or declare it as a class that runs");
    }
    let how = match class.consumer.refresh {
        Some(Refresh::OnStart) => " (it reads the value when it starts: restart it)",
        Some(Refresh::AtLaunch) => " (it reads the value when it is launched: launch it anew)",
        Some(Refresh::Cached) => " (it caches the value: empty the cache or restart it)",
        Some(Refresh::PerRun) => " (it reads the value on each run: run it)",
        Some(Refresh::PerRequest) => {
            " (it reads the value on each request: look where it reads it from)"
        }
        None => " (restart what reads it at start, launch anew what reads it at launch)",
    };
    format!(
        "{apart}move `{name}` to the new version{how}, then let {} of covered time pass",
        class.silence.needed.hours_minutes_up()
    )
}
