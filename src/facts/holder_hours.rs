/*! Who used an old version within each consumer, told apart by instance, host, environment, service, principal,
 * address, user agent (without its version), action or log source, and what each did in each hour.
 */

use std::collections::HashSet;
use std::sync::Arc;

use super::columns::{ACTION, ADDRESS, ENVIRONMENT, HOST, INSTANCE, PRINCIPAL, SERVICE};
use super::ends::{Ends, Uses};
use super::evidence::{Beginning, Seen};
use super::groups::Groups;
use crate::model::coverage::StreamId;
use crate::model::credential::VersionState;
use crate::model::facts::Facet;
use crate::model::{At, ClassBasis, ClassId, Outcome, State, Timestamp};
use crate::scan::Sym;

/// What somebody did in one hour with one version, on one side of the change.
#[derive(Clone, Debug)]
pub struct HolderHour {
    /// The class that it is a member of.
    pub class: ClassId,
    /// What tells its members apart.
    pub facet: Facet,
    /// What records show there; of a log source its number.
    pub value: Arc<str>,
    /// The version, if records prove one of the plan.
    pub used: Option<VersionState>,
    /// Is it not before the change?
    pub is_since: bool,
    /// The instance that used the old version, if logged.
    pub via: Option<Arc<str>>,
    /// The number of attempts.
    pub events: u64,
    /// Is the value the marker itself?
    pub is_marker: bool,
    /// The streams with the least and the greatest number.
    pub streams: (StreamId, StreamId),
    /// The first attempt.
    pub first: At,
    /// The last attempt.
    pub last: At,
    /// When the first success began.
    pub success: Option<Timestamp>,
    /// The last success.
    pub success_last: Option<At>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    class: ClassId,
    facet: Facet,
    value: Sym,
    used: Option<VersionState>,
    is_since: bool,
    via: Sym,
    hour: Timestamp,
}

#[derive(Clone, Copy, Default)]
struct Hour {
    uses: Uses,
    is_marker: bool,
    streams: Option<(StreamId, StreamId)>,
    successes: Option<Ends>,
}

/// A row that counts.
#[derive(Clone, Copy)]
struct Attempt<'r> {
    seen: Seen<'r>,
    class: ClassId,
    used: Option<VersionState>,
    facets: [(Facet, Sym); 9],
}

pub(super) fn fold(asked: Beginning<'_>) -> Vec<HolderHour> {
    let mut held: HashSet<(ClassId, Facet, Sym)> = HashSet::new();
    for attempt in attempts(asked) {
        for (facet, value) in attempt.facets {
            if attempt.used == Some(VersionState::Old) || facet == Facet::Environment {
                held.insert((attempt.class, facet, value));
            }
        }
    }
    let mut groups: Groups<Key, Hour> = Groups::default();
    for attempt in attempts(asked) {
        for (facet, value) in attempt.facets {
            if value != Sym::NONE && held.contains(&(attempt.class, facet, value)) {
                let hour = groups.of(key(attempt, facet, value, asked.t0()));
                add(hour, attempt.seen, value, asked.stream(attempt.seen.stream));
            }
        }
    }
    groups.facts(|(key, hour)| HolderHour {
        class: key.class,
        facet: key.facet,
        value: if key.facet == Facet::Stream {
            number_of(asked.stream(key.value))
        } else {
            asked.shared(key.value).unwrap_or_default()
        },
        used: key.used,
        is_since: key.is_since,
        via: asked.shared(key.via),
        events: hour.uses.events,
        is_marker: hour.is_marker,
        streams: hour.streams.unwrap_or_default(),
        first: hour.uses.first(),
        last: hour.uses.last(),
        success: hour.successes.map(|ends| ends.first().earliest()),
        success_last: hour.successes.map(Ends::last),
    })
}

/// The number of a log source, as a value.
pub fn number_of(stream: StreamId) -> Arc<str> {
    Arc::from(stream.0.to_string())
}

/// Old use, and of rows that match one class those that show no other credential and no version before its time.
fn attempts(asked: Beginning<'_>) -> impl Iterator<Item = Attempt<'_>> {
    asked.known().filter(|seen| seen.kind.is_try()).filter_map(move |seen| {
        let class = seen.class?;
        let used = match seen.state {
            State::Old => Some(VersionState::Old),
            State::New => Some(VersionState::New),
            State::Unknown => None,
        };
        let used = used.filter(|_| seen.binding.proves());
        let is_in_time = seen.state != State::New || seen.earliest() >= asked.t0();
        let counts = used == Some(VersionState::Old)
            || seen.basis == ClassBasis::Matched && seen.is_own() && is_in_time;
        let text = |slot: usize| seen.texts[slot];
        let lone_host = if text(INSTANCE) == Sym::NONE { text(HOST) } else { Sym::NONE };
        let lone_stream = if seen.instance() == Sym::NONE { seen.stream } else { Sym::NONE };
        let facets = [
            (Facet::Instance, text(INSTANCE)),
            (Facet::Host, lone_host),
            (Facet::Environment, text(ENVIRONMENT)),
            (Facet::Service, text(SERVICE)),
            (Facet::Principal, text(PRINCIPAL)),
            (Facet::Address, text(ADDRESS)),
            (Facet::UserAgent, asked.product(seen)),
            (Facet::Action, text(ACTION)),
            (Facet::Stream, lone_stream),
        ];
        counts.then_some(Attempt { seen, class, used, facets })
    })
}

fn key(attempt: Attempt<'_>, facet: Facet, value: Sym, t0: Timestamp) -> Key {
    let Attempt { seen, class, used, .. } = attempt;
    let judged = if seen.state == State::Old { seen.latest() } else { seen.earliest() };
    let via = if used == Some(VersionState::Old) { seen.instance() } else { Sym::NONE };
    Key { class, facet, value, used, is_since: judged >= t0, via, hour: judged.hour() }
}

fn add(hour: &mut Hour, seen: Seen<'_>, value: Sym, stream: StreamId) {
    hour.uses.add(seen);
    hour.is_marker |= seen.uid == value;
    let (least, most) = hour.streams.unwrap_or((stream, stream));
    hour.streams = Some((least.min(stream), most.max(stream)));
    if seen.outcome == Outcome::Success {
        hour.successes.get_or_insert_default().add(seen);
    }
}
