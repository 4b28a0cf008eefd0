/*! What one input shows: each credential by each consumer, counted as its records pass. */

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::limits;
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome, shown_text, shown_uid};
use crate::model::columns::Column;
use crate::model::{Kind, Outcome, Timestamp, hex};
use crate::scan::{Observer, Sighting};

/// Who used a credential, by the first of these that a record tells: service, agent, principal, address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Consumer {
    /// The column that names it.
    pub by: Column,
    /// Its name; of an agent without its version. As logged: what would have to be masked is no name.
    pub name: String,
}

const NAMED_BY: [Column; 4] =
    [Column::ServiceName, Column::UserAgent, Column::Principal, Column::ClientAddress];

impl Consumer {
    fn of(mapped: &Mapped<'_>) -> Option<Self> {
        NAMED_BY.iter().find_map(|by| {
            let raw = mapped.text(*by)?;
            let name = if *by == Column::UserAgent { product(raw) } else { raw };
            let may_stand = !name.is_empty() && shown_text(name) == name;
            may_stand.then(|| Self { by: *by, name: name.to_owned() })
        })
    }
}

/// An agent without its version.
fn product(agent: &str) -> &str {
    agent.split(['/', ' ']).next().unwrap_or_default()
}

/// One credential by one consumer.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    pub(super) records: u64,
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// The minutes in which it was used, up to `limits::DISCOVER_MINUTES`.
    pub(super) minutes: BTreeSet<i64>,
    pub(super) refused: u64,
    /// The profiles that read it.
    pub(super) sources: BTreeSet<String>,
}

impl Use {
    fn add(&mut self, mapped: &Mapped<'_>, profile: &str) {
        self.records += 1;
        self.refused += u64::from(mapped.told == ReportedOutcome::Known(Outcome::AuthFailure));
        if !self.sources.contains(profile) {
            self.sources.insert(profile.to_owned());
        }
        let RecordTime::At(when) = mapped.dated else { return };
        let at = when.earliest();
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        if self.minutes.len() < limits::DISCOVER_MINUTES {
            self.minutes.insert(at.0.div_euclid(MINUTE));
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.records += other.records;
        self.refused += other.refused;
        self.sources.extend(other.sources);
        self.minutes.extend(other.minutes);
        self.span = match (self.span, other.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, two) => one.or(two),
        };
    }
}

const MINUTE: i64 = 60_000_000;

/// What the records of one input, or of all, show.
#[derive(Debug, Default)]
pub struct Tally {
    pub(super) uses: BTreeMap<(String, Option<Consumer>), Use>,
    /// How each credential is written as a marker of a plan, by how it is shown.
    pub(super) markers: BTreeMap<String, String>,
    /// Records that show no credential.
    pub(super) without: u64,
    /// Records beyond the limit of different credentials and consumers.
    pub(super) beyond: u64,
}

impl Observer for Tally {
    fn see(&mut self, sighting: &Sighting<'_>) {
        let mapped = sighting.mapped;
        let is_none = matches!(mapped.counted, Occurrences::Grown(total) if total.value <= 0.0);
        let is_use = mapped.kind != Some(Kind::Lookup) && !is_none;
        let raw = mapped.uids.first().filter(|_| is_use);
        let Some(raw) = raw else {
            self.without += 1;
            return;
        };
        let shown = shown_uid(raw);
        let key = (shown.into_owned(), Consumer::of(mapped));
        if let Some(known) = self.uses.get_mut(&key) {
            known.add(mapped, sighting.profile);
        } else if self.uses.len() < limits::DISCOVER_PAIRS {
            self.markers.entry(key.0.clone()).or_insert_with(|| marker(&key.0, raw));
            self.uses.entry(key).or_default().add(mapped, sighting.profile);
        } else {
            self.beyond += 1;
        }
    }
}

/// What a plan writes for a credential: its id, or the digest of what must not stand in a file, or would read otherwise.
fn marker(shown: &str, raw: &str) -> String {
    let is_plain = !raw.is_empty()
        && raw.chars().all(|one| one.is_ascii_alphanumeric() || "-_.:@=+#$".contains(one))
        && !["sha256:", "prefix:", "suffix:"].iter().any(|form| raw.starts_with(form));
    if shown == raw && is_plain {
        return raw.to_owned();
    }
    format!("sha256:{}", hex(&Sha256::digest(raw.as_bytes())))
}

impl Tally {
    /// Adds what another input shows.
    pub fn join(&mut self, other: Self) {
        self.without += other.without;
        self.beyond += other.beyond;
        self.markers.extend(other.markers);
        for (key, one) in other.uses {
            if self.uses.contains_key(&key) || self.uses.len() < limits::DISCOVER_PAIRS {
                self.uses.entry(key).or_default().join(one);
            } else {
                self.beyond += one.records;
            }
        }
    }
}
