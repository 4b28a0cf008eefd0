/*! What comes first is written first, and one time is the same in each place that gives it. */

use super::checked::{Checked, require};
use crate::model::course::{Cycle, Event};
use crate::wire::{Instant, Length, Report, Time};

pub(super) fn check(report: &Report) -> Checked {
    let window = report.window;
    require(window.to == report.as_of && window.from <= window.to, || {
        "its window does not end at the time of the report".to_owned()
    })?;
    for class in &report.classes {
        let (first, last) = (class.first_new_success.as_ref(), class.last_new_success.as_ref());
        require(in_order(time(first), time(last)), || {
            format!("the first and the last success of `{}` are not in order", class.name)
        })?;
    }
    for stream in &report.coverage {
        let holes = stream.holes.iter().all(|hole| hole.from <= hole.to);
        require(in_order(stream.from, stream.to) && holes, || {
            format!("the times of the log source `{}` are not in order", stream.stream)
        })?;
    }
    for input in &report.inputs {
        require(in_order(input.first_time, input.last_time), || {
            format!("the times of `{}` are not in order", input.path)
        })?;
    }
    let undeclared = report.undeclared.iter().all(|one| one.first <= one.last);
    require(undeclared, || "the times of an undeclared consumer are not in order".to_owned())?;
    timeline(report)?;
    broken(report)
}

/// Both or neither, the first no later than the last.
fn in_order(first: Option<Time>, last: Option<Time>) -> bool {
    match (first, last) {
        (Some(first), Some(last)) => first <= last,
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn time(instant: Option<&Instant>) -> Option<Time> {
    instant.map(|instant| instant.time)
}

/// The timeline says what the plan and the ledger say.
fn timeline(report: &Report) -> Checked {
    let Some(timeline) = report.timeline.given() else { return Ok(()) };
    require(timeline.is_sorted_by_key(|milestone| milestone.time), || {
        "its timeline is not in order".to_owned()
    })?;
    let of = |event: Event, class: Option<&String>| {
        let of_event = timeline.iter().filter(move |one| one.event.0 == event);
        let mut found = of_event.filter(move |one| one.class.as_ref() == class);
        found.next().map(|milestone| milestone.time)
    };
    let rotation = &report.rotation;
    let mut pairs = vec![
        (of(Event::Introduced, None), Some(rotation.introduced)),
        (of(Event::RevokeTarget, None), rotation.revoke_target),
        (of(Event::Revoked, None), rotation.revoked),
        (of(Event::AsOf, None), Some(report.as_of)),
    ];
    for class in &report.classes {
        let name = Some(&class.name);
        pairs.push((of(Event::FirstNewSuccess, name), time(class.first_new_success.as_ref())));
        pairs.push((of(Event::LastOldUse, name), time(class.last_old_use.as_ref())));
    }
    require(pairs.iter().all(|(said, known)| said == known), || {
        "its timeline does not say what the rest of it says".to_owned()
    })
}

fn broken(report: &Report) -> Checked {
    for watch in report.watch.entries() {
        let passed = watch.cycle.0 == Cycle::Passed;
        let is_due = |cycle: Cycle| match cycle {
            Cycle::Passed => true,
            Cycle::Unknown => watch.due.is_none(),
            Cycle::Overdue => watch.due.is_some_and(|due| due <= report.as_of),
            Cycle::Due => watch.due.is_some_and(|due| due > report.as_of),
        };
        require(passed == watch.passed.is_some() && is_due(watch.cycle.0), || {
            format!("the first cycle of `{}` is not what its times say", watch.class)
        })?;
    }
    let Some(Some(postmortem)) = report.postmortem.given() else { return Ok(()) };
    let Some(revoked) = report.rotation.revoked else { return Ok(()) };
    require(postmortem.known.at == revoked, || {
        "what was known is not of the time of the revocation".to_owned()
    })?;
    for broken in &postmortem.broken {
        let (sign, first) = (broken.first_sign.time, broken.first_failure.time);
        let delay = Length::rounded_down(first.0 - revoked.0);
        require(
            sign <= first && first <= broken.last_failure.time && delay == broken.delay,
            || format!("the failures of `{}` are not in order", broken.class),
        )?;
    }
    Ok(())
}
