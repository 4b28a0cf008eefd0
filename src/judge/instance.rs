/*! One running copy of a class: whether it is alive or gone, and which versions it uses. */

use std::collections::BTreeMap;

use super::activity::keep;
use super::activity::{self, Clocks};
use super::generated_names;
use super::times::DecisionTimes;
use crate::model::facts::{Activity, Facts, Instance};
use crate::model::ledger::Truth;
use crate::model::{At, ClassId, Duration, Span, Timestamp};

/// Whether an instance still runs at the report's instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Nothing says that it does not.
    Here,
    /// It has not been seen for as long as the plan says.
    Lost,
    /// Its end is recorded, by a stop or by a listing without it, and it was not seen later.
    Stopped,
}

/// One instance, and all that rules ask about it.
#[derive(Debug)]
pub struct InstanceCase<'a> {
    /// Its name, unique in its class.
    pub name: &'a str,
    /// Its presence, starts and stops, if any are known.
    pub fact: Option<&'a Instance>,
    /// Its attempts up to the report's instant, in order of time. Ambiguous ones are included.
    pub tries: Vec<&'a Activity>,
    /// The attempts with the old version, whatever their outcome.
    pub old_uses: Vec<&'a Activity>,
    /// Did a platform generate its name?
    pub is_generated: bool,
    /// Whether it still runs.
    pub whereabouts: Whereabouts,
    /// Was it seen in the window?
    pub is_alive: bool,
    /// When it was last seen, up to the report's instant.
    pub last_seen: Option<Timestamp>,
    /// Which versions it uses.
    pub truth: Truth,
}

impl<'a> InstanceCase<'a> {
    /// Is its end recorded?
    pub fn has_stopped(&self) -> bool {
        self.whereabouts == Whereabouts::Stopped
    }

    /// Has it stopped, or has it not been seen for so long that it counts as gone?
    pub fn is_gone(&self) -> bool {
        self.whereabouts != Whereabouts::Here
    }

    /// The last attempt with the old version.
    pub fn last_old_use(&self) -> Option<At> {
        activity::latest(&self.old_uses).map(|row| row.last)
    }

    /// The rows that are of this instance.
    pub fn of(&self, rows: &[&'a Activity]) -> Vec<&'a Activity> {
        keep(rows, |row| row.instance.as_deref() == Some(self.name))
    }

    /// The latest logged start or refresh up to `end`.
    pub fn renewed(&self, end: Timestamp) -> Option<At> {
        let fact = self.fact?;
        let renewals = [fact.started, fact.refreshed].into_iter().flatten();
        renewals.filter(|at| at.earliest() <= end).max_by_key(|at| at.earliest())
    }

    /// Did it surely start after that instant? `shown`: the rows whose clocks show it, if any do.
    pub fn started_after(&self, since: Timestamp, shown: &[&Activity], clocks: Clocks<'_>) -> bool {
        self.fact.is_some_and(|fact| {
            let measured = shown.iter().map(|row| clocks.between(fact.started_in, row.stream));
            let apart = measured.max().unwrap_or_default().max(clocks.skew);
            fact.started.is_some_and(|at| at.earliest() > since && at.earliest() - since >= apart)
        })
    }

    /// Did it surely start before the last of these rows?
    pub fn started_before(&self, row: &Activity, clocks: Clocks<'_>) -> bool {
        self.fact.is_some_and(|fact| {
            let apart = clocks.between(fact.started_in, row.stream);
            let worked = row.last.earliest();
            fact.started.is_some_and(|at| worked > at.latest() && worked - at.latest() >= apart)
        })
    }

    /// When it was first seen in any record.
    pub fn first_seen(&self) -> Option<Timestamp> {
        let presence = self.fact.into_iter().flat_map(|fact| &fact.presence).map(|span| span.from);
        presence.chain(self.tries.iter().map(|row| row.first.earliest())).min()
    }
}

/// The instances of a class, by name.
pub fn of_class<'a>(
    class: ClassId,
    rows: &[&'a Activity],
    facts: &'a Facts,
    terms: &PresenceTerms<'_>,
) -> Vec<InstanceCase<'a>> {
    let mut logged: BTreeMap<&str, Logged<'a>> = BTreeMap::new();
    for fact in facts.instances.iter().filter(|fact| fact.class == class) {
        logged.entry(&fact.name).or_default().fact = Some(fact);
    }
    for row in rows {
        if let Some(name) = &row.instance {
            logged.entry(name).or_default().rows.push(row);
        }
    }
    let generated = generated_names::generated(logged.keys().copied());
    let instances = logged.iter();
    instances.map(|(name, logged)| case(name, logged, generated.contains(name), terms)).collect()
}

/// What decides whether an instance is alive or gone.
pub struct PresenceTerms<'a> {
    /// The instants of the case.
    pub times: DecisionTimes,
    /// After how long without any record an instance counts as gone.
    pub gone_after: Duration,
    /// How well the clocks of its log sources agree.
    pub clocks: Clocks<'a>,
}

/// What is logged about one instance.
#[derive(Default)]
struct Logged<'a> {
    fact: Option<&'a Instance>,
    rows: Vec<&'a Activity>,
}

fn case<'a>(
    name: &'a str,
    logged: &Logged<'a>,
    is_generated: bool,
    terms: &PresenceTerms<'_>,
) -> InstanceCase<'a> {
    let Logged { fact, rows } = logged;
    let (fact, times) = (*fact, terms.times);
    let spans = seen(fact, rows, times.as_of);
    let last_seen = spans.iter().map(|span| span.to).max();
    let tries = keep(rows, |row| row.kind.is_try());
    let has_stopped = is_stopped(fact, last_seen, times.as_of)
        && !tries.iter().any(|row| may_follow_stop(fact, row, terms.clocks));
    let is_lost = last_seen.is_none_or(|last| last < times.as_of - terms.gone_after);
    InstanceCase {
        name,
        fact,
        old_uses: keep(&tries, activity::is_old_use),
        is_generated,
        whereabouts: match has_stopped {
            true => Whereabouts::Stopped,
            false if is_lost => Whereabouts::Lost,
            false => Whereabouts::Here,
        },
        is_alive: spans.iter().any(|span| span.intersect(times.window).is_some()),
        last_seen,
        truth: activity::truth(&tries, times.window),
        tries,
    }
}

fn is_stopped(fact: Option<&Instance>, last_seen: Option<Timestamp>, end: Timestamp) -> bool {
    let Some(fact) = fact else { return false };
    let is_end = |at: Timestamp| last_seen.is_none_or(|last| last <= at);
    let stopped = fact.stopped.filter(|at| at.earliest() <= end);
    stopped.is_some_and(|at| is_end(at.latest()))
        || fact.missing_since.is_some_and(|at| at <= end && is_end(at))
}

/// Whether an attempt may have come after the logged stop: their clocks were measured, and differ by more than the plan
/// says.
fn may_follow_stop(fact: Option<&Instance>, row: &Activity, clocks: Clocks<'_>) -> bool {
    let Some((fact, stopped)) = fact.and_then(|fact| Some((fact, fact.stopped?))) else {
        return false;
    };
    let apart = clocks.between(fact.stopped_in, row.stream);
    apart > clocks.skew && row.last.latest() + apart > stopped.earliest()
}

/// When it was seen up to `end`, by its presence and by its rows.
fn seen(fact: Option<&Instance>, rows: &[&Activity], end: Timestamp) -> Vec<Span> {
    let presence = fact.into_iter().flat_map(|fact| fact.presence.iter().copied());
    let rows = rows.iter().map(|row| Span { from: row.first.earliest(), to: row.last.latest() });
    presence
        .chain(rows)
        .filter(|span| span.from <= end)
        .map(|span| Span { to: span.to.min(end), ..span })
        .collect()
}
