/*! From counts to what they show: the credentials, their users, and which one may follow which. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Duration, Timestamp};

use super::tally::{Consumer, Tally, Use};

/// A credential that is in use.
#[derive(Clone, Debug)]
pub struct Seen {
    /// As it may be shown.
    pub uid: String,
    /// As a plan writes it.
    pub marker: String,
    /// How many records show it.
    pub records: u64,
    /// The first and the last time of these.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Who used it, the busiest first.
    pub users: Vec<User>,
}

/// One that uses a credential.
#[derive(Clone, Debug)]
pub struct User {
    /// Who; none: no record names anybody.
    pub consumer: Option<Consumer>,
    /// How many records.
    pub records: u64,
    /// How many of them were refused.
    pub refused: u64,
    /// The first and the last time.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The time that usually lies between two uses, and the longest: by the minute.
    pub gaps: Option<(Duration, Duration)>,
    /// In how many different hours.
    pub hours: usize,
    /// The profiles that read the records.
    pub sources: BTreeSet<String>,
}

/// One credential that seems to follow another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Where the one stands among the credentials that went.
    pub old: usize,
    /// Where the one stands that came.
    pub new: usize,
    /// How many consumers used the one first and then the other.
    pub consumers: usize,
}

/// What stands in some exports.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// The credentials, the busiest first.
    pub credentials: Vec<Seen>,
    /// Which of them may follow which.
    pub handover: Option<Handover>,
    /// How many inputs were read.
    pub inputs: u64,
    /// How many records do not show a credential.
    pub without: u64,
    /// How many show more credentials and consumers than are kept.
    pub beyond: u64,
}

/// What a tally shows.
pub fn discover(tally: Tally, inputs: u64) -> Discovery {
    let mut by_uid: BTreeMap<String, Vec<User>> = BTreeMap::new();
    for ((uid, consumer), one) in tally.uses {
        by_uid.entry(uid).or_default().push(user(consumer, one));
    }
    let mut credentials: Vec<Seen> = by_uid
        .into_iter()
        .map(|(uid, mut users)| {
            users.sort_by_key(|user| (Reverse(user.records), user.consumer.clone()));
            let marker = tally.markers.get(&uid).cloned().unwrap_or_default();
            let records = users.iter().map(|user| user.records).sum();
            let span = users.iter().filter_map(|user| user.span).reduce(hull);
            Seen { uid, marker, records, span, users }
        })
        .collect();
    credentials.sort_by_key(|one| (Reverse(one.records), one.uid.clone()));
    let handover = handover(&credentials);
    Discovery { credentials, handover, inputs, without: tally.without, beyond: tally.beyond }
}

fn hull((a, b): (Timestamp, Timestamp), (c, d): (Timestamp, Timestamp)) -> (Timestamp, Timestamp) {
    (a.min(c), b.max(d))
}

fn user(consumer: Option<Consumer>, one: Use) -> User {
    let minutes: Vec<i64> = one.minutes.iter().copied().collect();
    let mut gaps: Vec<i64> = minutes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let in_micros = |minutes: i64| Duration(minutes * 60_000_000);
    let usual = gaps.get(gaps.len() / 2).copied();
    User {
        consumer,
        records: one.records,
        refused: one.refused,
        span: one.span,
        gaps: usual.zip(gaps.last()).map(|(usual, most)| (in_micros(usual), in_micros(*most))),
        hours: minutes.iter().map(|minute| minute.div_euclid(60)).collect::<BTreeSet<_>>().len(),
        sources: one.sources,
    }
}

/// How many consumers, for how long they used both, and how many records there are.
type Weight = (usize, Reverse<i64>, u64);

/// Each consumer with the first and the last time that it used a credential.
fn by_consumer(seen: &Seen) -> BTreeMap<&Consumer, (Timestamp, Timestamp)> {
    let known = seen.users.iter().filter_map(|user| Some((user.consumer.as_ref()?, user.span?)));
    known.collect()
}

/// The pair that most consumers went through, the one before the other; of these the one with the least time in which
/// they used both. The new one must come later for all of them together, by an hour at least: what was there from the
/// start follows nothing.
fn handover(credentials: &[Seen]) -> Option<Handover> {
    let all: Vec<_> = credentials.iter().map(by_consumer).collect();
    let start = |position: usize| credentials[position].span.map(|(first, _)| first);
    let mut best: Option<(Weight, Handover)> = None;
    for (old, olds) in all.iter().enumerate() {
        for (new, news) in all.iter().enumerate() {
            let (Some(before), Some(after)) = (start(old), start(new)) else { continue };
            if after.0 - before.0 < Duration::HOUR.0 {
                continue;
            }
            let went = olds.iter().filter_map(|(who, (first, last))| {
                let (later, _) = news.get(who)?;
                (later > first).then(|| (last.0 - later.0).max(0))
            });
            let both: Vec<i64> = went.collect();
            let records = credentials[old].records.min(credentials[new].records);
            let weight = (both.len(), Reverse(both.iter().sum()), records);
            if !both.is_empty() && best.as_ref().is_none_or(|(most, _)| weight > *most) {
                best = Some((weight, Handover { old, new, consumers: both.len() }));
            }
        }
    }
    best.map(|(_, handover)| handover)
}
