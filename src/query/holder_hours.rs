/*! Who used the old version within each consumer, hour by hour and minute by minute. */

use super::error::QueryError;
use super::rows::QueryAnswer;
use crate::facts::{HolderHour, number_of};
use crate::model::Timestamp;
use crate::model::VersionState;
use crate::model::facts::{Facet, OldMinute};

const USED: [(&str, Option<VersionState>); 3] =
    [("old", Some(VersionState::Old)), ("new", Some(VersionState::New)), ("none", None)];

pub(super) fn hours(answer: &QueryAnswer) -> Result<Vec<HolderHour>, QueryError> {
    let facets = Facet::ALL.map(|facet| (facet.word(), facet));
    answer.facts(|row| {
        let facet = row.word("facet", &facets)?;
        let value = if facet == Facet::Stream {
            number_of(row.stream("stream_first")?)
        } else {
            row.shared("facet_value").unwrap_or_default()
        };
        Ok(HolderHour {
            class: row.class()?,
            facet,
            value,
            used: row.word("used", &USED)?,
            is_since: row.is_one("since_change")?,
            via: row.shared("via"),
            events: row.count("events")?,
            is_marker: row.is_one("is_marker")?,
            streams: (row.stream("stream_first")?, row.stream("stream_last")?),
            first: row.at("first")?,
            last: row.at("last")?,
            success: row.int("success_us").map(Timestamp),
            success_last: row.some_at("success_last")?,
        })
    })
}

pub(super) fn old_minutes(answer: &QueryAnswer) -> Result<Vec<OldMinute>, QueryError> {
    answer.facts(|row| {
        Ok(OldMinute {
            class: row.class()?,
            instance: row.shared("instance"),
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })
}
