/*! From counts to the credentials, their users, and what was issued for hours alone. */

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::credential::{CredentialUser, DiscoveredCredential, consumer, user};
use super::handovers::{Handover, handovers};
use super::holder::{Holder, NamedConsumer};
use super::inputs::FoundInput;
use super::sessions::{SessionGroup, Sessions};
use super::tally::{CredentialTally, UnknownWord, Usage};

/// The credentials in some exports.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// All that last, the busiest first.
    pub credentials: Vec<DiscoveredCredential>,
    /// What was issued for hours, by the key or role that issued it.
    pub sessions: Vec<SessionGroup>,
    /// The pairs that look like handovers, the most likely first.
    pub handovers: Vec<Handover>,
    /// The inputs that were read.
    pub inputs: Vec<FoundInput>,
    /// How many records show no credential.
    pub without: u64,
    /// How many records were left out, because there are more credentials and consumers than are kept.
    pub beyond: u64,
    /// Outcome words that nobody maps, of records that show a credential.
    pub(super) words: Vec<(UnknownWord, u64)>,
    /// What was issued for hours, masked.
    pub(super) session_ids: BTreeSet<String>,
    /// The inputs in which some record shows a credential.
    pub(super) with_uses: BTreeSet<usize>,
}

/// The credentials of a tally.
pub fn discover(tally: CredentialTally, inputs: Vec<FoundInput>) -> Discovery {
    let sessions = Sessions::of(&tally);
    let with_uses = tally.uses.keys().map(|(_, holder)| holder.input).collect();
    let groups = sessions.groups(&tally);
    let mut direct: BTreeMap<&str, BTreeMap<NamedConsumer, Usage>> = BTreeMap::new();
    let mut all: BTreeMap<&str, BTreeMap<Holder, Usage>> = BTreeMap::new();
    for ((uid, holder), usage) in &tally.uses {
        // No consumer is named as a credential is: it has another name with the next one.
        let holder = holder.clone().without(&|name| tally.seen.contains_key(name));
        if let Some(uid) = sessions.lasting(uid) {
            let of = all.entry(uid).or_default().entry(holder.clone()).or_default();
            of.join(usage.clone());
        }
        if !sessions.is_session(uid) {
            let consumer = consumer(&holder, &inputs);
            direct.entry(uid).or_default().entry(consumer).or_default().join(usage.clone());
        }
    }
    let lasting = tally.seen.iter().filter(|(uid, seen)| {
        !sessions.is_session(uid) && (seen.records > 0 || seen.declared.is_some())
    });
    let mut credentials: Vec<DiscoveredCredential> = lasting
        .map(|(uid, seen)| {
            let users = direct.remove(uid.as_str()).unwrap_or_default().into_iter();
            let mut users: Vec<CredentialUser> =
                users.map(|(consumer, usage)| user(consumer, &usage)).collect();
            users.sort_by_key(|user| (Reverse(user.records), user.consumer.clone()));
            DiscoveredCredential {
                uid: uid.clone(),
                marker: seen.marker.clone(),
                records: seen.records,
                span: seen.span,
                declared: seen.declared.clone(),
                users,
                uses: all.remove(uid.as_str()).unwrap_or_default(),
            }
        })
        .collect();
    credentials.sort_by_key(|found| (Reverse(found.records), found.uid.clone()));
    Discovery {
        handovers: handovers(&credentials, &inputs),
        credentials,
        sessions: groups,
        inputs,
        without: tally.without,
        beyond: tally.beyond,
        session_ids: sessions.ids(),
        words: tally.words.into_iter().collect(),
        with_uses,
    }
}

impl Discovery {
    /// Does any record of the input at this position show a credential?
    pub fn shows_credentials(&self, input: usize) -> bool {
        self.with_uses.contains(&input)
    }
}
