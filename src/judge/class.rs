/*! One class: its rows sorted into what rules ask for. */

use std::collections::BTreeSet;

use super::activity::{self, Clocks, Seen};
use super::cadence::{self, Cadence};
use super::case::DecisionTimes;
use super::coverage::{self, StreamCase};
use super::instance::{self, InstanceCase};
use super::{failure, silence, spans};
use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facts, Statement};
use crate::model::ledger::{Silence, Truth};
use crate::model::{At, ClassBasis, ClassId, Duration, PathKind, Span, State, Timestamp, Use};
use crate::plan::Consumer;

/// One class of the plan and everything known of it.
#[derive(Debug)]
pub struct ClassCase<'a> {
    /// Its number.
    pub id: ClassId,
    /// What the plan says of it.
    pub consumer: &'a Consumer,
    /// The instants of the case.
    pub times: DecisionTimes,
    /// How well the clocks of its streams agree.
    pub clocks: Clocks<'a>,
    /// Rows up to `A` of every kind, its own and ambiguous ones, in order of time.
    pub rows: Vec<&'a Activity>,
    /// Rows after `A`.
    pub after: Vec<&'a Activity>,
    /// The tries among `rows`.
    pub tries: Vec<&'a Activity>,
    /// The tries with the old version, whatever came of them; ambiguous ones too.
    pub old_uses: Vec<&'a Activity>,
    /// The last of these.
    pub last_old_use: Option<At>,
    /// The last of these in each stream.
    pub old_ends: Vec<Seen>,
    /// Successes with the new version that are its own, in its places, in `[T0, A]`.
    pub new_successes: Vec<&'a Activity>,
    /// The first of these.
    pub first_new_success: Option<At>,
    /// The last of these.
    pub last_new_success: Option<At>,
    /// The groups of new successes whose last is a fresh one.
    pub fresh_rows: Vec<&'a Activity>,
    /// The last fresh success.
    pub fresh: Option<At>,
    /// Tries before `T0` that are not new.
    pub baseline: Vec<&'a Activity>,
    /// Where its successes count; none: everywhere.
    pub places: Option<BTreeSet<&'a str>>,
    /// The streams that carry it.
    pub streams: Vec<StreamId>,
    /// The instants at which all of these recorded.
    pub covered: Vec<Span>,
    /// How long it may be silent between two runs.
    pub cadence: Cadence,
    /// What its silence means, how long it is and how long it must be.
    pub silence: Silence,
    /// On which truth it stands.
    pub truth: Truth,
    /// What configuration and runtime records state of it and its instances.
    pub statements: Vec<&'a Statement>,
    /// Its instances, by name.
    pub instances: Vec<InstanceCase<'a>>,
}

impl<'a> ClassCase<'a> {
    /// Works out what rules ask of the class.
    pub fn new(
        times: DecisionTimes,
        (id, consumer): (ClassId, &'a Consumer),
        facts: &'a Facts,
        streams: &[StreamCase<'a>],
    ) -> Self {
        let mut rows: Vec<&Activity> =
            facts.activity.iter().filter(|row| row.class == id).collect();
        rows.sort_by_key(|row| (row.first.earliest(), row.first.row));
        let (rows, after): (Vec<&Activity>, Vec<&Activity>) =
            rows.into_iter().partition(|row| row.first.earliest() <= times.as_of);
        let tries = keep(&rows, |row| row.kind.is_try());
        let old_uses = keep(&tries, activity::is_old_use);
        let last_old_row = activity::latest(&old_uses);
        let places = places(consumer, &tries, times.introduced);
        let new_successes = keep(&tries, |row| {
            activity::is_new_use(row)
                && activity::is_success(row)
                && row.first.earliest() >= times.introduced
                && is_in_place(row, places.as_ref())
        });
        let carriers = carriers(id, streams, &rows);
        let of = |id: &StreamId| streams.get(id.0 as usize);
        let holes: Vec<Span> =
            carriers.iter().filter_map(of).flat_map(|stream| stream.holes.clone()).collect();
        let ticks = facts.ticks.iter().filter(|tick| tick.class == id).copied().collect();
        let mut class = Self {
            id,
            consumer,
            times,
            clocks: Clocks { skew: consumer.limits.skew, measured: &facts.skews },
            last_old_use: last_old_row.map(|row| row.last),
            old_ends: activity::ends(&old_uses),
            first_new_success: activity::earliest(&new_successes).map(|row| row.first),
            last_new_success: activity::latest(&new_successes).map(|row| row.last),
            fresh_rows: Vec::new(),
            fresh: None,
            baseline: keep(&tries, |row| is_baseline(row, times.introduced)),
            covered: coverage::common(carriers.iter().filter_map(of)),
            cadence: Cadence {
                declared: consumer.every,
                learned: cadence::learn(ticks, times.introduced, &spans::normal(holes)),
            },
            silence: Silence::default(),
            truth: activity::truth(&tries, times.window),
            instances: instance::of_class(id, &rows, facts, (times, consumer.limits.gone_after)),
            statements: facts.statements.iter().filter(|one| one.class == id).collect(),
            streams: carriers,
            places,
            rows,
            after,
            tries,
            old_uses,
            new_successes,
        };
        class.fresh_rows = keep(&class.new_successes, |row| class.is_fresh(row));
        class.fresh = activity::latest(&class.fresh_rows).map(|row| row.last);
        class.silence = silence::measure(&class, facts);
        class
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.consumer.class
    }

    /// Does it authenticate itself, and is it not switched off?
    pub fn is_judged(&self) -> bool {
        self.consumer.usage == Use::Direct && !self.consumer.disabled
    }

    /// Is it on the exception path?
    pub fn is_exception(&self) -> bool {
        self.consumer.path == PathKind::Exception
    }

    /// The tries that lie in the window; an old one with any part of its interval.
    pub fn in_window(&self) -> Vec<&'a Activity> {
        keep(&self.tries, |row| activity::lies_in(row, self.times.window))
    }

    /// Does the row lie in one of the class's places?
    pub fn is_in_place(&self, row: &Activity) -> bool {
        is_in_place(row, self.places.as_ref())
    }

    /// Is the last of these rows a fresh success? `row` is one of the new successes.
    pub fn is_fresh(&self, row: &Activity) -> bool {
        let cadence = self.consumer.every.max(self.cadence.gap());
        let age_max = cadence.map(|cadence| cadence.max(self.times.full_window));
        !row.degraded
            && (row.single || self.consumer.limits.aggregates_prove)
            && age_max.is_none_or(|age| row.last.earliest() >= self.times.as_of - age)
            && self.is_after_old_use(Seen::last(row))
    }

    /// Did this surely come after every old use of the class, whichever clock tells it?
    pub fn is_after_old_use(&self, seen: Seen) -> bool {
        self.old_ends.iter().all(|old| seen.surely_after(*old, self.clocks))
    }

    /// Is any instant of the window covered?
    pub fn is_covered_in_window(&self) -> bool {
        self.covered.iter().any(|span| span.intersect(self.times.window).is_some())
    }

    /// Covered time in the span; the last `lag` before `A` counts once `A - lag` is covered.
    pub fn covered_within(&self, span: Span) -> Duration {
        spans::length_within(&self.covered_with_tail(), span)
    }

    /// What is covered, and the last `lag` before `A` where that is taken for covered.
    pub fn covered_with_tail(&self) -> Vec<Span> {
        let end = self.times.as_of;
        let tail = Span { from: end - self.consumer.lag, to: end };
        let mut covered = self.covered.clone();
        if spans::contains(&covered, tail.from) {
            covered.push(tail);
        }
        spans::normal(covered)
    }

    /// What proves that the class works: its fresh successes; of an indirect class, which shows no version, undegraded
    /// successes that are as young and not with the old one.
    pub fn proofs(&self) -> Vec<&'a Activity> {
        match self.consumer.usage {
            Use::Direct => self.fresh_rows.clone(),
            Use::Indirect => keep(&self.tries, |row| {
                activity::is_success(row)
                    && row.basis == ClassBasis::Matched
                    && row.state != State::Old
                    && failure::is_of_plan(row)
                    && row.last.earliest() >= self.times.introduced
                    && self.is_in_place(row)
                    && self.is_fresh(row)
            }),
        }
    }

    /// Does one of these streams carry the class?
    pub fn shares(&self, streams: &[StreamId]) -> bool {
        streams.iter().any(|stream| self.streams.contains(stream))
    }

    /// The instance of that name.
    pub fn instance(&self, name: &str) -> Option<&InstanceCase<'a>> {
        let at = self.instances.binary_search_by(|one| one.name.cmp(name)).ok()?;
        self.instances.get(at)
    }
}

/// The rows for which it holds.
pub fn keep<'a>(rows: &[&'a Activity], holds: impl Fn(&Activity) -> bool) -> Vec<&'a Activity> {
    rows.iter().copied().filter(|row| holds(row)).collect()
}

fn is_baseline(row: &Activity, introduced: Timestamp) -> bool {
    row.first.earliest() < introduced && row.state != State::New
}

fn is_in_place(row: &Activity, places: Option<&BTreeSet<&str>>) -> bool {
    match (places, &row.environment) {
        (Some(places), Some(environment)) => places.contains(&**environment),
        (None, _) | (_, None) => true,
    }
}

/// Where its successes count: where the plan says, else where its baseline worked.
fn places<'a>(
    consumer: &'a Consumer,
    tries: &[&'a Activity],
    introduced: Timestamp,
) -> Option<BTreeSet<&'a str>> {
    let declared: BTreeSet<&str> = consumer.environments.iter().map(String::as_str).collect();
    if !declared.is_empty() {
        return Some(declared);
    }
    let worked = keep(tries, |row| {
        is_baseline(row, introduced)
            && activity::is_success(row)
            && row.basis == ClassBasis::Matched
            && failure::is_of_plan(row)
    });
    // Where its old use shows environments, work without a marker adds none to them.
    let shown: BTreeSet<&str> = keep(&worked, activity::is_old_use)
        .into_iter()
        .filter_map(|row| row.environment.as_deref())
        .collect();
    let places = if shown.is_empty() {
        worked.into_iter().filter_map(|row| row.environment.as_deref()).collect()
    } else {
        shown
    };
    (!places.is_empty()).then_some(places)
}

fn carriers(id: ClassId, streams: &[StreamCase], rows: &[&Activity]) -> Vec<StreamId> {
    let named = (0..).map(StreamId).zip(streams);
    let mut carriers: BTreeSet<StreamId> = named
        .filter(|(_, stream)| stream.fact.carries.contains(&id))
        .map(|(stream, _)| stream)
        .collect();
    carriers.extend(rows.iter().map(|row| row.stream));
    carriers.into_iter().collect()
}
