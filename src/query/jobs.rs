/*! Work as facts: jobs that can cross the change, retries, and what work took and gave. */

use super::QueryError;
use super::fill::Answer;
use crate::model::facts::{Amount, Attempts, Backlog, Boundary, Crossing, Measure, Part};
use crate::model::{Micros, Outcome};

pub(super) fn crossing(answer: &Answer<'_>) -> Result<Vec<Crossing>, QueryError> {
    let one = |row: usize| -> Result<Crossing, QueryError> {
        Ok(Crossing {
            class: answer.class(row)?,
            jobs: answer.count("jobs", row)?,
            example: answer.at("example", row)?,
        })
    };
    let mut all: Vec<Crossing> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|crossing| crossing.class);
    Ok(all)
}

pub(super) fn boundary(answer: &Answer<'_>) -> Result<Vec<Boundary>, QueryError> {
    let outcomes = Outcome::ALL.map(|outcome| (outcome.word(), outcome));
    let one = |row: usize| -> Result<Boundary, QueryError> {
        let minutes = answer.micros("later_minutes", row)?;
        Ok(Boundary {
            class: answer.class(row)?,
            outcome: answer.word("outcome", row, &outcomes)?,
            is_old: answer.is_one("is_old", row)?,
            later: minutes.scaled(Micros::MINUTE.0, 1),
            jobs: answer.count("jobs", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Boundary> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.class, one.first.row, one.outcome, one.is_old, one.later));
    Ok(all)
}

pub(super) fn backlog(answer: &Answer<'_>) -> Result<Vec<Backlog>, QueryError> {
    let one = |row: usize| -> Result<Backlog, QueryError> {
        Ok(Backlog {
            class: answer.class(row)?,
            jobs: answer.count("jobs", row)?,
            oldest: answer.micros("oldest_us", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Backlog> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|backlog| backlog.class);
    Ok(all)
}

pub(super) fn attempts(answer: &Answer<'_>) -> Result<Vec<Attempts>, QueryError> {
    let one = |row: usize| -> Result<Attempts, QueryError> {
        Ok(Attempts {
            class: answer.class(row)?,
            is_new: answer.is_one("is_new", row)?,
            is_retry: answer.is_one("retried", row)?,
            has_worked: answer.is_one("worked", row)?,
            events: answer.count("events", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Attempts> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.class, one.is_new, one.is_retry, one.has_worked));
    Ok(all)
}

const MEASURES: [(&str, Measure); 2] = [("duration", Measure::Duration), ("size", Measure::Size)];

pub(super) fn amounts(answer: &Answer<'_>) -> Result<Vec<Amount>, QueryError> {
    let one = |row: usize| -> Result<Amount, QueryError> {
        Ok(Amount {
            class: answer.class(row)?,
            measure: answer.word("measure", row, &MEASURES)?,
            part: match answer.count("part", row)? {
                0 => Part::Baseline,
                1 => Part::Since,
                2 => Part::FirstHalf,
                _ => Part::SecondHalf,
            },
            value: answer.count("value", row)?,
            events: answer.count("events", row)?,
            first: answer.at("first", row)?,
            last: answer.at("last", row)?,
        })
    };
    let mut all: Vec<Amount> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.class, one.measure, one.part, one.value));
    Ok(all)
}
