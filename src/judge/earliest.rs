/*! When the old version may go at the earliest, if nothing else happens but that time passes, and which class decides it. */

use super::case::Case;
use super::class::ClassCase;
use super::silence::{last_run, quiet_since};
use super::spans;
use crate::model::decision::{Earliest, Mode};
use crate::model::finding::Finding;
use crate::model::ledger::SilenceState;
use crate::model::{Duration, Refresh, Span, Timestamp};

/// What time alone settles: the old use lies back, and the window with it.
const PASSES: [&str; 6] = [
    "old-use-in-window",
    "window-too-short",
    "version-flap",
    "split-brain",
    "layer-contradiction",
    "coverage-hole",
];

/// An instant and what it is reckoned from; or why waiting does not help.
pub(super) type When = Result<(Timestamp, String), String>;

/// For each class, in the plan's order.
pub(super) fn of_classes(case: &Case, findings: &[Finding]) -> Vec<When> {
    case.classes.iter().map(|class| of_class(case, class, findings)).collect()
}

/// For the rotation: the latest of its classes, and none where any of them has none.
pub(super) fn of_rotation(case: &Case, classes: &[When], findings: &[Finding]) -> Option<Earliest> {
    if case.mode == Mode::Planned {
        let because = format!("the new version is introduced at {} only", case.introduced);
        return Some(Earliest { time: None, binding_class: None, because });
    }
    let names = case.classes.iter().map(ClassCase::name);
    let stuck =
        names.clone().zip(classes).find_map(|(name, when)| Some((name, when.as_ref().err()?)));
    if let Some((name, why)) = stuck {
        let binding_class = Some(name.to_owned());
        return Some(Earliest { time: None, binding_class, because: why.clone() });
    }
    let own = open(findings).find(|finding| finding.class.is_none() && !passes(finding));
    if let Some(finding) = own {
        let because = finding.remedy.clone();
        return Some(Earliest { time: None, binding_class: None, because });
    }
    let times = names.zip(classes).filter_map(|(name, when)| Some((when.as_ref().ok()?, name)));
    // Of several that end together the first in the plan.
    let ((time, because), name) = times.rev().max_by_key(|((time, _), _)| *time)?;
    let binding_class = Some(name.to_owned());
    Some(Earliest { time: Some(*time), binding_class, because: because.clone() })
}

/// What keeps the verdict from ready.
fn open(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|finding| finding.is_open())
}

fn passes(finding: &Finding) -> bool {
    PASSES.contains(&finding.rule)
}

fn of_class(case: &Case, class: &ClassCase, findings: &[Finding]) -> When {
    let own: Vec<&Finding> =
        open(findings).filter(|finding| finding.class == Some(class.id)).collect();
    let runs_again = waits_for_its_run(class);
    let is_stuck = |finding: &&&Finding| match finding.rule {
        "silent-consumer" => runs_again.is_none(),
        "window-too-short" => class.cadence.is_unknown() && !class.silence.settled,
        "coverage-hole" => last_hole(case, class).is_none(),
        // A process that reads the value once goes on with what it has.
        "old-use-in-window" => {
            class.consumer.disabled || (class.fresh.is_none() && runs_again.is_none())
        }
        _ => !passes(finding),
    };
    if let Some(finding) = own.iter().find(is_stuck) {
        return Err(finding.remedy.clone());
    }
    let name = class.name();
    if !class.is_judged() {
        return Ok((
            case.introduced,
            format!("nothing is asked of `{name}` but that it used no old version"),
        ));
    }
    let Some(since) = quiet_since(class) else {
        return Err(format!("no instant at which `{name}` could be seen is covered"));
    };
    let factor = if own.iter().any(|finding| finding.rule == "version-flap") { 2 } else { 1 };
    let need = class.silence.needed.scaled(factor, 1);
    let from = match class.last_old_use {
        Some(_) => format!("`{name}` used the old version last at {since}"),
        None => format!("`{name}` could first be seen at {since}"),
    };
    let quiet = reached(class, since, need) + class.consumer.lag;
    let mut all = vec![(
        quiet,
        format!("{from} and needs {} of covered time after it", need.hours_minutes_up()),
    )];
    all.extend(runs_again.map(|at| {
        (
            at + class.consumer.lag,
            format!("`{name}` is to run again by {at}, and has to use the new version then"),
        )
    }));
    if own.iter().any(|finding| finding.rule == "coverage-hole") {
        all.extend(last_hole(case, class).map(|end| {
            let at = end + case.window.length() + class.consumer.lag;
            (at, format!("a hole in the streams of `{name}` up to {end} has to leave the window"))
        }));
    }
    let (time, because) =
        all.into_iter().max_by_key(|(time, _)| *time).expect("there is one at least");
    // What is ready is ready, though the last records may still be on their way.
    Ok((if own.is_empty() { time.min(case.as_of) } else { time }, because))
}

/// When a class that takes the value anew on each run has to run next, where that proof is missing.
fn waits_for_its_run(class: &ClassCase) -> Option<Timestamp> {
    let reads_anew = class.consumer.refresh.is_some_and(Refresh::is_fresh_each_time);
    let is_due = class.silence.state == Some(SilenceState::NotDue);
    let cadence = class.cadence.length(false)?;
    let run = last_run(class)?;
    // Its last run took what there was; one after the change that still took old will do so again.
    (class.fresh.is_none() && reads_anew && is_due && run < class.times.introduced)
        .then_some(run + cadence)
}

/// The end of the last hole in the window, if it has one.
fn last_hole(case: &Case, class: &ClassCase) -> Option<Timestamp> {
    let end = case.as_of - class.consumer.lag;
    let streams = class.streams.iter().filter_map(|id| case.streams.get(id.0 as usize));
    let holes = streams.flat_map(|stream| &stream.holes);
    let within = holes.filter(|hole| hole.intersect(case.window).is_some());
    let last = within.map(|hole| hole.to).max()?;
    (last < end).then_some(last)
}

/// When so much time from `since` on is covered; what is not yet seen is taken for covered.
fn reached(class: &ClassCase, since: Timestamp, need: Duration) -> Timestamp {
    let covered = class.covered_with_tail();
    let mut missing = need;
    for span in
        spans::intersect(&covered, &[Span { from: since, to: class.times.as_of.max(since) }])
    {
        if span.length() >= missing {
            return span.from + missing;
        }
        missing = missing - span.length();
    }
    class.times.as_of.max(since) + missing
}
