/*! Work as facts: jobs that cross the change, retries, and the duration and size of work. */

use super::error::QueryError;
use super::rows::QueryAnswer;
use crate::model::facts::{
    Amount, Attempts, Backlog, Boundary, Crossing, Handoff, JobEnd, Measure, Period,
};
use crate::model::{Duration, Outcome};

pub(super) fn crossing(answer: &QueryAnswer) -> Result<Vec<Crossing>, QueryError> {
    answer.facts(|row| {
        Ok(Crossing { class: row.class()?, jobs: row.count("jobs")?, example: row.at("example")? })
    })
}

pub(super) fn boundary(answer: &QueryAnswer) -> Result<Vec<Boundary>, QueryError> {
    let outcomes = Outcome::ALL.map(|outcome| (outcome.word(), outcome));
    answer.facts(|row| {
        let minutes = row.need("later_minutes")?;
        Ok(Boundary {
            class: row.class()?,
            outcome: row.word("outcome", &outcomes)?,
            is_old: row.is_one("is_old")?,
            later: Duration::MINUTE.scaled(minutes, 1),
            jobs: row.count("jobs")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

const ENDS: [(&str, JobEnd); 3] =
    [("before", JobEnd::Before), ("since", JobEnd::Since), ("open", JobEnd::Open)];

pub(super) fn backlog(answer: &QueryAnswer) -> Result<Vec<Backlog>, QueryError> {
    answer.facts(|row| {
        Ok(Backlog {
            class: row.class()?,
            is_recent: row.is_one("recent")?,
            end: row.word("ended", &ENDS)?,
            is_seen_since: row.is_one("seen_since")?,
            age: row.int("age_hours").map(|hours| Duration::HOUR.scaled(hours, 1)),
            took: row.int("minutes").map(|minutes| Duration::MINUTE.scaled(minutes, 1)),
            jobs: row.count("jobs")?,
            oldest: row.timestamp("oldest_us")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

pub(super) fn handoffs(answer: &QueryAnswer) -> Result<Vec<Handoff>, QueryError> {
    answer.facts(|row| {
        Ok(Handoff {
            class: row.class()?,
            is_baseline: row.is_one("baseline")?,
            hour: row.timestamp("hour_us")?,
            is_done: row.is_one("done")?,
            took: row.int("minutes").map(|minutes| Duration::MINUTE.scaled(minutes, 1)),
            jobs: row.count("jobs")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

pub(super) fn attempts(answer: &QueryAnswer) -> Result<Vec<Attempts>, QueryError> {
    answer.facts(|row| {
        Ok(Attempts {
            class: row.class()?,
            is_new: row.is_one("is_new")?,
            days: row.count("days")?,
            is_retry: row.is_one("retried")?,
            has_worked: row.is_one("worked")?,
            events: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

const MEASURES: [(&str, Measure); 2] = [("duration", Measure::Duration), ("size", Measure::Size)];

pub(super) fn amounts(answer: &QueryAnswer) -> Result<Vec<Amount>, QueryError> {
    answer.facts(|row| {
        Ok(Amount {
            class: row.class()?,
            measure: row.word("measure", &MEASURES)?,
            period: match row.count("part")? {
                0 => Period::Baseline,
                1 => Period::Since,
                2 => Period::FirstHalf,
                _ => Period::SecondHalf,
            },
            value: row.count("value")?,
            events: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}
