/*! Session keys, tokens and leases: issued for hours to the holder of a key or role, under which they are counted. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Duration, Span};

use super::lifetime::{Lifetime, form};
use super::tally::{CredentialTally, hull};

/// At least this many ids of one form, each in use for a short time, are no credentials that anybody rotates.
const SERIES_MIN: usize = 100;
/// What such an id lasts at most.
const SHORT: Duration = Duration::DAY;
/// The exports must cover more time than that, or everything in them would look short.
const SHORT_SHARE: i64 = 20;

/// Who issued session keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Issuer {
    /// The holder of a credential in the exports.
    Key(String),
    /// A role, or the name of their user.
    Named(String),
    /// No record says.
    Unknown,
}

/// What one key or role was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionGroup {
    /// Who issued them.
    pub issuer: Issuer,
    /// What they are called.
    pub noun: &'static str,
    /// How many there are.
    pub keys: usize,
    /// How many records show one of them.
    pub records: u64,
    /// When the first and the last was used.
    pub span: Option<Span>,
}

/// Which credentials are sessions, and of what.
#[derive(Debug, Default)]
pub(super) struct Sessions<'t> {
    nouns: BTreeMap<&'t str, &'static str>,
    /// The credential at the head of the chain by which each was issued.
    roots: BTreeMap<&'t str, &'t str>,
}

impl<'t> Sessions<'t> {
    pub(super) fn of(tally: &'t CredentialTally) -> Self {
        let mut sessions = Self::default();
        for (uid, seen) in &tally.seen {
            let noun = match seen.lifetime {
                Lifetime::Temporary(noun) => Some(noun),
                Lifetime::Unsaid if !seen.parents.is_empty() => Some("token or lease"),
                Lifetime::Unsaid | Lifetime::Lasting => None,
            };
            sessions.nouns.extend(noun.map(|noun| (uid.as_str(), noun)));
            sessions.roots.insert(uid, root(tally, uid));
        }
        let short = short_lived(tally);
        sessions.nouns.extend(short.into_iter().map(|uid| (uid, "short-lived id")));
        sessions
    }

    pub(super) fn is_session(&self, uid: &str) -> bool {
        self.nouns.contains_key(uid)
    }

    pub(super) fn ids(&self) -> BTreeSet<String> {
        self.nouns.keys().map(|uid| (*uid).to_owned()).collect()
    }

    /// The lasting credential that is used with this one: itself, or the one to whose holder it was issued.
    pub(super) fn lasting(&self, uid: &'t str) -> Option<&'t str> {
        let root = self.roots.get(uid).copied().unwrap_or(uid);
        (!self.is_session(root)).then_some(root)
    }

    /// The sessions by who issued them, those with most keys first.
    pub(super) fn groups(&self, tally: &CredentialTally) -> Vec<SessionGroup> {
        let mut users: BTreeMap<&str, String> = BTreeMap::new();
        for (uid, holder) in tally.uses.keys() {
            if !users.contains_key(uid.as_str()) {
                users.extend(holder.issuer().map(|issuer| (uid.as_str(), issuer)));
            }
        }
        let mut groups: BTreeMap<(Issuer, &'static str), SessionGroup> = BTreeMap::new();
        for (uid, noun) in &self.nouns {
            let Some(seen) = tally.seen.get(*uid) else { continue };
            let issuer = match self.lasting(uid) {
                Some(key) => Issuer::Key(key.to_owned()),
                None => users.get(uid).cloned().map_or(Issuer::Unknown, Issuer::Named),
            };
            let group = groups.entry((issuer.clone(), noun)).or_insert(SessionGroup {
                issuer,
                noun,
                keys: 0,
                records: 0,
                span: None,
            });
            group.keys += 1;
            group.records += seen.records;
            group.span = hull(group.span, seen.span);
        }
        let mut groups: Vec<SessionGroup> = groups.into_values().collect();
        groups.sort_by_key(|group| (Reverse(group.keys), group.issuer.clone(), group.noun));
        groups
    }
}

/// The credential at the head of the chain. A chain that returns to itself has its smallest member as its head.
fn root<'t>(tally: &'t CredentialTally, uid: &'t str) -> &'t str {
    let (mut at, mut passed) = (uid, BTreeSet::from([uid]));
    while let Some(parent) = tally.seen.get(at).and_then(|seen| seen.parents.first()) {
        if !passed.insert(parent) {
            return passed.first().copied().unwrap_or(uid);
        }
        at = parent;
    }
    at
}

/// Ids of which there are many of one form, each in use for a short part of the exports' time.
fn short_lived(tally: &CredentialTally) -> Vec<&str> {
    let length = |span: Span| span.to - span.from;
    let whole = tally.seen.values().filter_map(|seen| seen.span).reduce(Span::hull).map(length);
    let Some(whole) = whole else { return Vec::new() };
    let mut series: BTreeMap<(String, usize), Vec<&str>> = BTreeMap::new();
    for (uid, seen) in &tally.seen {
        let is_short = seen.span.map(length).is_some_and(|life| {
            life <= SHORT && life.0.saturating_mul(SHORT_SHARE) <= whole.0 && whole > SHORT
        });
        if seen.lifetime == Lifetime::Unsaid && seen.declared.is_none() && is_short {
            series.entry((form(uid), uid.len())).or_default().push(uid);
        }
    }
    series.into_values().filter(|uids| uids.len() >= SERIES_MIN).flatten().collect()
}
