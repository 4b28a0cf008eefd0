/*! Why no success proves that a consumer moved: one sentence, shared by the two rules that say so. */

use super::{Claim, Rule};
use crate::judge::case::Case;
use crate::judge::phrases;
use crate::wording::{count, list, silence};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::judge::activity::{self, keep};
use crate::judge::class::ClassCase;
use crate::judge::silence::last_run;
use crate::model::coverage::RejectRun;
use crate::model::facts::Activity;
use crate::model::finding::{Cites, Finding};
use crate::model::ledger::SilenceState;
use crate::model::{State, Timestamp};

/// What the silence of the class means, and what would end it. `path` comes before the name of the class.
pub(super) fn finding(
    rule: &Rule,
    case: &Case,
    class: &ClassCase,
    (state, path): (SilenceState, &str),
) -> Finding {
    let asks_to_move = match state {
        SilenceState::Active => true,
        SilenceState::NotDue => class.awaited_run().is_none(),
        _ => false,
    };
    let claim = claim(case, class, state, path);
    Finding { asks_to_move, ..rule.finding(Some(class.id), claim) }
}

fn claim(case: &Case, class: &ClassCase, state: SilenceState, path: &str) -> Claim {
    let (name, new) = (class.name(), phrases::new_versions(case));
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
            "no success proves that {path}`{name}` works on {new} ({}): {why}",
            silence(state)
        ),
        remedy: remedy(case, class, state, &new),
        cites: Cites::silence(case.searched(class))
            .and_rows(rows)
            .and_plan(case.plan.place(class.consumer.site)),
    }
}

fn why(case: &Case, class: &ClassCase, state: SilenceState) -> String {
    let ran = last_run(class).map_or_else(
        || "it was never seen to run".to_owned(),
        |run| format!("it last ran at {run}"),
    );
    match state {
        SilenceState::NeverSeen => never_seen(case, class),
        SilenceState::Unobservable if !class.is_covered_in_window() => {
            "its logs do not reach into the window, so its silence proves nothing".to_owned()
        }
        SilenceState::Unobservable => {
            format!("{} a version of the plan", no_attempt(case, class, "shows"))
        }
        SilenceState::Active => not_fresh(case, class),
        SilenceState::NotDue => next(class).map_or_else(
            || ran.clone(),
            |next| format!("{ran}, and its next run is due by {next}"),
        ),
        SilenceState::Overdue => next(class).map_or_else(
            || ran.clone(),
            |next| format!("{ran} and should have run again by {next}"),
        ),
        SilenceState::Silent => format!("{ran}, and how often it runs is not known"),
    }
}

/// Nothing of it is evidence. Records that were rejected may be its.
fn never_seen(case: &Case, class: &ClassCase) -> String {
    // Records after the instant of the report may be attempts.
    let until =
        if class.after.is_empty() { String::new() } else { format!(" up to {}", case.as_of) };
    let seen = format!("records match it, but none{until} shows a version or is an attempt");
    let Some((n, reason)) = rejected(case, class) else {
        return if class.streams.is_empty() {
            "no input holds a record of it".to_owned()
        } else {
            seen
        };
    };
    let (records, were) = (count(n, "record"), if n == 1 { "was" } else { "were" });
    if class.streams.is_empty() {
        format!(
            "no record of it is evidence, but {records} {were} rejected, most often for `{reason}`, and may be its"
        )
    } else {
        format!("{seen}; {records} of its logs {were} rejected, most often for `{reason}`")
    }
}

/// How many records were rejected that may be of the class, and the commonest reason.
fn rejected<'a>(case: &'a Case, class: &ClassCase) -> Option<(u64, &'a str)> {
    let concerns = |run: &&RejectRun| class.streams.is_empty() || class.shares(&run.streams);
    let runs: Vec<&RejectRun> = case.facts.rejects.iter().filter(concerns).collect();
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, n) in runs.iter().flat_map(|run| &run.reasons) {
        *reasons.entry(reason).or_default() += n;
    }
    let (reason, _) = reasons.into_iter().max_by_key(|(reason, n)| (*n, Reverse(*reason)))?;
    Some((runs.iter().map(|run| run.count).sum(), reason))
}

/// `none of its 7 attempts in the window shows`.
fn no_attempt(case: &Case, class: &ClassCase, verb: &str) -> String {
    match case.tries_in_window(class) {
        1 => format!("not even its only attempt in the window {verb}"),
        n => format!("none of its {} in the window {verb}", count(n, "attempt")),
    }
}

/// Why none of its successes on the new version is fresh.
fn not_fresh(case: &Case, class: &ClassCase) -> String {
    let new = phrases::new_versions(case);
    let Some(last) = activity::latest(&class.new_successes) else {
        return elsewhere(class)
            .or_else(|| shared(class, &new))
            .unwrap_or_else(|| format!("{} on {new}", no_attempt(case, class, "succeeded")));
    };
    let at = last.last.earliest();
    let is_after = class.is_after_old_use(activity::ClockTime::last_of(last));
    let why = match class.last_old_use {
        Some(old) if !is_after => {
            format!("is not surely later than its last old use at {}", old.latest())
        }
        Some(_) | None if last.degraded => "went through the fallback".to_owned(),
        Some(_) | None if !last.single => "is known from a count or an interval alone".to_owned(),
        Some(_) | None => "is too long ago".to_owned(),
    };
    format!("its last success on {new}, at {at}, {why}")
}

/// Where it works on the new version, if it works only in environments that do not count.
fn elsewhere(class: &ClassCase) -> Option<String> {
    let worked = keep(&class.tries, |row| {
        activity::is_new_use(row)
            && activity::is_success(row)
            && row.first.earliest() >= class.times.introduced
    });
    let environments: BTreeSet<&str> =
        worked.iter().filter_map(|row| row.environment.as_deref()).collect();
    let environments: Vec<&str> = environments.into_iter().collect();
    let places: Vec<&str> = class.places.iter().flatten().copied().collect();
    (!environments.is_empty()).then(|| {
        format!(
            "it works on the new version in {}, but its successes count in {}",
            list(&environments),
            list(&places)
        )
    })
}

/// Its successes on the new version, if each of them also matches another consumer.
fn shared(class: &ClassCase, new: &str) -> Option<String> {
    let is_new_success = |row: &&Activity| {
        row.state == State::New && row.binding.proves() && activity::is_success(row)
    };
    class
        .in_window()
        .iter()
        .any(is_new_success)
        .then(|| format!("its successes on {new} do not count: they also match another consumer"))
}

fn next(class: &ClassCase) -> Option<Timestamp> {
    Some(last_run(class)? + class.cadence.length(class.fresh.is_some())?)
}

fn remedy(case: &Case, class: &ClassCase, state: SilenceState, new: &str) -> String {
    let name = class.name();
    match state {
        SilenceState::NeverSeen if rejected(case, class).is_some() => format!(
            "look at the rejected records: if they are of `{name}`, say in a `[[source]]` how they are read (`outcomes` \
             for words of the outcome, `fields` for the rest), then run it once on {new}"
        ),
        SilenceState::NeverSeen if !class.streams.is_empty() => format!(
            "map the fields in which records of `{name}` show the credential and the outcome (`[[source]] fields`), \
             or name its attempts in `uses`"
        ),
        SilenceState::NeverSeen | SilenceState::Unobservable => format!(
            "add logs in which attempts of `{name}` show the version they use, then run it once on {new}"
        ),
        SilenceState::Active => {
            let places: Vec<&str> = class.places.iter().flatten().copied().collect();
            let place =
                if places.is_empty() { String::new() } else { format!(" in {}", list(&places)) };
            let without =
                if class.consumer.fallback.is_empty() { "" } else { " without the fallback" };
            format!("move `{name}` to {new} and run it once{place}{without}")
        }
        SilenceState::NotDue if class.awaited_run().is_some() => {
            format!("run `{name}` once on {new}, or wait for its next run")
        }
        // Its next run will take the value that it has.
        SilenceState::NotDue => format!("move `{name}` to {new}, and run it once"),
        SilenceState::Overdue => {
            format!("find out why `{name}` did not run, and run it once on {new}")
        }
        SilenceState::Silent => {
            format!("run `{name}` once on {new}, and declare in `every` how often it runs")
        }
    }
}
