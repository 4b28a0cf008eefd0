/*! The answers of the named queries as facts: typed, and sorted, since the engine gives rows in any order. */

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::continuity::missing_since;
use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facts, Instance, Skew, Source, Tick, Undeclared};
use crate::model::{
    At, Binding, ClassBasis, ClassId, Duration, Kind, MarkerShown, Outcome, Span, State, Timestamp,
};
use crate::table::{Engine, Sealed};

use super::asker::{Asker, EmptyAnswers};
use super::error::QueryError;
use super::rows::{AnswerRow, QueryAnswer};
use super::{holders, jobs, reads, replayed, sessions, stated};

/// What facts take from elsewhere than queries.
#[derive(Clone, Copy, Debug)]
pub struct FactInputs<'a> {
    /// The sealed tables.
    pub sealed: &'a Sealed,
    /// The instant of which the report judges.
    pub as_of: Timestamp,
    /// The sources that were read.
    pub sources: &'a [Source],
}

/// Asks everything that a verdict rests on, and says which answers had no rows. The engine holds `evidence_by_id`, or a
/// beginning of it; `known_empty` is what a report over more of the same evidence found to be empty.
pub fn facts(
    engine: &mut Engine,
    inputs: FactInputs<'_>,
    known_empty: &EmptyAnswers,
) -> Result<(Facts, EmptyAnswers), QueryError> {
    let sealed = inputs.sealed;
    let mut asker = Asker::new(engine, known_empty);
    let (followed, left_out) = holders::holders(&asker.ask("holder_hours")?)?;
    let facts = Facts {
        as_of: inputs.as_of,
        activity: activity(&asker.ask("activity")?)?,
        ticks: ticks(&asker.ask("ticks")?)?,
        instances: instances(&asker.ask("instances")?, sealed, inputs.as_of)?,
        statements: stated::statements(&asker.ask("statements")?)?,
        zoneless: stated::zoneless(&asker.ask("zoneless")?)?,
        sources: inputs.sources.to_vec(),
        undeclared: undeclared(&asker.ask("undeclared")?)?,
        undeclared_reads: reads::undeclared(&asker.ask("undeclared_reads")?)?,
        undeclared_new: reads::undeclared_new(&asker.ask("undeclared_new")?)?,
        crossing: jobs::crossing(&asker.ask("crossing")?)?,
        boundary: jobs::boundary(&asker.ask("boundary_jobs")?)?,
        backlog: jobs::backlog(&asker.ask("backlog")?)?,
        handoffs: jobs::handoffs(&asker.ask("handoffs")?)?,
        amounts: jobs::amounts(&asker.ask("durations")?)?,
        attempts: jobs::attempts(&asker.ask("attempts")?)?,
        old_hours: replayed::hours(&asker.ask("old_hours")?)?,
        old_minutes: holders::old_minutes(&asker.ask("old_minutes")?)?,
        holders: followed,
        holders_left_out: left_out,
        streams: sealed.streams.clone(),
        skews: skews(&asker.ask("skews")?)?,
        rejects: sealed.rejects.clone(),
        stray_markers: sealed.stray_markers.clone(),
        partials: sealed.partials.clone(),
        numbers: sealed.numbers.clone(),
        samples: sealed.samples.clone(),
        open_sessions: sessions::open(&asker.ask("open_sessions")?)?,
        inputs: sealed.inputs.clone(),
        accounting: sealed.accounting,
    };
    Ok((facts, asker.empty))
}

const BASES: [(&str, ClassBasis); 2] =
    [("matched", ClassBasis::Matched), ("ambiguous", ClassBasis::Ambiguous)];
const SHOWN: [(&str, MarkerShown); 4] = [
    ("plan", MarkerShown::Plan),
    ("foreign", MarkerShown::Foreign),
    ("novel", MarkerShown::Novel),
    ("none", MarkerShown::None),
];
const BINDINGS: [(&str, Binding); 4] = [
    ("direct", Binding::Direct),
    ("derived", Binding::Derived),
    ("inferred", Binding::Inferred),
    ("none", Binding::None),
];

fn activity(answer: &QueryAnswer) -> Result<Vec<Activity>, QueryError> {
    let states = State::ALL.map(|state| (state.word(), state));
    let kinds = Kind::ALL.map(|kind| (kind.word(), kind));
    let outcomes = Outcome::ALL.map(|outcome| (outcome.word(), outcome));
    let mut activity = answer.facts(|row| {
        Ok(Activity {
            class: row.class()?,
            basis: row.word("class_basis", &BASES)?,
            stream: row.stream("stream")?,
            instance: row.shared("instance"),
            environment: row.shared("environment"),
            version: row.version()?,
            state: row.word("credential_state", &states)?,
            binding: row.word("credential_binding", &BINDINGS)?,
            shown: row.word("shown", &SHOWN)?,
            kind: row.word("kind", &kinds)?,
            outcome: row.word("outcome", &outcomes)?,
            degraded: row.flag("degraded"),
            single: row.is_one("single")?,
            count: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })?;
    activity.sort_by_key(|cell| (cell.class, cell.first.row, cell.last.row, cell.instance.clone()));
    Ok(activity)
}

fn ticks(answer: &QueryAnswer) -> Result<Vec<Tick>, QueryError> {
    let mut ticks = answer.facts(|row| {
        Ok(Tick {
            class: row.class()?,
            degraded: row.flag("degraded"),
            own: row.is_one("own")?,
            count: row.count("events")?,
            first: row.timestamp("first_us")?,
            last: row.timestamp("last_us")?,
            end: row.timestamp("end_us")?,
        })
    })?;
    ticks.sort_by_key(|tick| (tick.class, tick.first, tick.degraded, tick.own));
    Ok(ticks)
}

fn skews(answer: &QueryAnswer) -> Result<Vec<Skew>, QueryError> {
    let mut skews = answer.facts(|row| {
        let (left, right) = (row.stream("stream")?, row.stream("other_stream")?);
        Ok(Skew {
            streams: (left.min(right), left.max(right)),
            requests: row.count("requests")?,
            offset: Duration(row.need("offset_us")?),
        })
    })?;
    skews.sort_by_key(|skew| skew.streams);
    Ok(skews)
}

/// The stream of a cited row.
fn stream_of(sealed: &Sealed, at: At) -> Option<StreamId> {
    let row = sealed.rows.get(usize::try_from(at.row).ok()?)?;
    sealed.stream_id(row.stream)
}

/// What records state of an instance, joined with the spans in which it has any.
fn instances(
    answer: &QueryAnswer,
    sealed: &Sealed,
    as_of: Timestamp,
) -> Result<Vec<Instance>, QueryError> {
    let mut instances: BTreeMap<(ClassId, Arc<str>), Instance> = BTreeMap::new();
    for span in &sealed.presence {
        let Some(name) = &span.instance else { continue };
        let instance = entry(&mut instances, span.class, Arc::from(name.as_str()));
        instance.presence.push(Span { from: span.from, to: span.to });
    }
    for row in answer.rows() {
        let (class, Some(name)) = (row.class()?, row.shared("instance")) else { continue };
        let instance = entry(&mut instances, class, name);
        instance.started = row.stated("started")?;
        instance.started_in = instance.started.and_then(|at| stream_of(sealed, at));
        instance.starts = row.count("starts")?;
        instance.refreshed = row.stated("refreshed")?;
        instance.stopped = row.stated("stopped")?;
        instance.stopped_in = instance.stopped.and_then(|at| stream_of(sealed, at));
    }
    let mut instances: Vec<Instance> = instances.into_values().collect();
    let taken = sealed.listings.iter().filter(|listing| listing.taken <= as_of);
    let missing = missing_since(taken);
    for instance in &mut instances {
        instance.presence.sort_unstable();
        let member = (instance.class, Arc::clone(&instance.name));
        instance.missing_since = missing.get(&member).copied();
    }
    Ok(instances)
}

fn entry(
    instances: &mut BTreeMap<(ClassId, Arc<str>), Instance>,
    class: ClassId,
    name: Arc<str>,
) -> &mut Instance {
    let new = Instance { class, name: Arc::clone(&name), ..Instance::default() };
    instances.entry((class, name)).or_insert(new)
}

fn undeclared(answer: &QueryAnswer) -> Result<Vec<Undeclared>, QueryError> {
    let mut consumers = answer.facts(|row| {
        Ok(Undeclared {
            hints: row.hints(),
            events: row.count("events")?,
            first: Some(row.at("first")?),
            last: Some(row.at("last")?),
            since: row.count("since_events")?,
            since_first: row.some_at("since_first")?,
            instances: row.count("instances")?,
            hours: row.count("hours")?,
            cadence: pause(row)?,
        })
    })?;
    consumers.sort_by(|left, right| {
        (Reverse(left.since), &left.hints).cmp(&(Reverse(right.since), &right.hints))
    });
    Ok(consumers)
}

/// The longest pause between the hours of a consumer, if it has three hours or more and they do not all follow each
/// other.
fn pause(row: AnswerRow<'_>) -> Result<Option<Duration>, QueryError> {
    let hours = row.count("hours")?;
    let pause = row.int("gap_us").map(Duration);
    Ok(pause.filter(|pause| hours >= 3 && *pause > Duration::HOUR))
}
