/*! Sessions with an old version that no record ended. */

use super::error::QueryError;
use super::rows::{AnswerRow, QueryAnswer};
use crate::model::continuity::{EndedSessions, OpenSessions};
use crate::model::{Duration, Timestamp};

pub(super) fn open(answer: &QueryAnswer) -> Result<Vec<OpenSessions>, QueryError> {
    let ended = |row: AnswerRow<'_>, of: &str| {
        let ended = row.count(&format!("{of}_ended"))?;
        Ok::<_, QueryError>(EndedSessions { of: row.count(of)?, ended })
    };
    answer.facts(|row| {
        Ok(OpenSessions {
            class: row.some_class()?,
            stream: row.stream("stream")?,
            instance: row.shared("instance"),
            count: row.count("sessions")?,
            first: row.at("first")?,
            last: row.at("last")?,
            earlier: ended(row, "earlier")?,
            before_first: ended(row, "before_first")?,
            ends: row.count("ends")?,
            longest: row.int("longest_us").map(Duration),
            listed: row.int("listed_us").map(Timestamp),
        })
    })
}
