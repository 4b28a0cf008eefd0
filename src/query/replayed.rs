/*! Uses of the old version after an instant, and hour by hour. */

use crate::model::Span;
use crate::model::replay::{Failing, OldHour};
use crate::table::Engine;

use super::answers::answer;
use super::error::QueryError;
use super::rows::QueryAnswer;

/// The uses that would have failed if the old version had been revoked at `revoked_us` of `params`.
pub fn would_fail(engine: &mut Engine) -> Result<Vec<Failing>, QueryError> {
    let name = "would_fail";
    QueryAnswer::new(name, answer(engine, name)?).facts(|row| {
        Ok(Failing {
            class: row.some_class()?,
            shared: row.is("class_basis", "ambiguous"),
            instance: row.shared("instance"),
            events: row.count("events")?,
            degraded: row.count("degraded_events")?,
            first: row.timestamp("first_us")?,
        })
    })
}

/// All uses of the old version, hour by hour.
pub fn old_hours(engine: &mut Engine) -> Result<Vec<OldHour>, QueryError> {
    let name = "old_hours";
    hours(&QueryAnswer::new(name, answer(engine, name)?))
}

pub(super) fn hours(answer: &QueryAnswer) -> Result<Vec<OldHour>, QueryError> {
    answer.facts(|row| {
        Ok(OldHour {
            class: row.some_class()?,
            shared: row.is("class_basis", "ambiguous"),
            hour: row.timestamp("hour_us")?,
            uses: Span { from: row.timestamp("first_us")?, to: row.timestamp("last_us")? },
            events: row.count("events")?,
        })
    })
}
