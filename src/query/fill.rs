/*! The answers to the texts, typed. The engine gives rows in any order. */

use crate::facts::{Answers, StatedInstance, cadence};
use crate::model::facts::{Activity, Skew, Tick, Undeclared};
use crate::model::{Binding, ClassBasis, Duration, Kind, MarkerShown, Outcome, State};
use crate::table::Engine;

use super::answers::answer;
use super::error::QueryError;
use super::rows::QueryAnswer;
use super::{holder_hours, jobs, reads, replayed, sessions, stated};

/// Asks everything that a verdict rests on. The engine holds `evidence_by_id`, or a beginning of it, and `params`.
pub fn answers(engine: &mut Engine) -> Result<Answers, QueryError> {
    answers_from(|name| Ok(QueryAnswer::new(name, answer(engine, name)?)))
}

/// The same, from whatever has the answers.
pub(super) fn answers_from(
    mut ask: impl FnMut(&'static str) -> Result<QueryAnswer, QueryError>,
) -> Result<Answers, QueryError> {
    Ok(Answers {
        activity: activity(&ask("activity")?)?,
        ticks: ticks(&ask("ticks")?)?,
        skews: skews(&ask("skews")?)?,
        instances: instances(&ask("instances")?)?,
        statements: stated::statements(&ask("statements")?)?,
        zoneless: stated::zoneless(&ask("zoneless")?)?,
        crossing: jobs::crossing(&ask("crossing")?)?,
        boundary_jobs: jobs::boundary(&ask("boundary_jobs")?)?,
        backlog: jobs::backlog(&ask("backlog")?)?,
        handoffs: jobs::handoffs(&ask("handoffs")?)?,
        attempts: jobs::attempts(&ask("attempts")?)?,
        durations: jobs::amounts(&ask("durations")?)?,
        open_sessions: sessions::open(&ask("open_sessions")?)?,
        undeclared: undeclared(&ask("undeclared")?)?,
        undeclared_reads: reads::undeclared(&ask("undeclared_reads")?)?,
        undeclared_new: reads::undeclared_new(&ask("undeclared_new")?)?,
        holder_hours: holder_hours::hours(&ask("holder_hours")?)?,
        old_minutes: holder_hours::old_minutes(&ask("old_minutes")?)?,
        old_hours: replayed::hours(&ask("old_hours")?)?,
    })
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
    answer.facts(|row| {
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
    })
}

fn ticks(answer: &QueryAnswer) -> Result<Vec<Tick>, QueryError> {
    answer.facts(|row| {
        Ok(Tick {
            class: row.class()?,
            degraded: row.flag("degraded"),
            own: row.is_one("own")?,
            count: row.count("events")?,
            first: row.timestamp("first_us")?,
            last: row.timestamp("last_us")?,
            end: row.timestamp("end_us")?,
        })
    })
}

fn skews(answer: &QueryAnswer) -> Result<Vec<Skew>, QueryError> {
    answer.facts(|row| {
        let (left, right) = (row.stream("stream")?, row.stream("other_stream")?);
        Ok(Skew {
            streams: (left.min(right), left.max(right)),
            requests: row.count("requests")?,
            offset: Duration(row.need("offset_us")?),
        })
    })
}

fn instances(answer: &QueryAnswer) -> Result<Vec<StatedInstance>, QueryError> {
    answer.facts(|row| {
        Ok(StatedInstance {
            class: row.class()?,
            name: row.shared("instance").unwrap_or_default(),
            started: row.stated("started")?,
            starts: row.count("starts")?,
            refreshed: row.stated("refreshed")?,
            stopped: row.stated("stopped")?,
        })
    })
}

fn undeclared(answer: &QueryAnswer) -> Result<Vec<Undeclared>, QueryError> {
    answer.facts(|row| {
        Ok(Undeclared {
            hints: row.hints(),
            events: row.count("events")?,
            first: Some(row.at("first")?),
            last: Some(row.at("last")?),
            since: row.count("since_events")?,
            since_first: row.some_at("since_first")?,
            instances: row.count("instances")?,
            hours: row.count("hours")?,
            cadence: cadence(row.count("hours")?, row.int("gap_us").map(Duration)),
        })
    })
}
