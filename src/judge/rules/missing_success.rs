/*! Why a class has no fresh success, in one sentence: for the two rules that say so. */

use super::Claim;
use crate::judge::case::Case;
use std::collections::BTreeSet;

use crate::judge::activity;
use crate::judge::class::{ClassCase, keep};
use crate::judge::silence::last_run;
use crate::judge::words::{list, plural};
use crate::model::Timestamp;
use crate::model::finding::Cites;
use crate::model::ledger::SilenceState;

/// What its silence is, and what would end it.
pub(super) fn claim(case: &Case, class: &ClassCase, state: SilenceState) -> Claim {
    let name = class.name();
    let rows = [
        class.last_old_use,
        class.last_new_success,
        activity::latest(&class.tries).map(|row| row.last),
    ];
    let mut rows: Vec<_> = rows.into_iter().flatten().collect();
    rows.sort_by_key(|at| (at.earliest(), at.row));
    rows.dedup();
    let why = why(case, class, state);
    Claim {
        summary: format!(
            "`{name}` has no fresh success on the new version ({}): {why}",
            state.word()
        ),
        remedy: remedy(class, state),
        cites: Cites::silence(case.searched(class))
            .and_rows(rows)
            .and_plan(case.plan.place(class.consumer.site)),
    }
}

fn why(case: &Case, class: &ClassCase, state: SilenceState) -> String {
    let tries = plural(case.tries_in_window(class), "try", "tries");
    let ran = last_run(class).map_or_else(
        || "it was never seen to run".to_owned(),
        |run| format!("it last ran at {run}"),
    );
    match state {
        SilenceState::NeverSeen if class.streams.is_empty() => {
            "no input holds any record of it".to_owned()
        }
        SilenceState::NeverSeen => {
            "records match it, but none shows a version or is a try".to_owned()
        }
        SilenceState::Unobservable if !class.is_covered_in_window() => {
            "no instant of the window is covered, so its silence says nothing".to_owned()
        }
        SilenceState::Unobservable => {
            format!("its {tries} in the window show no version of the plan")
        }
        SilenceState::Active => {
            format!("of its {tries} in the window none counts, {}", not_fresh(class))
        }
        SilenceState::NotDue => next(class).map_or_else(
            || ran.clone(),
            |next| format!("{ran} and need not run again before {next}"),
        ),
        SilenceState::Overdue => next(class).map_or_else(
            || ran.clone(),
            |next| format!("{ran} and should have run again by {next}"),
        ),
        SilenceState::Silent => format!("{ran} and no cadence is known"),
    }
}

/// Why the last new success is not a fresh one.
fn not_fresh(class: &ClassCase) -> String {
    let Some(last) = activity::latest(&class.new_successes) else {
        return elsewhere(class)
            .unwrap_or_else(|| "none of them being a success on the new version".to_owned());
    };
    let at = last.last.earliest();
    let is_after = class.is_after_old_use(activity::Seen::last(last));
    let why = match class.last_old_use {
        Some(old) if !is_after => {
            format!("is not surely later than the old use at {}", old.latest())
        }
        Some(_) | None if last.degraded => "is degraded".to_owned(),
        Some(_) | None if !last.single => {
            "is a counter's or an interval's, not one event".to_owned()
        }
        Some(_) | None => "is too old".to_owned(),
    };
    format!("for the last new success, at {at}, {why}")
}

/// Where it works on the new version, if only where that does not count.
fn elsewhere(class: &ClassCase) -> Option<String> {
    let worked = keep(&class.tries, |row| {
        activity::is_new_use(row)
            && activity::is_success(row)
            && row.first.earliest() >= class.times.introduced
    });
    let seen: BTreeSet<&str> = worked.iter().filter_map(|row| row.environment.as_deref()).collect();
    let seen: Vec<&str> = seen.into_iter().collect();
    let places: Vec<&str> = class.places.iter().flatten().copied().collect();
    (!seen.is_empty()).then(|| {
        format!(
            "since it works on the new version in {} and its successes count in {}",
            list(&seen),
            list(&places)
        )
    })
}

fn next(class: &ClassCase) -> Option<Timestamp> {
    Some(last_run(class)? + class.cadence.length(class.fresh.is_some())?)
}

fn remedy(class: &ClassCase, state: SilenceState) -> String {
    let name = class.name();
    match state {
        SilenceState::NeverSeen if !class.streams.is_empty() => format!(
            "map the fields in which records of `{name}` show the credential and the outcome (`[[source]] fields`), \
             or name their tries in `uses`"
        ),
        SilenceState::NeverSeen | SilenceState::Unobservable => format!(
            "add logs in which tries of `{name}` show the version they used, then run it once on the new one"
        ),
        SilenceState::Active => {
            format!(
                "move `{name}` to the new version and run it once, undegraded, in its usual place"
            )
        }
        SilenceState::NotDue => {
            format!("run `{name}` once on the new version, or wait for its next run")
        }
        SilenceState::Overdue => {
            format!("find out why `{name}` did not run, and run it once on the new version")
        }
        SilenceState::Silent => {
            format!(
                "run `{name}` once on the new version, and declare in `every` how often it runs"
            )
        }
    }
}
