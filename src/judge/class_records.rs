/*! What the plan and the records say about one class: its rows, sorted into what rules ask for. */

use std::collections::BTreeSet;

use super::activity::{self, ClockTime, Clocks, keep};
use super::cadence::{self, Cadence};
use super::coverage::{self, StreamCase};
use super::instance::{self, InstanceCase};
use super::spans;
use super::times::DecisionTimes;
use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facts, Statement};
use crate::model::ledger::Truth;
use crate::model::{
    At, ClassBasis, ClassId, Duration, Kind, PathKind, Span, State, Timestamp, Use,
};
use crate::plan::Consumer;

/// The facts, and when each log source recorded.
pub struct Logs<'a, 's> {
    /// All facts of the run.
    pub facts: &'a Facts,
    /// The log sources, in the order of `StreamId`.
    pub streams: &'s [StreamCase<'a>],
}

/// What the plan and the records say about one class.
#[derive(Debug)]
pub struct ClassRecords<'a> {
    /// The number of the class in the plan.
    pub id: ClassId,
    /// What the plan says about it.
    pub consumer: &'a Consumer,
    /// The instants of the case.
    pub times: DecisionTimes,
    /// How well the clocks of its log sources agree.
    pub clocks: Clocks<'a>,
    /// Rows of every kind up to the report's instant, in order of time. Ambiguous rows are included.
    pub rows: Vec<&'a Activity>,
    /// Rows after the report's instant.
    pub after: Vec<&'a Activity>,
    /// The attempts among `rows`.
    pub tries: Vec<&'a Activity>,
    /// The attempts with the old version, whatever their outcome. Ambiguous ones are included.
    pub old_uses: Vec<&'a Activity>,
    /// The last of `old_uses`, by its end.
    pub last_old_use: Option<At>,
    /// Reads since the change that name or return an old version. Ambiguous ones are included.
    pub old_reads: Vec<&'a Activity>,
    /// The last old use in each log source.
    pub old_ends: Vec<ClockTime>,
    /// Successes with the new version since its introduction that match this class alone and lie in its places.
    pub new_successes: Vec<&'a Activity>,
    /// When the first of `new_successes` began.
    pub first_new_success: Option<At>,
    /// When the last of `new_successes` ended.
    pub last_new_success: Option<At>,
    /// Attempts before the introduction that are not with the new version.
    pub baseline: Vec<&'a Activity>,
    /// The environments in which its successes count. `None` if they count everywhere.
    pub places: Option<BTreeSet<&'a str>>,
    /// The log sources in which it appears.
    pub streams: Vec<StreamId>,
    /// When all of these recorded.
    pub covered: Vec<Span>,
    /// When none of these recorded, from the first record of any.
    pub unrecorded: Vec<Span>,
    /// How long it may be silent between two runs.
    pub cadence: Cadence,
    /// Which versions it uses.
    pub truth: Truth,
    /// What configuration and runtime records state about it and its instances.
    pub statements: Vec<&'a Statement>,
    /// Does it authenticate itself: by the plan, or because its attempts show a version?
    pub is_direct: bool,
    /// Its instances, by name.
    pub instances: Vec<InstanceCase<'a>>,
}

impl<'a> ClassRecords<'a> {
    pub(super) fn new(
        times: DecisionTimes,
        id: ClassId,
        consumer: &'a Consumer,
        logs: &Logs<'a, '_>,
    ) -> Self {
        let facts = logs.facts;
        let (rows, after) = rows(id, facts, times.as_of);
        let tries = keep(&rows, |row| row.kind.is_try());
        let old_uses = keep(&tries, activity::is_old_use);
        let places = places(consumer, &tries, times.introduced);
        let new_successes = keep(&tries, |row| {
            activity::is_new_use(row)
                && activity::is_success(row)
                && row.first.earliest() >= times.introduced
                && is_in_place(row, places.as_ref())
        });
        let streams = carriers(id, logs.streams, &rows);
        let carriers = || streams.iter().filter_map(|id| logs.streams.get(id.0 as usize));
        let excused = |stream: &StreamCase| coverage::excused(stream.fact, (id, consumer), facts);
        let holes: Vec<Span> = carriers()
            .flat_map(|stream| spans::subtract(&stream.holes, &excused(stream)))
            .collect();
        let ticks = facts.ticks.iter().filter(|tick| tick.class == id).copied().collect();
        let baseline = cadence::learn(ticks, times.introduced, &spans::normal(holes));
        let clocks = Clocks { skew: consumer.limits.skew, measured: &facts.skews };
        Self {
            id,
            consumer,
            times,
            clocks,
            last_old_use: activity::latest(&old_uses).map(|row| row.last),
            old_ends: activity::ends(&old_uses),
            first_new_success: activity::earliest(&new_successes).map(|row| row.first),
            last_new_success: activity::latest(&new_successes).map(|row| row.last),
            baseline: keep(&tries, |row| is_baseline(row, times.introduced)),
            covered: coverage::common(carriers().map(|stream| (stream, excused(stream)))),
            unrecorded: coverage::unrecorded(carriers(), times.as_of),
            cadence: Cadence::new(consumer.every, baseline),
            truth: activity::truth(&tries, times.window),
            instances: instance::of_class(
                id,
                &rows,
                facts,
                &instance::PresenceTerms { times, gone_after: consumer.limits.gone_after, clocks },
            ),
            is_direct: consumer.usage == Use::Direct || shows_version(&rows),
            statements: facts.statements.iter().filter(|stated| is_stated_of(stated, id)).collect(),
            streams,
            places,
            old_reads: old_reads(&rows, times),
            rows,
            after,
            tries,
            old_uses,
            new_successes,
        }
    }

    /// Its name in the plan.
    pub fn name(&self) -> &'a str {
        &self.consumer.class
    }

    /// Does it authenticate itself, and is it not switched off?
    pub fn is_judged(&self) -> bool {
        self.is_direct && !self.consumer.disabled
    }

    /// Does the plan call it indirect although its attempts show a version?
    pub fn is_wrongly_indirect(&self) -> bool {
        self.is_direct && self.consumer.usage == Use::Indirect
    }

    /// Is it on the exception path?
    pub fn is_exception(&self) -> bool {
        self.consumer.path == PathKind::Exception
    }

    /// Is this use or read of an old version in the window, or after the report's instant? Its clock may be off, so the
    /// window begins earlier by as much, but not before a revocation.
    pub fn is_late_old(&self, row: &Activity) -> bool {
        let start = self.times.as_of - self.times.full_window - self.clocks.of(row.stream);
        let from = self.times.revoked.map_or(start, |revoked| start.max(revoked));
        row.last.latest() >= from
    }

    /// Successes since the change that are not with an old version, in its places. They are all that shows that an
    /// indirect class works.
    pub fn works_since(&self) -> Vec<&'a Activity> {
        keep(&self.tries, |row| {
            activity::is_success(row)
                && row.basis == ClassBasis::Matched
                && row.state != State::Old
                && activity::is_of_plan(row)
                && row.last.earliest() >= self.times.introduced
                && self.is_in_place(row)
        })
    }

    /// When somebody was last handed the old version since the change.
    pub fn last_old_read(&self) -> Option<At> {
        activity::latest(&self.old_reads).map(|row| row.last)
    }

    /// The attempts in the window. An old one is in it if any part of its interval is.
    pub fn in_window(&self) -> Vec<&'a Activity> {
        keep(&self.tries, |row| activity::lies_in(row, self.times.window))
    }

    /// Is the environment of the row one in which successes of the class count?
    pub fn is_in_place(&self, row: &Activity) -> bool {
        is_in_place(row, self.places.as_ref())
    }

    /// Is the last row of the group a fresh success? Call it only for successes that can prove the move.
    pub fn is_fresh(&self, row: &Activity) -> bool {
        let cadence = self.consumer.every.max(self.cadence.gap());
        let age_max = cadence.map(|cadence| cadence.max(self.times.full_window));
        !row.degraded
            && (row.single || self.consumer.limits.aggregates_prove)
            && age_max.is_none_or(|age| row.last.earliest() >= self.times.as_of - age)
            && self.is_after_old_use(ClockTime::last_of(row))
    }

    /// Did this surely come after every old use of the class, by whichever clock?
    pub fn is_after_old_use(&self, good: ClockTime) -> bool {
        self.old_ends.iter().all(|old| good.surely_after(*old, self.clocks))
    }

    /// Is there any time in the window for which we have all of its logs?
    pub fn is_covered_in_window(&self) -> bool {
        self.covered.iter().any(|span| span.intersect(self.times.window).is_some())
    }

    /// How much of the span is logged. The last `lag` counts as in `covered_with_tail`.
    pub fn covered_within(&self, span: Span) -> Duration {
        spans::length_within(&self.covered_with_tail(), span)
    }

    /// The logged time. Records arrive up to `lag` late, so the last `lag` counts as logged if the instant before it
    /// is.
    pub fn covered_with_tail(&self) -> Vec<Span> {
        let end = self.times.as_of;
        let tail = Span { from: end - self.consumer.lag, to: end };
        let mut covered = self.covered.clone();
        if spans::contains(&covered, tail.from) {
            covered.push(tail);
        }
        spans::normal(covered)
    }

    /// Does the class appear in any of these log sources?
    pub fn shares(&self, streams: &[StreamId]) -> bool {
        streams.iter().any(|stream| self.streams.contains(stream))
    }

    /// The instance of that name.
    pub fn instance(&self, name: &str) -> Option<&InstanceCase<'a>> {
        let at = self.instances.binary_search_by(|instance| instance.name.cmp(name)).ok()?;
        self.instances.get(at)
    }
}

/// The rows of the class in order of time: up to the report's instant, and after it.
fn rows(id: ClassId, facts: &Facts, as_of: Timestamp) -> (Vec<&Activity>, Vec<&Activity>) {
    let mut rows: Vec<&Activity> = facts.activity.iter().filter(|row| row.class == id).collect();
    rows.sort_by_key(|row| (row.first.earliest(), row.first.row));
    rows.into_iter().partition(|row| row.first.earliest() <= as_of)
}

fn old_reads<'a>(rows: &[&'a Activity], times: DecisionTimes) -> Vec<&'a Activity> {
    keep(rows, |row| activity::is_old_read(row) && row.last.latest() >= times.introduced)
}

fn is_stated_of(stated: &Statement, id: ClassId) -> bool {
    stated.class == Some(id) && stated.basis == ClassBasis::Matched
}

/// Does it show a version of the plan in what it does, or in a session that is open?
fn shows_version(rows: &[&Activity]) -> bool {
    rows.iter().any(|row| {
        (row.kind.is_try() || row.kind == Kind::Open)
            && row.binding.proves()
            && row.basis == ClassBasis::Matched
    })
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

/// The environments in which its successes count: those of the plan, or else those in which its baseline worked.
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
            && activity::is_of_plan(row)
    });
    // If its old use names environments, work without a marker adds none.
    let with_old_use: BTreeSet<&str> = keep(&worked, activity::is_old_use)
        .into_iter()
        .filter_map(|row| row.environment.as_deref())
        .collect();
    let places = if with_old_use.is_empty() {
        worked.into_iter().filter_map(|row| row.environment.as_deref()).collect()
    } else {
        with_old_use
    };
    (!places.is_empty()).then_some(places)
}

fn carriers(id: ClassId, streams: &[StreamCase], rows: &[&Activity]) -> Vec<StreamId> {
    let named = (0..).map(StreamId).zip(streams);
    let mut carriers: BTreeSet<StreamId> = named
        .filter(|(_, stream)| !stream.fact.is_snapshot && stream.fact.carries.contains(&id))
        .map(|(stream, _)| stream)
        .collect();
    let is_log = |id: &StreamId| streams.get(id.0 as usize).is_none_or(|one| !one.fact.is_snapshot);
    carriers.extend(rows.iter().map(|row| row.stream).filter(is_log));
    carriers.into_iter().collect()
}
