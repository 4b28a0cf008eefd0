/*! How far apart, at least, the clocks of two log sources are, judging by requests that both logged. */

use std::collections::{HashMap, HashSet};

use super::columns::TRACE_ID;
use super::ends::least;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::coverage::StreamId;
use crate::model::facts::Skew;
use crate::model::{Duration, Timestamp};
use crate::scan::Sym;

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Skew> {
    let shared = shared_requests(asked);
    let mut firsts: Groups<(Sym, StreamId), Option<Timestamp>> = Groups::default();
    for seen in asked.known().filter(|seen| shared.contains(&seen.texts[TRACE_ID])) {
        let first = firsts.of((seen.texts[TRACE_ID], asked.stream(seen.stream)));
        least(first, Some(seen.earliest()));
    }
    let mut earlier: HashMap<Sym, Vec<(StreamId, Timestamp)>> = HashMap::new();
    let mut pairs: Groups<(StreamId, StreamId), (u64, Option<Duration>)> = Groups::default();
    for ((trace, stream), first) in firsts.iter() {
        let Some(first) = *first else { continue };
        let others = earlier.entry(*trace).or_default();
        for (other, at) in others.iter() {
            let apart = if *at < first { first - *at } else { *at - first };
            let (requests, offset) = pairs.of(((*stream).min(*other), (*stream).max(*other)));
            *requests += 1;
            least(offset, Some(apart));
        }
        others.push((*stream, first));
    }
    pairs.facts(|(streams, (requests, offset))| Skew {
        streams,
        requests,
        offset: offset.unwrap_or_default(),
    })
}

/// The requests that several log sources have. Nearly all requests are in one, and there may be as many as rows.
fn shared_requests(asked: Beginning<'_>) -> HashSet<Sym> {
    let mut shared = HashSet::new();
    let mut logged: Vec<Option<Sym>> = asked.of_each_text();
    for seen in asked.known() {
        let trace = seen.texts[TRACE_ID];
        if asked.is_made_unique(trace) {
            let stream = logged[trace.0 as usize].get_or_insert(seen.stream);
            if *stream != seen.stream {
                shared.insert(trace);
            }
        }
    }
    shared
}

pub(super) fn sort(skews: &mut [Skew]) {
    skews.sort_by_key(|skew| skew.streams);
}
