/*! Who uses an old version and matches no consumer of the plan. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::ends::{Ends, Uses, most};
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::facts::Undeclared;
use crate::model::{Duration, Timestamp};
use crate::scan::Sym;

/// Uses with the same hints.
#[derive(Default)]
struct Consumer {
    all: Uses,
    since: u64,
    since_ends: Option<Ends>,
    hours: BTreeSet<Timestamp>,
    instances: HashSet<Sym>,
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Undeclared> {
    let mut consumers: Groups<[Sym; 5], Consumer> = Groups::default();
    let uses = asked.rows().filter(|seen| seen.class.is_none() && seen.is_old_use());
    for seen in uses {
        let consumer = consumers.of(seen.hints());
        consumer.all.add(seen);
        consumer.hours.insert(seen.latest().hour());
        consumer.instances.extend(Some(seen.instance()).filter(|instance| *instance != Sym::NONE));
        if seen.latest() >= asked.t0() {
            consumer.since += seen.count;
            consumer.since_ends.get_or_insert_default().add(seen);
        }
    }
    let runs = runs(asked, &consumers);
    let mut runs = runs.into_iter();
    consumers.facts(|(hints, consumer)| {
        let (instances, pause) = runs.next().unwrap_or_default();
        let hours = consumer.hours.len() as u64;
        Undeclared {
            hints: asked.hints(hints),
            events: consumer.all.events,
            first: Some(consumer.all.first()),
            last: Some(consumer.all.last()),
            since: consumer.since,
            since_first: consumer.since_ends.map(Ends::first),
            instances,
            hours,
            cadence: cadence(hours, pause),
        }
    })
}

/// Consumers whose hints are spelled alike.
#[derive(Default)]
struct Spelled {
    /// The hours of each, by its position.
    hours: Vec<(Timestamp, usize)>,
    instances: HashSet<Sym>,
}

/// Of each consumer, how many instances there are of its spelling, and the longest pause in front of one of its hours.
fn runs(
    asked: Beginning<'_>,
    consumers: &Groups<[Sym; 5], Consumer>,
) -> Vec<(u64, Option<Duration>)> {
    let mut spelled: BTreeMap<String, Spelled> = BTreeMap::new();
    let mut runs: Vec<(u64, Option<Duration>)> = Vec::new();
    for (position, (hints, consumer)) in consumers.iter().enumerate() {
        let hints = hints.map(|hint| asked.shared(hint).unwrap_or_default());
        let alike = spelled.entry(hints.join("|")).or_default();
        alike.hours.extend(consumer.hours.iter().map(|hour| (*hour, position)));
        alike.instances.extend(&consumer.instances);
        runs.push((0, None));
    }
    for mut alike in spelled.into_values() {
        alike.hours.sort_unstable();
        let mut before: Option<Timestamp> = None;
        for (hour, position) in alike.hours {
            let (instances, pause) = &mut runs[position];
            *instances = alike.instances.len() as u64;
            most(pause, before.map(|before| hour - before));
            before = Some(hour);
        }
    }
    runs
}

/// The longest pause between the hours of a consumer, if it has three hours or more and they do not all follow each
/// other.
pub fn cadence(hours: u64, pause: Option<Duration>) -> Option<Duration> {
    pause.filter(|pause| hours >= 3 && *pause > Duration::HOUR)
}

pub(super) fn sort(consumers: &mut [Undeclared]) {
    consumers.sort_by(|left, right| {
        (Reverse(left.since), &left.hints).cmp(&(Reverse(right.since), &right.hints))
    });
}
