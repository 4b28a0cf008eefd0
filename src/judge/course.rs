/*! The course of the rotation: attempts on a timeline, what happened when, and after a revocation what broke and what
 * is still to come.
 */

use super::activity::{self, ClockTime, keep};
use super::alarm;
use super::case::Case;
use super::class::ClassCase;
use super::failure;
use super::replay;
use crate::model::course::{
    Alarm, Broken, Course, Cycle, Day, Event, KnownAtRevocation, KnownFinding, Lane, Mark,
    Milestone, Readiness, Trace, Watch,
};
use crate::model::decision::Decision;
use crate::model::facts::Activity;
use crate::model::finding::{Finding, Severity};
use crate::model::{At, ClassBasis, Duration, Span, State, Timestamp};

/// At most this many marks of one kind in a lane. More could not be told apart.
const MARKS_MAX: i64 = 200;
/// How many days of each class are shown.
const DAYS: i64 = 14;
/// At most about this many marks on the page: the more lanes, the fewer marks each, so that a page of hundreds of
/// classes still opens at once.
const ALL_MARKS_MAX: usize = 16_000;

/// The whole course, except what reports of other instants say.
pub(super) fn course(case: &Case, findings: &[Finding]) -> Course {
    let span = span(case);
    Course {
        span,
        lanes: lanes(case, findings, span),
        timeline: timeline(case),
        watch: watch(case),
        broken: broken(case),
        what_if: replay::curve(case.plan, &case.facts.old_hours),
        readiness: Vec::new(),
        known: None,
    }
}

/// The verdict of an earlier report, as a point of a curve.
pub fn readiness(decision: &Decision) -> Readiness {
    let count = |severity: Severity| {
        let open = decision.findings.iter().filter(|finding| finding.is_open());
        open.filter(|finding| finding.severity == severity).count() as u64
    };
    Readiness {
        at: decision.as_of,
        verdict: decision.verdict,
        blocks: count(Severity::Blocks),
        withholds: count(Severity::Withholds),
    }
}

/// What was known at the revocation.
pub fn known(decision: &Decision) -> KnownAtRevocation {
    let open = decision.findings.iter().filter(|finding| finding.is_open());
    let findings = open.map(|finding: &Finding| KnownFinding {
        rule: finding.rule,
        severity: finding.severity,
        class: finding.class,
        summary: finding.summary.clone(),
    });
    KnownAtRevocation {
        at: decision.as_of,
        verdict: decision.verdict,
        findings: findings.collect(),
    }
}

/// From the first attempt to the last instant that is shown. The part before the change is at most half as long as the
/// part after it.
fn span(case: &Case) -> Span {
    let plan = &case.plan.rotation;
    let marks = [Some(case.introduced), plan.revoke_target, plan.revoked, Some(case.as_of)];
    let to = marks.into_iter().flatten().max().unwrap_or(case.as_of);
    let tries = case.classes.iter().flat_map(|class| &class.tries);
    let first = tries.map(|row| row.first.earliest()).min().unwrap_or(case.introduced);
    let before = (to - case.introduced).scaled(1, 2).max(Duration::HOUR);
    let from =
        first.max(case.introduced - before).min(case.introduced).min(case.window.from.max(first));
    let edge = (to - from).scaled(1, 50).max(Duration::MINUTE);
    Span { from: from - edge, to: to + edge }
}

fn lanes(case: &Case, findings: &[Finding], span: Span) -> Vec<Lane> {
    let count = case.classes.len().max(1);
    let most = i64::try_from(ALL_MARKS_MAX / count / Trace::ALL.len()).unwrap_or(MARKS_MAX);
    let step = span.length().0 / MARKS_MAX.min(most).max(12);
    let mut lanes: Vec<Lane> = case
        .classes
        .iter()
        .map(|class| Lane {
            class: Some(class.id),
            marks: marks(class, span, step),
            alarm: alarm::of_class(case, class, findings),
            holes: holes(case, class, span),
            days: days(class),
        })
        .collect();
    let marks = undeclared(case, span, step);
    if !marks.is_empty() {
        let (holes, days) = (Vec::new(), Vec::new());
        lanes.push(Lane { class: None, marks, alarm: Alarm::All, holes, days });
    }
    lanes
}

/// Old use that no class matches, up to the report's instant.
fn undeclared(case: &Case, span: Span, step: i64) -> Vec<Mark> {
    let hours = case.facts.old_hours.iter().filter(|old| old.class.is_none());
    let mut uses: Vec<(Span, u64)> = hours.map(|old| (old.uses, old.events)).collect();
    uses.sort_unstable();
    joined(Trace::Old, uses.into_iter(), span, step)
}

fn holes(case: &Case, class: &ClassCase, span: Span) -> Vec<Span> {
    let streams = class.streams.iter().filter_map(|id| case.streams.get(id.0 as usize));
    let holes = streams.flat_map(|stream| stream.holes.clone()).collect();
    super::spans::normal(holes).into_iter().filter_map(|hole| hole.intersect(span)).collect()
}

/// Days of 24 hours that end at the report's instant.
fn days(class: &ClassCase) -> Vec<Day> {
    let end = class.times.as_of;
    let day = |back: i64| {
        let to = end - Duration::DAY.scaled(back, 1);
        let day = Span { from: to - Duration::DAY + Duration(1), to };
        let tries = keep(&class.tries, |row| activity::lies_in(row, day));
        let old = tries.iter().any(|row| activity::is_old_use(row));
        let new = tries.iter().any(|row| activity::is_new_use(row) && activity::is_success(row));
        match (old, new) {
            (true, true) => Day::Both,
            (true, false) => Day::Old,
            (false, true) => Day::New,
            (false, false) if tries.is_empty() => Day::Nothing,
            (false, false) => Day::Neither,
        }
    };
    (0..DAYS).rev().map(day).collect()
}

/// The attempts of a class, by kind.
fn marks(class: &ClassCase, span: Span, step: i64) -> Vec<Mark> {
    let of = |trace: Trace| {
        let tries = keep(&class.tries, |row| is_of(row, trace));
        let extent = |row: &Activity| Span { from: row.first.earliest(), to: row.last.latest() };
        joined(trace, tries.iter().map(|row| (extent(row), row.count)), span, step)
    };
    Trace::ALL.into_iter().flat_map(of).collect()
}

/// Attempts of a kind, in order of time. Those that are closer than `step` become one mark.
fn joined(
    trace: Trace,
    tries: impl Iterator<Item = (Span, u64)>,
    span: Span,
    step: i64,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut last: Option<Mark> = None;
    for (extent, count) in tries {
        let Some(extent) = extent.intersect(span) else { continue };
        match &mut last {
            Some(mark) if (extent.from - mark.span.to).0 <= step => {
                mark.span.to = mark.span.to.max(extent.to);
                mark.count += count;
            }
            _ => marks.extend(last.replace(Mark { trace, span: extent, count })),
        }
    }
    marks.extend(last);
    marks
}

fn is_of(row: &Activity, trace: Trace) -> bool {
    match trace {
        Trace::Old => activity::is_old_use(row),
        Trace::New => activity::is_new_use(row) && activity::is_success(row),
        Trace::Degraded => row.degraded,
        Trace::Unversioned => !row.binding.proves() && activity::is_success(row),
        Trace::Failure => failure::is_failed(row),
    }
}

/// Refusals since the change. Those of the old version count only after its revocation.
fn refusals<'a>(case: &Case, class: &ClassCase<'a>) -> Vec<&'a Activity> {
    let gone = class.times.revoked;
    keep(&class.tries, |row| {
        let since = if row.state == State::Old { gone } else { Some(case.introduced) };
        failure::is_refusal(row) && since.is_some_and(|since| row.first.earliest() >= since)
    })
}

fn timeline(case: &Case) -> Vec<Milestone> {
    let plan = &case.plan.rotation;
    let of_plan = [
        (Some(case.introduced), Event::Introduced),
        (plan.revoke_target, Event::RevokeTarget),
        (plan.revoked, Event::Revoked),
        (Some(case.as_of), Event::AsOf),
    ];
    let of_plan = of_plan
        .into_iter()
        .filter_map(|(time, event)| Some(Milestone { time: time?, event, class: None, at: None }));
    let of_classes = case.classes.iter().flat_map(|class| of_class(case, class));
    let mut milestones: Vec<Milestone> = of_plan.chain(of_classes).collect();
    milestones.sort_by_key(|milestone| (milestone.time, milestone.event, milestone.class));
    milestones
}

fn of_class(case: &Case, class: &ClassCase) -> Vec<Milestone> {
    let refused = refusals(case, class);
    let (first, last) = (activity::earliest(&refused), activity::latest(&refused));
    let recovered = last.and_then(|last| recovered(class, ClockTime::last_of(last)));
    let events = [
        (class.first_new_success, Event::FirstNewSuccess, false),
        (class.last_old_use, Event::LastOldUse, true),
        (first.map(|row| row.first), Event::FirstFailure, false),
        (last.map(|row| row.last), Event::LastFailure, true),
        (recovered, Event::Recovered, false),
    ];
    let milestones = events.into_iter().filter_map(|(at, event, end)| {
        let at = at?;
        let time = if end { at.latest() } else { at.earliest() };
        Some(Milestone { time, event, class: Some(class.id), at: Some(at) })
    });
    milestones.collect()
}

/// The first success with the new version that surely came after that failure.
fn recovered(class: &ClassCase, failed: ClockTime) -> Option<At> {
    let is_later = |success: ClockTime| success.surely_after(failed, class.clocks);
    let later =
        keep(&class.new_successes, |row| !row.degraded && is_later(ClockTime::last_of(row)));
    let row = activity::earliest(&later)?;
    // Of a group that began before the failure, only the last row surely comes after it.
    Some(if is_later(ClockTime::first_of(row)) { row.first } else { row.last })
}

/// The first cycle of each class after the revocation, the worst first.
fn watch(case: &Case) -> Vec<Watch> {
    let Some(revoked) = case.revoked else {
        return Vec::new();
    };
    let mut watched: Vec<Watch> = case.judged().map(|class| cycle(case, class, revoked)).collect();
    watched.sort_by_key(|watch| (watch.cycle, watch.due, watch.class));
    watched
}

fn cycle(case: &Case, class: &ClassCase, revoked: Timestamp) -> Watch {
    let passed = keep(&class.fresh_rows, |row| row.last.earliest() > revoked);
    let at = activity::earliest(&passed)
        .map(|row| if row.first.earliest() > revoked { row.first } else { row.last });
    let before = keep(&class.tries, |row| row.last.latest() <= revoked);
    let last = activity::latest(&before).map_or(revoked, |row| row.last.latest());
    let cadence = class.cadence.length(false);
    let due = cadence.map(|cadence| (last + cadence).max(revoked) + class.consumer.lag);
    let cycle = match (at, due) {
        (Some(_), _) => Cycle::Passed,
        (None, None) => Cycle::Unknown,
        (None, Some(due)) if due <= case.as_of => Cycle::Overdue,
        (None, Some(_)) => Cycle::Due,
    };
    Watch { class: class.id, cycle, due, at }
}

/// The classes that failed after the revocation, in the order of their first failure.
fn broken(case: &Case) -> Vec<Broken> {
    let Some(revoked) = case.revoked else {
        return Vec::new();
    };
    let broken = case.classes.iter().filter_map(|class| broken_class(class, revoked));
    let mut broken: Vec<Broken> = broken.collect();
    broken.sort_by_key(|broken| (broken.first.earliest(), broken.class));
    broken
}

fn broken_class(class: &ClassCase, revoked: Timestamp) -> Option<Broken> {
    let since = keep(&class.tries, |row| row.first.earliest() >= revoked);
    let failed = keep(&since, failure::is_failed);
    let is_sign =
        |row: &Activity| row.degraded || activity::is_old_use(row) || failure::is_failed(row);
    let (first, last) = (activity::earliest(&failed)?, activity::latest(&failed)?);
    let hidden = keep(&since, |row| {
        row.degraded && activity::is_success(row) && row.basis == ClassBasis::Matched
    });
    let mark = activity::earliest(&keep(&since, is_sign)).map_or(first.first, |row| row.first);
    Some(Broken {
        class: class.id,
        failures: activity::count(&failed),
        sign: mark,
        first: first.first,
        last: last.last,
        delay: first.first.earliest() - revoked,
        hidden: activity::count(&hidden),
        recovered: recovered(class, ClockTime::last_of(last)),
    })
}

#[cfg(test)]
mod tests {
    use crate::judge::tests::{World, h, minutes};
    use crate::model::Span;
    use crate::model::course::{Mark, Trace};
    use crate::model::replay::OldHour;

    #[test]
    fn undeclared_uses_are_drawn_where_they_were() {
        let mut world = World::ready();
        for (at, events) in [(h(90) + minutes(12), 1), (h(94) + minutes(40), 3)] {
            let uses = Span { from: at, to: at };
            let old = OldHour { class: None, shared: false, hour: at.hour(), uses, events };
            world = world.facts(|facts| facts.old_hours.push(old));
        }
        let lanes = world.decide().course.lanes;
        let at = |at| Span { from: at, to: at };
        let marks = [
            Mark { trace: Trace::Old, span: at(h(90) + minutes(12)), count: 1 },
            Mark { trace: Trace::Old, span: at(h(94) + minutes(40)), count: 3 },
        ];
        assert_eq!(lanes.len(), 2);
        assert_eq!((lanes[1].class, lanes[1].marks.as_slice()), (None, marks.as_slice()));
    }
}
