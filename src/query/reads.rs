/*! What somebody does whom the plan does not name, as facts. */

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::QueryError;
use super::rows::{QueryAnswer, earlier, later};
use crate::model::Span;
use crate::model::reads::{UndeclaredNew, UndeclaredReader};

/// The readers, sorted by their hints.
pub(super) fn undeclared(answer: &QueryAnswer) -> Result<Vec<UndeclaredReader>, QueryError> {
    let mut readers: BTreeMap<Vec<(&'static str, Arc<str>)>, UndeclaredReader> = BTreeMap::new();
    for row in answer.rows() {
        let hints = row.hints();
        let reader = readers.entry(hints).or_insert_with_key(|hints| UndeclaredReader {
            hints: hints.clone(),
            ..UndeclaredReader::default()
        });
        let (first, last) = (row.at("first")?, row.at("last")?);
        reader.hours.push(Span { from: first.earliest(), to: last.latest() });
        reader.streams.insert(row.stream("stream")?);
        if row.is_one("since_change")? {
            reader.since += row.count("events")?;
            reader.first = earlier(reader.first, first);
            reader.last = later(reader.last, last);
        }
    }
    let mut readers: Vec<UndeclaredReader> = readers.into_values().collect();
    for reader in &mut readers {
        reader.hours.sort_unstable();
    }
    Ok(readers)
}

/// Those who use the new version, most uses first.
pub(super) fn undeclared_new(answer: &QueryAnswer) -> Result<Vec<UndeclaredNew>, QueryError> {
    let mut groups = answer.facts(|row| {
        Ok(UndeclaredNew {
            hints: row.hints(),
            events: row.count("events")?,
            first: row.at("first")?,
            last: row.at("last")?,
        })
    })?;
    groups.sort_by(|left, right| {
        (Reverse(left.events), &left.hints).cmp(&(Reverse(right.events), &right.hints))
    });
    Ok(groups)
}
