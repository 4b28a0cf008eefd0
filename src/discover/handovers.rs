/*! Which credential seems to follow which: used by the same consumers, one after the other. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Duration, Span};

use super::credential::DiscoveredCredential;
use super::holder::NamedConsumer;
use super::inputs::FoundInput;
use super::lifetime::are_alike;

/// A credential that seems to follow another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The position of the old one among the credentials.
    pub old: usize,
    /// The position of the new one.
    pub new: usize,
    /// How many consumers used the old one first and the new one later.
    pub consumers: usize,
    /// The new one was made with the old one.
    pub is_declared: bool,
}

/// How likely a handover is: made by the old one, looking alike, by how many consumers, by how short they used both,
/// by how many records.
type Weight = (bool, bool, usize, Reverse<i64>, u64);

/// All handovers, the most likely first. No credential is in two as the old one, and none in two as the new one.
pub(super) fn handovers(
    credentials: &[DiscoveredCredential],
    inputs: &[FoundInput],
) -> Vec<Handover> {
    let spans: Vec<_> = credentials.iter().map(|credential| credential.spans(inputs)).collect();
    // Only credentials with a common user can follow one another: all pairs would be too many.
    let mut users: BTreeMap<&NamedConsumer, Vec<usize>> = BTreeMap::new();
    for (position, spans) in spans.iter().enumerate() {
        for consumer in spans.keys() {
            users.entry(consumer).or_default().push(position);
        }
    }
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for positions in users.values().filter(|positions| positions.len() <= COMMON_MAX) {
        for old in positions {
            pairs.extend(positions.iter().filter(|new| *new != old).map(|new| (*old, *new)));
        }
    }
    let mut weighed: Vec<(Weight, Handover)> = pairs
        .into_iter()
        .filter_map(|(old, new)| weigh(credentials, (old, new), (&spans[old], &spans[new])))
        .collect();
    weighed.sort_by(|(one, first), (other, second)| {
        other.cmp(one).then((first.old, first.new).cmp(&(second.old, second.new)))
    });
    let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (_, handover) in weighed {
        if !olds.contains(&handover.old) && !news.contains(&handover.new) {
            olds.insert(handover.old);
            news.insert(handover.new);
            found.push(handover);
        }
    }
    found
}

/// A name that more credentials share says nothing about any two of them.
const COMMON_MAX: usize = 1_000;

/// The new one must appear at least an hour after the old one: a credential that was there from the start follows
/// none. Both are read from the same sources. Two that do not look alike need a second consumer, or one that left the
/// old one.
fn weigh(
    credentials: &[DiscoveredCredential],
    (old, new): (usize, usize),
    (olds, news): (&BTreeMap<NamedConsumer, Span>, &BTreeMap<NamedConsumer, Span>),
) -> Option<(Weight, Handover)> {
    let (before, after) = (&credentials[old], &credentials[new]);
    let is_declared =
        after.declared.as_ref().is_some_and(|made| made.by.as_ref() == Some(&before.uid))
            && !before.principals().is_disjoint(&after.principals());
    let later = after.span?.from - before.span?.from;
    if later < Duration::HOUR && !is_declared || later.0 <= 0 {
        return None;
    }
    if before.sources().is_disjoint(&after.sources()) {
        return None;
    }
    let overlaps = olds.iter().filter_map(|(consumer, old)| {
        let new = news.get(consumer)?;
        (new.from > old.from).then(|| (old.to - new.from).0.max(0))
    });
    let overlaps: Vec<i64> = overlaps.collect();
    let is_alike = are_alike(&before.uid, &after.uid);
    let overlap: i64 = overlaps.iter().sum();
    let is_telling = is_alike || is_declared || overlaps.len() > 1 || overlap <= Duration::HOUR.0;
    if overlaps.is_empty() || !is_telling {
        return None;
    }
    let records = before.records.min(after.records);
    let weight = (is_declared, is_alike, overlaps.len(), Reverse(overlap), records);
    Some((weight, Handover { old, new, consumers: overlaps.len(), is_declared }))
}
