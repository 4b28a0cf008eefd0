/*! Uses of the old version after an instant, and hour by hour. */

use crate::model::replay::{Failing, OldHour};
use crate::table::Engine;

use super::QueryError;
use super::fill::{Answer, Plain};

/// Those that would have failed, had the old version gone at the instant `revoked` of the queries.
pub fn failing(engine: &mut Engine, plain: Plain<'_>) -> Result<Vec<Failing>, QueryError> {
    let answer = Answer::of(engine, "would_fail", plain)?;
    let one = |row: usize| -> Result<Failing, QueryError> {
        Ok(Failing {
            class: answer.some_class(row)?,
            shared: answer.is("class_basis", row, "ambiguous"),
            instance: answer.shared("instance", row),
            events: answer.count("events", row)?,
            degraded: answer.count("degraded_events", row)?,
            first: answer.micros("first_us", row)?,
        })
    };
    let mut all: Vec<Failing> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by(|one, two| {
        (one.class, &one.instance, one.first).cmp(&(two.class, &two.instance, two.first))
    });
    Ok(all)
}

/// All of them, hour by hour.
pub fn old_hours(engine: &mut Engine, plain: Plain<'_>) -> Result<Vec<OldHour>, QueryError> {
    let answer = Answer::of(engine, "old_hours", plain)?;
    let one = |row: usize| -> Result<OldHour, QueryError> {
        Ok(OldHour {
            class: answer.some_class(row)?,
            shared: answer.is("class_basis", row, "ambiguous"),
            hour: answer.micros("hour_us", row)?,
            events: answer.count("events", row)?,
        })
    };
    let mut all: Vec<OldHour> = answer.rows().map(one).collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.hour, one.class, one.shared));
    Ok(all)
}
