/*! Counts the uses of each credential by each consumer, record by record. */

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::limits;
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::{Kind, Outcome, Span, Timestamp, hex};
use crate::safe;
use crate::scan::{ObservedRecord, Observer};

use super::holder::Holder;
use super::lifetime::Lifetime;

/// The uses of one credential by one consumer.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    pub(super) records: u64,
    pub(super) span: Option<Span>,
    /// The minutes with a use, up to `limits::DISCOVER_MINUTES`.
    pub(super) minutes: BTreeSet<i64>,
    pub(super) refused: u64,
    /// The profiles that read the records.
    pub(super) sources: BTreeSet<String>,
}

impl Usage {
    fn add(&mut self, mapped: &Mapped<'_>, profile: &str) {
        self.records += 1;
        self.refused += u64::from(mapped.outcome == ReportedOutcome::Known(Outcome::AuthFailure));
        if !self.sources.contains(profile) {
            self.sources.insert(profile.to_owned());
        }
        let Some(at) = instant(mapped) else { return };
        self.span = hull(self.span, Some(Span { from: at, to: at }));
        if self.minutes.len() < limits::DISCOVER_MINUTES {
            self.minutes.insert(at.0.div_euclid(MINUTE));
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.records += other.records;
        self.refused += other.refused;
        self.sources.extend(other.sources);
        self.minutes.extend(other.minutes);
        self.span = hull(self.span, other.span);
    }
}

const MINUTE: i64 = 60_000_000;

fn instant(mapped: &Mapped<'_>) -> Option<Timestamp> {
    let RecordTime::At(when) = mapped.time else { return None };
    Some(when.earliest())
}

pub(super) fn hull(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    one.into_iter().chain(other).reduce(Span::hull)
}

/// A record that made, changed or listed a credential.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    /// When, if the record has a time.
    pub at: Option<Timestamp>,
    /// The credential with which that was done, masked.
    pub by: Option<String>,
}

/// What is known of a credential, of all its users together.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The marker for a plan.
    pub(super) marker: String,
    pub(super) lifetime: Lifetime,
    pub(super) records: u64,
    pub(super) span: Option<Span>,
    /// The credentials to whose holder it was issued.
    pub(super) parents: BTreeSet<String>,
    /// The first record that names it without using it.
    pub(super) declared: Option<Declared>,
}

impl Seen {
    pub(super) fn new(shown: &str, raw: &str) -> Self {
        let (marker, lifetime) = (marker(shown, raw), Lifetime::of(raw));
        let parents = BTreeSet::new();
        Self { marker, lifetime, records: 0, span: None, parents, declared: None }
    }

    fn declare(&mut self, declared: Declared) {
        let is_first = self.declared.as_ref().is_none_or(|known| declared < *known);
        if is_first {
            self.declared = Some(declared);
        }
    }

    fn join(&mut self, other: Self) {
        self.records += other.records;
        self.span = hull(self.span, other.span);
        self.parents.extend(other.parents);
        if let Some(declared) = other.declared {
            self.declare(declared);
        }
    }
}

/// An outcome word that no profile maps, in records that show a credential.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct UnknownWord {
    pub(super) uid: String,
    pub(super) word: String,
    pub(super) profile: String,
    pub(super) input: usize,
}

/// The credentials of one input, or of all.
#[derive(Debug, Default)]
pub struct CredentialTally {
    /// Each credential by its masked id. This is counted when there are too many consumers to tell apart.
    pub(super) seen: BTreeMap<String, Seen>,
    pub(super) uses: BTreeMap<(String, Holder), Usage>,
    pub(super) words: BTreeMap<UnknownWord, u64>,
    /// How many records show no credential.
    pub(super) without: u64,
    /// How many records were left out, beyond the limit of credentials and consumers.
    pub(super) beyond: u64,
}

impl Observer for CredentialTally {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        let mapped = record.mapped;
        self.take_issued(mapped);
        let is_zero = matches!(mapped.occurrences, Occurrences::Grown(total) if total.value <= 0.0);
        let is_use = !matches!(mapped.kind, Some(Kind::Lookup | Kind::Declare)) && !is_zero;
        let raw = mapped.uids.first().filter(|_| is_use);
        let Some(raw) = raw else {
            self.without += 1;
            return;
        };
        let shown = safe::mask(raw).into_owned();
        let Some(seen) = self.seen(&shown, raw) else {
            self.beyond += 1;
            return;
        };
        seen.records += 1;
        seen.span = hull(seen.span, instant(mapped).map(|at| Span { from: at, to: at }));
        // The end of a session often names less than its beginning, and is no use.
        if matches!(mapped.kind, Some(Kind::Close | Kind::Stop)) {
            return;
        }
        self.take_word(&shown, record);
        let key = (shown, Holder::of(mapped));
        if self.uses.len() < limits::DISCOVER_PAIRS || self.uses.contains_key(&key) {
            self.uses.entry(key).or_default().add(mapped, record.profile);
        } else {
            self.beyond += 1;
        }
    }
}

impl CredentialTally {
    fn seen(&mut self, shown: &str, raw: &str) -> Option<&mut Seen> {
        if self.seen.len() >= limits::DISCOVER_IDS && !self.seen.contains_key(shown) {
            return None;
        }
        Some(self.seen.entry(shown.to_owned()).or_insert_with(|| Seen::new(shown, raw)))
    }

    /// Ids that the record issues, and ids that it made or changed.
    fn take_issued(&mut self, mapped: &Mapped<'_>) {
        for (child, parent) in &mapped.links {
            let parent = safe::mask(parent).into_owned();
            if let Some(seen) = self.seen(&safe::mask(child), child) {
                seen.parents.insert(parent);
            }
        }
        for named in mapped.named.iter().filter(|named| named.kind == Kind::Declare) {
            let by = mapped.uids.first().map(|uid| safe::mask(uid).into_owned());
            let declared = Declared { at: instant(mapped), by };
            if let Some(seen) = self.seen(&safe::mask(&named.uid), &named.uid) {
                seen.declare(declared);
            }
        }
    }

    fn take_word(&mut self, shown: &str, record: &ObservedRecord<'_>) {
        let (ReportedOutcome::Unknown(word) | ReportedOutcome::Doubtful(word)) =
            &record.mapped.outcome
        else {
            return;
        };
        let is_shown = safe::mask_path(word) == *word;
        if is_shown && self.words.len() < limits::SEEN_FIELDS {
            let (uid, profile) = (shown.to_owned(), record.profile.to_owned());
            let word = UnknownWord { uid, word: word.clone(), profile, input: 0 };
            *self.words.entry(word).or_default() += 1;
        }
    }

    /// Adds the uses in the input at this position.
    pub fn join(&mut self, other: Self, input: usize) {
        self.without += other.without;
        self.beyond += other.beyond;
        for (uid, seen) in other.seen {
            if let Some(known) = self.seen.get_mut(&uid) {
                known.join(seen);
            } else if self.seen.len() < limits::DISCOVER_IDS {
                self.seen.insert(uid, seen);
            } else {
                self.beyond += seen.records;
            }
        }
        for ((uid, holder), usage) in other.uses {
            let key = (uid, holder.at(input));
            if self.uses.len() < limits::DISCOVER_PAIRS || self.uses.contains_key(&key) {
                self.uses.entry(key).or_default().join(usage);
            } else {
                self.beyond += usage.records;
            }
        }
        for (word, records) in other.words {
            *self.words.entry(UnknownWord { input, ..word }).or_default() += records;
        }
    }
}

/// The marker for a plan: the id or, if the id is secret or would be read as something else, its digest.
pub(super) fn marker(shown: &str, raw: &str) -> String {
    let is_plain = !raw.is_empty()
        && raw
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.:@=+#$".contains(character))
        && !["sha256:", "prefix:", "suffix:"].iter().any(|form| raw.starts_with(form));
    if shown == raw && is_plain {
        return raw.to_owned();
    }
    format!("sha256:{}", hex(&Sha256::digest(raw.as_bytes())))
}
