/*! What somebody does whom the plan does not name, as facts. */

use super::error::QueryError;
use super::rows::QueryAnswer;
use crate::facts::ReaderHour;
use crate::model::reads::UndeclaredNew;

pub(super) fn undeclared(answer: &QueryAnswer) -> Result<Vec<ReaderHour>, QueryError> {
    answer.facts(|row| {
        Ok(ReaderHour {
            hints: row.hints(),
            stream: row.stream("stream")?,
            is_since: row.is_one("since_change")?,
            events: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}

pub(super) fn undeclared_new(answer: &QueryAnswer) -> Result<Vec<UndeclaredNew>, QueryError> {
    answer.facts(|row| {
        Ok(UndeclaredNew {
            hints: row.hints(),
            events: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}
