/*! Counts the usages of each credential by each consumer, record by record. */

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::limits;
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::{Kind, Outcome, Span, hex};
use crate::safe;
use crate::scan::{ObservedRecord, Observer};

/// A user of a credential, named by the first of these that a record has: service, agent, principal, address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedConsumer {
    /// The column that names it.
    pub by: Column,
    /// The name as logged, of an agent without its version. A text that would have to be masked is not used as a name.
    pub name: String,
}

const NAMED_BY: [Column; 4] =
    [Column::ServiceName, Column::UserAgent, Column::Principal, Column::ClientAddress];

impl NamedConsumer {
    fn of(mapped: &Mapped<'_>) -> Option<Self> {
        NAMED_BY.iter().find_map(|by| {
            let raw = mapped.text(*by)?;
            let name = if *by == Column::UserAgent { product(raw) } else { raw };
            let is_name = !name.is_empty() && safe::mask_path(name) == name;
            is_name.then(|| Self { by: *by, name: name.to_owned() })
        })
    }
}

/// An agent without its version.
fn product(agent: &str) -> &str {
    agent.split(['/', ' ']).next().unwrap_or_default()
}

/// The usages of one credential by one consumer.
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
        let RecordTime::At(when) = mapped.time else { return };
        let at = when.earliest();
        let instant = Span { from: at, to: at };
        self.span = Some(self.span.map_or(instant, |span| span.hull(instant)));
        if self.minutes.len() < limits::DISCOVER_MINUTES {
            self.minutes.insert(at.0.div_euclid(MINUTE));
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.records += other.records;
        self.refused += other.refused;
        self.sources.extend(other.sources);
        self.minutes.extend(other.minutes);
        self.span = self.span.into_iter().chain(other.span).reduce(Span::hull);
    }
}

const MINUTE: i64 = 60_000_000;

/// The usages in one input, or in all.
#[derive(Debug, Default)]
pub struct CredentialTally {
    pub(super) usages: BTreeMap<(String, Option<NamedConsumer>), Usage>,
    /// The marker of each credential for a plan, by its masked id.
    pub(super) markers: BTreeMap<String, String>,
    /// How many records show no credential.
    pub(super) without: u64,
    /// How many records were left out, beyond the limit of credentials and consumers.
    pub(super) beyond: u64,
}

impl Observer for CredentialTally {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        let mapped = record.mapped;
        let is_zero = matches!(mapped.occurrences, Occurrences::Grown(total) if total.value <= 0.0);
        let is_use = mapped.kind != Some(Kind::Lookup) && !is_zero;
        let raw = mapped.uids.first().filter(|_| is_use);
        let Some(raw) = raw else {
            self.without += 1;
            return;
        };
        let shown = safe::mask(raw);
        let key = (shown.into_owned(), NamedConsumer::of(mapped));
        if let Some(usage) = self.usages.get_mut(&key) {
            usage.add(mapped, record.profile);
        } else if self.usages.len() < limits::DISCOVER_PAIRS {
            self.markers.entry(key.0.clone()).or_insert_with(|| marker(&key.0, raw));
            self.usages.entry(key).or_default().add(mapped, record.profile);
        } else {
            self.beyond += 1;
        }
    }
}

/// The marker for a plan: the id or, if the id is secret or would be read as something else, its digest.
fn marker(shown: &str, raw: &str) -> String {
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

impl CredentialTally {
    /// Adds the usages in another input.
    pub fn join(&mut self, other: Self) {
        self.without += other.without;
        self.beyond += other.beyond;
        self.markers.extend(other.markers);
        for (key, usage) in other.usages {
            if self.usages.contains_key(&key) || self.usages.len() < limits::DISCOVER_PAIRS {
                self.usages.entry(key).or_default().join(usage);
            } else {
                self.beyond += usage.records;
            }
        }
    }
}
