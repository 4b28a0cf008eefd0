/*! LinkAnswers as facts: typed, and in one order. */

use std::sync::Arc;

use crate::model::coverage::StreamId;
use crate::model::facts::{Activity, Facts, Instance, Skew, Source, Tick, Undeclared};
use crate::model::{
    At, Binding, ClassBasis, ClassId, Kind, Micros, Outcome, Shown, Span, State, TimeBasis,
    VersionId, When,
};
use crate::table::{Engine, PlainTable, PlanNames, Sealed};

use super::{QueryError, ask, jobs, replayed, stated};

/// The hints by which undeclared consumers are grouped.
const HINTS: [&str; 5] = ["service_name", "user_agent", "principal", "client_address", "host_name"];

/// What facts need beside the queries' answers.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The sealed tables.
    pub sealed: &'a Sealed,
    /// The plan's names.
    pub names: &'a PlanNames,
    /// The instant the report speaks of.
    pub as_of: Micros,
    /// The sources that were read.
    pub sources: &'a [Source],
}

/// Asks all that a verdict may rest on.
pub fn facts(engine: &mut Engine, plain: Plain<'_>) -> Result<Facts, QueryError> {
    let sealed = plain.sealed;
    Ok(Facts {
        as_of: plain.as_of,
        activity: activity(&Answer::of(engine, "activity", plain)?)?,
        ticks: ticks(&Answer::of(engine, "ticks", plain)?)?,
        instances: instances(&Answer::of(engine, "instances", plain)?, sealed)?,
        statements: stated::statements(&Answer::of(engine, "statements", plain)?)?,
        zoneless: stated::zoneless(&Answer::of(engine, "zoneless", plain)?)?,
        sources: plain.sources.to_vec(),
        undeclared: undeclared(&Answer::of(engine, "undeclared", plain)?)?,
        crossing: jobs::crossing(&Answer::of(engine, "crossing", plain)?)?,
        boundary: jobs::boundary(&Answer::of(engine, "boundary_jobs", plain)?)?,
        backlog: jobs::backlog(&Answer::of(engine, "backlog", plain)?)?,
        amounts: jobs::amounts(&Answer::of(engine, "durations", plain)?)?,
        attempts: jobs::attempts(&Answer::of(engine, "attempts", plain)?)?,
        old_hours: replayed::old_hours(engine, plain)?,
        streams: sealed.streams.clone(),
        skews: skews(&Answer::of(engine, "skews", plain)?)?,
        rejects: sealed.rejects.clone(),
        unmapped: sealed.unmapped.clone(),
        inputs: sealed.inputs.clone(),
        accounting: sealed.accounting,
    })
}

/// An answer with what its words stand for.
pub(super) struct Answer<'a> {
    name: &'static str,
    grid: PlainTable,
    plain: Plain<'a>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(
        engine: &mut Engine,
        name: &'static str,
        plain: Plain<'a>,
    ) -> Result<Self, QueryError> {
        Ok(Self { name, grid: ask(engine, name)?, plain })
    }

    pub(super) fn rows(&self) -> std::ops::Range<usize> {
        0..self.grid.height()
    }

    fn shape(&self, column: &str) -> QueryError {
        QueryError::Shape { name: self.name.to_owned(), column: column.to_owned() }
    }

    fn int(&self, column: &str, row: usize) -> Option<i64> {
        self.grid.column(column).and_then(|values| values.int(row))
    }

    /// Is the number in that column a one?
    pub(super) fn is_one(&self, column: &str, row: usize) -> Result<bool, QueryError> {
        Ok(self.need(column, row)? == 1)
    }

    fn need(&self, column: &str, row: usize) -> Result<i64, QueryError> {
        self.int(column, row).ok_or_else(|| self.shape(column))
    }

    pub(super) fn count(&self, column: &str, row: usize) -> Result<u64, QueryError> {
        u64::try_from(self.need(column, row)?).map_err(|_| self.shape(column))
    }

    pub(super) fn micros(&self, column: &str, row: usize) -> Result<Micros, QueryError> {
        self.need(column, row).map(Micros)
    }

    fn text(&self, column: &str, row: usize) -> Option<&str> {
        self.grid.column(column).and_then(|values| values.text(row))
    }

    pub(super) fn shared(&self, column: &str, row: usize) -> Option<Arc<str>> {
        self.text(column, row).map(Arc::from)
    }

    fn flag(&self, column: &str, row: usize) -> bool {
        self.grid.column(column).and_then(|values| values.flag(row)).unwrap_or(false)
    }

    pub(super) fn some_class(&self, row: usize) -> Result<Option<ClassId>, QueryError> {
        self.text("consumer_class", row).map(|_| self.class(row)).transpose()
    }

    pub(super) fn is(&self, column: &str, row: usize, word: &str) -> bool {
        self.text(column, row) == Some(word)
    }

    pub(super) fn class(&self, row: usize) -> Result<ClassId, QueryError> {
        let name = self.text("consumer_class", row);
        let mut classes = self.plain.names.classes.iter().zip((0..).map(ClassId));
        classes
            .find(|(class, _)| Some(class.as_str()) == name)
            .map(|(_, id)| id)
            .ok_or_else(|| self.shape("consumer_class"))
    }

    pub(super) fn stream(&self, column: &str, row: usize) -> Result<StreamId, QueryError> {
        let name = self.text(column, row);
        let mut known = (0..).map(StreamId).zip(&self.plain.sealed.streams);
        known
            .find(|(_, known)| Some(known.name.as_str()) == name)
            .map(|(id, _)| id)
            .ok_or_else(|| self.shape(column))
    }

    pub(super) fn word<T: Copy>(
        &self,
        column: &str,
        row: usize,
        all: &[(&'static str, T)],
    ) -> Result<T, QueryError> {
        let word = self.text(column, row);
        all.iter()
            .find(|(known, _)| Some(*known) == word)
            .map(|(_, value)| *value)
            .ok_or_else(|| self.shape(column))
    }

    /// An instant and the row that says so; its columns begin with `first`, `last` and the like.
    pub(super) fn at(&self, column: &str, row: usize) -> Result<At, QueryError> {
        let at = self.micros(&format!("{column}_us"), row)?;
        let end = self.micros(&format!("{column}_end_us"), row)?;
        let coarse = end > at;
        let basis = if coarse { TimeBasis::Coarse } else { TimeBasis::Exact };
        let when = When { at, end: coarse.then_some(end), basis };
        Ok(At { when, row: self.count(&format!("{column}_row"), row)? })
    }

    fn some_at(&self, column: &str, row: usize) -> Result<Option<At>, QueryError> {
        let present = self.int(&format!("{column}_us"), row).is_some();
        present.then(|| self.at(column, row)).transpose()
    }

    fn stated(&self, column: &str, row: usize) -> Result<Option<At>, QueryError> {
        let Some(at) = self.int(&format!("{column}_us"), row) else { return Ok(None) };
        let cited = self.count(&format!("{column}_row"), row)?;
        Ok(Some(At { when: When::exact(Micros(at)), row: cited }))
    }
}

const BASES: [(&str, ClassBasis); 2] =
    [("matched", ClassBasis::Matched), ("ambiguous", ClassBasis::Ambiguous)];
const SHOWN: [(&str, Shown); 4] = [
    ("plan", Shown::Plan),
    ("foreign", Shown::Foreign),
    ("novel", Shown::Novel),
    ("none", Shown::None),
];
const BINDINGS: [(&str, Binding); 4] = [
    ("direct", Binding::Direct),
    ("derived", Binding::Derived),
    ("inferred", Binding::Inferred),
    ("none", Binding::None),
];

fn activity(answer: &Answer<'_>) -> Result<Vec<Activity>, QueryError> {
    let versions = &answer.plain.names.versions;
    let states = State::ALL.map(|state| (state.word(), state));
    let kinds = Kind::ALL.map(|kind| (kind.word(), kind));
    let outcomes = Outcome::ALL.map(|outcome| (outcome.word(), outcome));
    let one = |row: usize| -> Result<Activity, QueryError> {
        let version = answer.text("credential_version", row);
        let mut numbered = (0..).map(VersionId).zip(versions);
        Ok(Activity {
            class: answer.class(row)?,
            basis: answer.word("class_basis", row, &BASES)?,
            stream: answer.stream("stream", row)?,
            instance: answer.shared("instance", row),
            environment: answer.shared("environment", row),
            version: numbered.find(|(_, known)| Some(known.as_str()) == version).map(|(id, _)| id),
            state: answer.word("credential_state", row, &states)?,
            binding: answer.word("credential_binding", row, &BINDINGS)?,
            shown: answer.word("shown", row, &SHOWN)?,
            kind: answer.word("kind", row, &kinds)?,
            outcome: answer.word("outcome", row, &outcomes)?,
            degraded: answer.flag("degraded", row),
            single: answer.is_one("single", row)?,
            count: answer.count("events", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Activity> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|cell| (cell.class, cell.first.row, cell.last.row, cell.instance.clone()));
    Ok(all)
}

fn ticks(answer: &Answer<'_>) -> Result<Vec<Tick>, QueryError> {
    let one = |row: usize| -> Result<Tick, QueryError> {
        Ok(Tick {
            class: answer.class(row)?,
            degraded: answer.flag("degraded", row),
            own: answer.is_one("own", row)?,
            count: answer.count("events", row)?,
            first: answer.micros("first_us", row)?,
            last: answer.micros("last_us", row)?,
            end: answer.micros("end_us", row)?,
        })
    };
    let mut all: Vec<Tick> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|tick| (tick.class, tick.first, tick.degraded, tick.own));
    Ok(all)
}

fn skews(answer: &Answer<'_>) -> Result<Vec<Skew>, QueryError> {
    let one = |row: usize| -> Result<Skew, QueryError> {
        let (one, two) = (answer.stream("stream", row)?, answer.stream("other_stream", row)?);
        Ok(Skew {
            streams: (one.min(two), one.max(two)),
            requests: answer.count("requests", row)?,
            offset: answer.micros("offset_us", row)?,
        })
    };
    let mut all: Vec<Skew> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|skew| skew.streams);
    Ok(all)
}

/// The stream of a cited row.
fn stream_of(sealed: &Sealed, at: At) -> Option<StreamId> {
    let row = sealed.rows.get(usize::try_from(at.row).ok()?)?;
    let name = sealed.text(row.stream)?;
    let found = sealed.streams.iter().position(|stream| stream.name == name)?;
    u32::try_from(found).ok().map(StreamId)
}

/// What records state of an instance, joined with when it was seen.
fn instances(answer: &Answer<'_>, sealed: &Sealed) -> Result<Vec<Instance>, QueryError> {
    let mut all: std::collections::BTreeMap<(ClassId, Arc<str>), Instance> =
        std::collections::BTreeMap::new();
    for seen in &sealed.presence {
        let Some(name) = &seen.instance else { continue };
        let name: Arc<str> = Arc::from(name.as_str());
        let new = || Instance { class: seen.class, name: Arc::clone(&name), ..Instance::default() };
        let instance = all.entry((seen.class, Arc::clone(&name))).or_insert_with(new);
        instance.presence.push(Span { from: seen.from, to: seen.to });
    }
    for row in answer.rows() {
        let (class, Some(name)) = (answer.class(row)?, answer.shared("instance", row)) else {
            continue;
        };
        let new = || Instance { class, name: Arc::clone(&name), ..Instance::default() };
        let instance = all.entry((class, Arc::clone(&name))).or_insert_with(new);
        instance.started = answer.stated("started", row)?;
        instance.started_in = instance.started.and_then(|at| stream_of(sealed, at));
        instance.starts = answer.count("starts", row)?;
        instance.refreshed = answer.stated("refreshed", row)?;
        instance.stopped = answer.stated("stopped", row)?;
    }
    let mut all: Vec<Instance> = all.into_values().collect();
    for instance in &mut all {
        instance.presence.sort_unstable();
    }
    Ok(all)
}

fn undeclared(answer: &Answer<'_>) -> Result<Vec<Undeclared>, QueryError> {
    let one = |row: usize| -> Result<Undeclared, QueryError> {
        let hints = HINTS.iter().filter_map(|hint| Some((*hint, answer.shared(hint, row)?)));
        Ok(Undeclared {
            hints: hints.collect(),
            events: answer.count("events", row)?,
            first: Some(answer.at("first", row)?),
            last: Some(answer.at("last", row)?),
            since: answer.count("since_events", row)?,
            since_first: answer.some_at("since_first", row)?,
            instances: answer.count("instances", row)?,
            hours: answer.count("hours", row)?,
            cadence: pause(answer, row)?,
        })
    };
    let mut all: Vec<Undeclared> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by(|one, two| {
        (std::cmp::Reverse(one.since), &one.hints).cmp(&(std::cmp::Reverse(two.since), &two.hints))
    });
    Ok(all)
}

/// The longest pause between its hours; two hours, or hours that follow each other, have none to speak of.
fn pause(answer: &Answer<'_>, row: usize) -> Result<Option<Micros>, QueryError> {
    let hours = answer.count("hours", row)?;
    let pause = answer.int("gap_us", row).map(Micros);
    Ok(pause.filter(|pause| hours >= 3 && *pause > Micros::HOUR))
}
