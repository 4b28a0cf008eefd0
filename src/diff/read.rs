/*! A report as it is read again. The file may come from anybody: what is not as the schema says is refused with its place. */

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserialize, Deserializer, Error as _};

use crate::model::Timestamp;
use crate::model::decision::Verdict;

const SCHEMA: &str = "holdover.report/1";

/// Why a file is no report that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON, or not what the schema says.
    #[error("it is no report of schema `{SCHEMA}`: {0}")]
    Shape(String),
    /// It is of another schema.
    #[error("its schema is `{0}`, and this version reads `{SCHEMA}`")]
    Schema(String),
    /// It does not agree with itself.
    #[error("it contradicts itself: {0}")]
    Contradiction(&'static str),
}

/// Reads a report.
pub fn read(text: &str) -> Result<Report, Unreadable> {
    let shape = |error: serde_json::Error| Unreadable::Shape(error.to_string());
    let head: Head = serde_json::from_str(text).map_err(shape)?;
    if head.schema != SCHEMA {
        return Err(Unreadable::Schema(head.schema));
    }
    let report: Report = serde_json::from_str(text).map_err(shape)?;
    let worst = report.classes.iter().map(|class| class.verdict).max();
    let names: BTreeSet<&str> = report.classes.iter().map(|class| class.name.as_str()).collect();
    if worst.is_some_and(|worst| report.verdict < worst) {
        return Err(Unreadable::Contradiction("its verdict is better than that of a class"));
    }
    if names.len() < report.classes.len() {
        return Err(Unreadable::Contradiction("a class stands in it twice"));
    }
    let (sums, safe) =
        (&report.accounting, |class: &Class| class.safe == (class.verdict == Verdict::Ready));
    let parts = [sums.evidence, sums.irrelevant, sums.rejected, sums.duplicate];
    if parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(*part)) != Some(sums.records) {
        return Err(Unreadable::Contradiction("its sums do not add up"));
    }
    if !report.classes.iter().all(safe) {
        return Err(Unreadable::Contradiction("a class is called safe that is not ready"));
    }
    Ok(report)
}

#[derive(serde::Deserialize)]
struct Head {
    schema: String,
}

/// A report, as far as it is compared.
#[derive(Debug, serde::Deserialize)]
pub struct Report {
    pub(super) tool: Tool,
    pub(super) credential: Credential,
    pub(super) mode: String,
    pub(super) rotation: Rotation,
    pub(super) limits: BTreeMap<String, serde_json::Value>,
    pub(super) as_of: Time,
    pub(super) window: Interval,
    #[serde(deserialize_with = "verdict")]
    pub(super) verdict: Verdict,
    pub(super) summary: String,
    #[serde(deserialize_with = "stated")]
    pub(super) earliest_revocation: Option<Earliest>,
    pub(super) classes: Vec<Class>,
    pub(super) findings: Vec<Finding>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) undeclared: Vec<Undeclared>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) accounting: Accounting,
    pub(super) inputs: Vec<Input>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Tool {
    pub(super) version: String,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Credential {
    pub(super) name: String,
    #[serde(deserialize_with = "stated")]
    pub(super) dependency: Option<String>,
    pub(super) old: Vec<String>,
    pub(super) new: Vec<String>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Rotation {
    pub(super) model: Vec<String>,
    pub(super) introduced: Time,
    #[serde(deserialize_with = "stated")]
    pub(super) revoke_target: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(super) revoked: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(super) rollback: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(super) decision_owner: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(super) in_flight: Option<String>,
    pub(super) required_evidence: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Interval {
    pub(super) from: Time,
    pub(super) to: Time,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Earliest {
    #[serde(deserialize_with = "stated")]
    pub(super) time: Option<Time>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Class {
    #[serde(rename = "class")]
    pub(super) name: String,
    pub(super) path: String,
    #[serde(rename = "use")]
    pub(super) usage: String,
    #[serde(deserialize_with = "stated")]
    pub(super) owner: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(super) refresh: Option<String>,
    pub(super) disabled: bool,
    pub(super) effects: Vec<String>,
    pub(super) derived: Vec<String>,
    #[serde(deserialize_with = "verdict")]
    pub(super) verdict: Verdict,
    pub(super) truth: String,
    #[serde(rename = "safe_to_revoke")]
    pub(super) safe: bool,
    #[serde(deserialize_with = "stated")]
    pub(super) last_old_use: Option<Instant>,
    #[serde(deserialize_with = "stated")]
    pub(super) last_new_success: Option<Instant>,
    pub(super) silence: Silence,
    #[serde(deserialize_with = "stated")]
    pub(super) earliest_revocation: Option<Time>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Instant {
    pub(super) time: Time,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Silence {
    #[serde(deserialize_with = "stated")]
    pub(super) state: Option<String>,
    pub(super) needed: Length,
    pub(super) cadence: Cadence,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Cadence {
    #[serde(deserialize_with = "stated")]
    pub(super) declared: Option<Length>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Finding {
    pub(super) rule: String,
    pub(super) severity: Severity,
    #[serde(deserialize_with = "stated")]
    pub(super) class: Option<String>,
    pub(super) summary: String,
    #[serde(deserialize_with = "stated")]
    pub(super) waived: Option<Waived>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Severity {
    Blocks,
    Withholds,
    Advises,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Waived {
    pub(super) owner: String,
    pub(super) until: Time,
}

#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Waiver {
    pub(super) rule: String,
    #[serde(deserialize_with = "stated")]
    pub(super) class: Option<String>,
    pub(super) owner: String,
    pub(super) until: Time,
    pub(super) reason: String,
    pub(super) in_force: bool,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Undeclared {
    pub(super) hints: BTreeMap<String, String>,
    pub(super) events: u64,
    pub(super) last: Time,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Coverage {
    pub(super) stream: String,
    #[serde(deserialize_with = "stated")]
    pub(super) from: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(super) to: Option<Time>,
    pub(super) holes: Vec<Interval>,
    pub(super) classes: Vec<String>,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Accounting {
    pub(super) records: u64,
    pub(super) evidence: u64,
    pub(super) irrelevant: u64,
    pub(super) rejected: u64,
    pub(super) duplicate: u64,
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Input {
    pub(super) path: String,
    pub(super) bytes: u64,
    #[serde(deserialize_with = "stated")]
    pub(super) sha256: Option<String>,
    pub(super) records: u64,
    #[serde(deserialize_with = "stated")]
    pub(super) damage: Option<String>,
}

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let time = Timestamp::from_rfc3339(&text).filter(|_| text.ends_with('Z'));
        time.map(Self)
            .ok_or_else(|| D::Error::custom("expected a time such as `2026-03-06T09:00:00Z`"))
    }
}

/// A length of time in minutes, written `26h5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Length(u64);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let parts = text.strip_suffix('m').and_then(|text| text.split_once('h'));
        let minutes = parts.and_then(|(hours, minutes)| {
            let hours: u64 = hours.parse().ok()?;
            hours.checked_mul(60)?.checked_add(minutes.parse().ok()?)
        });
        minutes.map(Self).ok_or_else(|| D::Error::custom("expected a length such as `26h5m`"))
    }
}

impl std::fmt::Display for Length {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}h{}m", self.0 / 60, self.0 % 60)
    }
}

/// A value that may be null but stands there: no key of a report is left out.
fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(from)
}

fn verdict<'de, D: Deserializer<'de>>(from: D) -> Result<Verdict, D::Error> {
    let word = String::deserialize(from)?;
    let all = [Verdict::Ready, Verdict::Inconclusive, Verdict::NotReady];
    all.into_iter()
        .find(|verdict| verdict.word() == word)
        .ok_or_else(|| D::Error::custom("expected `ready`, `inconclusive` or `not_ready`"))
}
