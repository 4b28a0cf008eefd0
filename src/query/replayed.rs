/*! Uses of the old version after an instant, and hour by hour. */

use crate::model::Span;
use crate::model::replay::{Failing, OldHour};
use crate::table::Engine;

use super::answers::answer;
use super::error::QueryError;
use super::rows::QueryAnswer;

/// The uses that would have failed if the old version had been revoked at `revoked_us` of `params`.
pub fn failing(engine: &mut Engine) -> Result<Vec<Failing>, QueryError> {
    let name = "would_fail";
    let mut uses = QueryAnswer::new(name, answer(engine, name)?).facts(|row| {
        Ok(Failing {
            class: row.some_class()?,
            shared: row.is("class_basis", "ambiguous"),
            instance: row.shared("instance"),
            events: row.count("events")?,
            degraded: row.count("degraded_events")?,
            first: row.timestamp("first_us")?,
        })
    })?;
    uses.sort_by(|left, right| {
        let left = (left.class, &left.instance, left.first);
        left.cmp(&(right.class, &right.instance, right.first))
    });
    Ok(uses)
}

/// All uses of the old version, hour by hour.
pub fn old_hours(engine: &mut Engine) -> Result<Vec<OldHour>, QueryError> {
    let name = "old_hours";
    hours(&QueryAnswer::new(name, answer(engine, name)?))
}

pub(super) fn hours(answer: &QueryAnswer) -> Result<Vec<OldHour>, QueryError> {
    let mut hours = answer.facts(|row| {
        Ok(OldHour {
            class: row.some_class()?,
            shared: row.is("class_basis", "ambiguous"),
            hour: row.timestamp("hour_us")?,
            uses: Span { from: row.timestamp("first_us")?, to: row.timestamp("last_us")? },
            events: row.count("events")?,
        })
    })?;
    hours.sort_by_key(|hour| (hour.hour, hour.class, hour.shared));
    Ok(hours)
}
