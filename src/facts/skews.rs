/*! How far apart, at least, the clocks of two log sources are, judging by requests that both logged. */

use std::collections::HashMap;

use super::columns::TRACE_ID;
use super::ends::least;
use super::evidence::Beginning;
use super::groups::Groups;
use crate::model::coverage::StreamId;
use crate::model::facts::Skew;
use crate::model::{Duration, Timestamp};
use crate::scan::Sym;

pub(super) fn fold(asked: Beginning<'_>) -> Vec<Skew> {
    let mut firsts: Groups<(Sym, StreamId), Option<Timestamp>> = Groups::default();
    for seen in asked.known() {
        let trace = seen.texts[TRACE_ID];
        if asked.is_made_unique(trace) {
            let first = firsts.of((trace, asked.stream(seen.stream)));
            least(first, Some(seen.earliest()));
        }
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

pub(super) fn sort(skews: &mut [Skew]) {
    skews.sort_by_key(|skew| skew.streams);
}
