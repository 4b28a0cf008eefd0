/*! Work as facts: jobs that cross the change, retries, and the duration and size of work. */

use super::error::QueryError;
use super::rows::QueryAnswer;
use crate::model::facts::{
    Amount, Attempts, Backlog, Boundary, Crossing, Handoff, JobEnd, Measure, Period,
};
use crate::model::{Duration, Outcome};

pub(super) fn crossing(answer: &QueryAnswer) -> Result<Vec<Crossing>, QueryError> {
    let mut crossing = answer.facts(|row| {
        Ok(Crossing { class: row.class()?, jobs: row.count("jobs")?, example: row.at("example")? })
    })?;
    crossing.sort_by_key(|crossing| crossing.class);
    Ok(crossing)
}

pub(super) fn boundary(answer: &QueryAnswer) -> Result<Vec<Boundary>, QueryError> {
    let outcomes = Outcome::ALL.map(|outcome| (outcome.word(), outcome));
    let mut boundary = answer.facts(|row| {
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
    })?;
    boundary
        .sort_by_key(|jobs| (jobs.class, jobs.first.row, jobs.outcome, jobs.is_old, jobs.later));
    Ok(boundary)
}

const ENDS: [(&str, JobEnd); 3] =
    [("before", JobEnd::Before), ("since", JobEnd::Since), ("open", JobEnd::Open)];

pub(super) fn backlog(answer: &QueryAnswer) -> Result<Vec<Backlog>, QueryError> {
    let mut backlog = answer.facts(|row| {
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
    })?;
    backlog.sort_by_key(|jobs| {
        (jobs.class, jobs.end, jobs.is_recent, jobs.is_seen_since, jobs.age, jobs.took)
    });
    Ok(backlog)
}

pub(super) fn handoffs(answer: &QueryAnswer) -> Result<Vec<Handoff>, QueryError> {
    let mut handoffs = answer.facts(|row| {
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
    })?;
    handoffs.sort_by_key(|jobs| (jobs.class, jobs.hour, jobs.is_baseline, jobs.is_done, jobs.took));
    Ok(handoffs)
}

pub(super) fn attempts(answer: &QueryAnswer) -> Result<Vec<Attempts>, QueryError> {
    let mut attempts = answer.facts(|row| {
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
    })?;
    attempts.sort_by_key(|group| (group.class, group.is_new, group.is_retry, group.has_worked));
    Ok(attempts)
}

const MEASURES: [(&str, Measure); 2] = [("duration", Measure::Duration), ("size", Measure::Size)];

pub(super) fn amounts(answer: &QueryAnswer) -> Result<Vec<Amount>, QueryError> {
    let mut amounts = answer.facts(|row| {
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
    })?;
    amounts.sort_by_key(|amount| (amount.class, amount.measure, amount.period, amount.value));
    Ok(amounts)
}
