/*! Who was handed an old version and matches no consumer of the plan. */

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ends::{Uses, earlier, later};
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::coverage::StreamId;
use crate::model::reads::UndeclaredReader;
use crate::model::{At, Kind, Outcome, Span, State, Timestamp};
use crate::scan::Sym;

/// Reads of one hour with the same hints, by one instance, in one log source, on one side of the change.
#[derive(Clone, Debug)]
pub struct ReaderHour {
    /// Column and value of each hint.
    pub hints: Vec<(&'static str, Arc<str>)>,
    /// The log source.
    pub stream: StreamId,
    /// Were they not before the change?
    pub is_since: bool,
    /// The number of reads.
    pub events: u64,
    /// The first of them.
    pub first: At,
    /// The last of them.
    pub last: At,
}

/// Hints, instance, stream, hour, and whether it is not before the change.
type Key = ([Sym; 5], Sym, Sym, Timestamp, bool);

pub(super) fn fold(asked: Beginning<'_>) -> Vec<ReaderHour> {
    let mut groups: Groups<Key, Uses> = Groups::default();
    let reads = asked.rows().filter(|seen| {
        seen.class.is_none()
            && seen.state == State::Old
            && seen.binding.proves()
            && seen.kind == Kind::Refresh
            && matches!(seen.outcome, Outcome::Success | Outcome::None)
    });
    for seen in reads {
        let is_since = seen.latest() >= asked.t0();
        let hour = seen.latest().hour();
        groups.of((seen.hints(), seen.instance(), seen.stream, hour, is_since)).add(seen);
    }
    groups.facts(|((hints, _, stream, _, is_since), uses)| ReaderHour {
        hints: asked.hints(hints),
        stream: asked.stream(stream),
        is_since,
        events: uses.events,
        first: uses.first(),
        last: uses.last(),
    })
}

/// The readers, sorted by their hints.
pub(super) fn readers(hours: Vec<ReaderHour>) -> Vec<UndeclaredReader> {
    let mut readers: BTreeMap<Vec<(&'static str, Arc<str>)>, UndeclaredReader> = BTreeMap::new();
    for hour in hours {
        let reader = readers.entry(hour.hints).or_insert_with_key(|hints| UndeclaredReader {
            hints: hints.clone(),
            ..UndeclaredReader::default()
        });
        reader.hours.push(Span { from: hour.first.earliest(), to: hour.last.latest() });
        reader.streams.insert(hour.stream);
        if hour.is_since {
            reader.since += hour.events;
            reader.first = earlier(reader.first, hour.first);
            reader.last = later(reader.last, hour.last);
        }
    }
    let mut readers: Vec<UndeclaredReader> = readers.into_values().collect();
    for reader in &mut readers {
        reader.hours.sort_unstable();
    }
    readers
}
