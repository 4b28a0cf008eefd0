/*! From counts to the credentials, their users, and the pair that looks like a handover. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Duration, Span};

use super::tally::{CredentialTally, NamedConsumer, Usage};

/// A credential in the exports.
#[derive(Clone, Debug)]
pub struct DiscoveredCredential {
    /// The id, masked where it looks secret.
    pub uid: String,
    /// The marker for a plan.
    pub marker: String,
    /// How many records show it.
    pub records: u64,
    /// When it was first and last used.
    pub span: Option<Span>,
    /// Its users, the busiest first.
    pub users: Vec<CredentialUser>,
}

/// A consumer that uses a credential.
#[derive(Clone, Debug)]
pub struct CredentialUser {
    /// The consumer; `None` for records that name none.
    pub consumer: Option<NamedConsumer>,
    /// How many records.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// When it first and last used the credential.
    pub span: Option<Span>,
    /// The usual and the longest time between two uses, in whole minutes.
    pub gaps: Option<(Duration, Duration)>,
    /// In how many different hours it was active.
    pub hours: usize,
    /// The profiles that read the records.
    pub sources: BTreeSet<String>,
}

/// A credential that seems to follow another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The position of the old one among the credentials.
    pub old: usize,
    /// The position of the new one.
    pub new: usize,
    /// How many consumers used the old one first and the new one later.
    pub consumers: usize,
}

/// The credentials in some exports.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// All of them, the busiest first.
    pub credentials: Vec<DiscoveredCredential>,
    /// The pair that looks like a handover.
    pub handover: Option<Handover>,
    /// How many inputs were read.
    pub inputs: u64,
    /// How many records show no credential.
    pub without: u64,
    /// How many records were left out, because there are more credentials and consumers than are kept.
    pub beyond: u64,
}

/// The credentials of a tally.
pub fn discover(tally: CredentialTally, inputs: u64) -> Discovery {
    let mut by_uid: BTreeMap<String, Vec<CredentialUser>> = BTreeMap::new();
    for ((uid, consumer), usage) in tally.usages {
        by_uid.entry(uid).or_default().push(user(consumer, usage));
    }
    let mut credentials: Vec<DiscoveredCredential> = by_uid
        .into_iter()
        .map(|(uid, mut users)| {
            users.sort_by_key(|user| (Reverse(user.records), user.consumer.clone()));
            let marker = tally.markers.get(&uid).cloned().unwrap_or_default();
            let records = users.iter().map(|user| user.records).sum();
            let span = users.iter().filter_map(|user| user.span).reduce(Span::hull);
            DiscoveredCredential { uid, marker, records, span, users }
        })
        .collect();
    credentials.sort_by_key(|found| (Reverse(found.records), found.uid.clone()));
    let handover = handover(&credentials);
    Discovery { credentials, handover, inputs, without: tally.without, beyond: tally.beyond }
}

fn user(consumer: Option<NamedConsumer>, usage: Usage) -> CredentialUser {
    let minutes: Vec<i64> = usage.minutes.iter().copied().collect();
    let mut gaps: Vec<i64> = minutes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let in_micros = |minutes: i64| Duration(minutes * 60_000_000);
    let usual = gaps.get(gaps.len() / 2).copied();
    CredentialUser {
        consumer,
        records: usage.records,
        refused: usage.refused,
        span: usage.span,
        gaps: usual.zip(gaps.last()).map(|(usual, most)| (in_micros(usual), in_micros(*most))),
        hours: minutes.iter().map(|minute| minute.div_euclid(60)).collect::<BTreeSet<_>>().len(),
        sources: usage.sources,
    }
}

/// How likely a handover is: by how many consumers, by how short they used both, by how many records.
type Weight = (usize, Reverse<i64>, u64);

/// Each consumer with the first and the last time that it used a credential.
fn by_consumer(credential: &DiscoveredCredential) -> BTreeMap<&NamedConsumer, Span> {
    let known =
        credential.users.iter().filter_map(|user| Some((user.consumer.as_ref()?, user.span?)));
    known.collect()
}

/// The pair that most consumers used one after the other. If several are equal, the pair that was used together for
/// the shortest time. The new one must appear at least an hour after the old one: a credential that was there from the
/// start follows none.
fn handover(credentials: &[DiscoveredCredential]) -> Option<Handover> {
    let consumers: Vec<_> = credentials.iter().map(by_consumer).collect();
    let start = |position: usize| credentials[position].span.map(|span| span.from);
    let mut best: Option<(Weight, Handover)> = None;
    for (old, olds) in consumers.iter().enumerate() {
        for (new, news) in consumers.iter().enumerate() {
            let (Some(before), Some(after)) = (start(old), start(new)) else { continue };
            if after.0 - before.0 < Duration::HOUR.0 {
                continue;
            }
            let overlaps = olds.iter().filter_map(|(consumer, old)| {
                let new = news.get(consumer)?;
                (new.from > old.from).then(|| (old.to - new.from).0.max(0))
            });
            let overlaps: Vec<i64> = overlaps.collect();
            let records = credentials[old].records.min(credentials[new].records);
            let weight = (overlaps.len(), Reverse(overlaps.iter().sum()), records);
            if !overlaps.is_empty() && best.as_ref().is_none_or(|(most, _)| weight > *most) {
                best = Some((weight, Handover { old, new, consumers: overlaps.len() }));
            }
        }
    }
    best.map(|(_, handover)| handover)
}
