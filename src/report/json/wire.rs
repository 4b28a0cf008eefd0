/*! What stands in the JSON, key by key, in the order of the design. */

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{course, schema};
use crate::model::Timestamp;
use crate::model::decision::LimitValue;

/// Text of a log or the plan, masked.
pub(super) type Shown<'a> = Cow<'a, str>;

#[derive(Serialize, JsonSchema)]
pub(super) struct Report<'a> {
    #[schemars(schema_with = "schema::name")]
    pub schema: &'static str,
    pub tool: Tool,
    pub credential: Credential<'a>,
    #[schemars(schema_with = "schema::mode")]
    pub mode: &'static str,
    pub rotation: Rotation<'a>,
    pub limits: Limits<'a>,
    pub as_of: Time,
    pub window: Interval,
    #[schemars(schema_with = "schema::verdict")]
    pub verdict: &'static str,
    pub summary: Shown<'a>,
    pub earliest_revocation: Option<Earliest<'a>>,
    pub classes: Vec<Class<'a>>,
    pub findings: Vec<Finding<'a>>,
    pub waivers: Vec<Waiver<'a>>,
    pub missing_proof: Vec<MissingProof<'a>>,
    pub checklist: Vec<ChecklistItem>,
    pub containment: Vec<ContainmentStep<'a>>,
    pub timeline: Vec<course::Milestone<'a>>,
    pub watch: Vec<course::Watch<'a>>,
    pub postmortem: Option<course::Postmortem<'a>>,
    pub undeclared: Vec<Undeclared<'a>>,
    pub coverage: Vec<Coverage<'a>>,
    pub accounting: Accounting,
    pub inputs: Vec<Input<'a>>,
    pub evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Credential<'a> {
    pub name: Shown<'a>,
    pub dependency: Option<Shown<'a>>,
    pub old: Vec<Shown<'a>>,
    pub new: Vec<Shown<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Rotation<'a> {
    #[schemars(schema_with = "schema::models")]
    pub model: &'a [&'static str],
    pub introduced: Time,
    pub revoke_target: Option<Time>,
    pub revoked: Option<Time>,
    pub rollback: Option<Shown<'a>>,
    pub decision_owner: Option<Shown<'a>>,
    #[schemars(schema_with = "schema::in_flight")]
    pub in_flight: Option<&'static str>,
    pub required_evidence: Vec<Shown<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Interval {
    pub from: Time,
    pub to: Time,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Earliest<'a> {
    pub time: Option<Time>,
    pub binding_class: Option<Shown<'a>>,
    pub because: Shown<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Class<'a> {
    #[serde(rename = "class")]
    pub name: Shown<'a>,
    #[schemars(schema_with = "schema::path")]
    pub path: &'static str,
    #[serde(rename = "use")]
    #[schemars(schema_with = "schema::usage")]
    pub usage: &'static str,
    pub owner: Option<Shown<'a>>,
    #[schemars(schema_with = "schema::refresh")]
    pub refresh: Option<&'static str>,
    pub disabled: bool,
    pub effects: Vec<Shown<'a>>,
    pub derived: Vec<Shown<'a>>,
    #[schemars(schema_with = "schema::verdict")]
    pub verdict: &'static str,
    #[schemars(schema_with = "schema::truth")]
    pub truth: &'static str,
    pub safe_to_revoke: bool,
    pub layers: Layers,
    pub last_old_use: Option<Instant>,
    pub first_new_success: Option<Instant>,
    pub last_new_success: Option<Instant>,
    #[schemars(schema_with = "schema::exception_test")]
    pub exception_test: &'static str,
    pub events: Events,
    pub degraded: Sides,
    pub failures: Sides,
    pub instances: Instances,
    pub silence: Silence,
    pub earliest_revocation: Option<Time>,
    pub findings: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct MissingProof<'a> {
    #[schemars(schema_with = "schema::action")]
    pub action: &'static str,
    pub class: Option<Shown<'a>>,
    pub detail: Shown<'a>,
    pub settles: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ChecklistItem {
    pub item: &'static str,
    #[schemars(schema_with = "schema::status")]
    pub status: &'static str,
    pub because: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ContainmentStep<'a> {
    pub step: u8,
    pub action: Shown<'a>,
    pub classes: Vec<Shown<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Layers {
    pub configuration: Layer,
    pub runtime: Layer,
    pub behavior: Layer,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Layer {
    #[schemars(schema_with = "schema::truth")]
    pub truth: &'static str,
    pub last: Option<Instant>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Instant {
    pub time: Time,
    pub evidence: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Events {
    pub old: Outcomes,
    pub new: Outcomes,
    pub unknown: Outcomes,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Outcomes {
    pub success: u64,
    pub auth_failure: u64,
    pub denied: u64,
    pub failure: u64,
    pub none: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Sides {
    pub before: Share,
    pub after: Share,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Share {
    pub n: u64,
    pub of: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Instances {
    pub old: u64,
    pub new: u64,
    pub mixed: u64,
    pub unknown: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Silence {
    #[schemars(schema_with = "schema::silence")]
    pub state: Option<&'static str>,
    pub last_seen: Option<Time>,
    #[schemars(schema_with = "schema::length")]
    pub needed: String,
    #[schemars(schema_with = "schema::length")]
    pub elapsed: String,
    pub cadence: Cadence,
    pub settled: bool,
    pub chances: Chances,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Cadence {
    #[schemars(schema_with = "schema::some_length")]
    pub declared: Option<String>,
    #[schemars(schema_with = "schema::some_length")]
    pub learned: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Chances {
    pub n: u64,
    pub bound: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    pub id: String,
    pub rule: &'static str,
    #[schemars(schema_with = "schema::severity")]
    pub severity: &'static str,
    pub class: Option<Shown<'a>>,
    pub summary: Shown<'a>,
    pub remedy: Shown<'a>,
    pub evidence: Vec<String>,
    pub evidence_total: u64,
    pub searched: Vec<Shown<'a>>,
    pub plan: Option<Shown<'a>>,
    pub numbers: Option<Numbers>,
    pub waived: Option<Waived<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Numbers {
    pub n: u64,
    pub of: u64,
    pub p: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Waived<'a> {
    pub owner: Shown<'a>,
    pub until: Time,
    pub reason: Shown<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Waiver<'a> {
    pub rule: Shown<'a>,
    pub class: Option<Shown<'a>>,
    #[serde(flatten)]
    pub by: Waived<'a>,
    pub in_force: bool,
    pub findings: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Undeclared<'a> {
    pub hints: Hints<'a>,
    pub events: u64,
    pub first: Time,
    pub last: Time,
    pub instances: u64,
    pub hours: u64,
    #[schemars(schema_with = "schema::some_length")]
    pub cadence: Option<String>,
    #[serde(rename = "match")]
    pub match_line: Shown<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Coverage<'a> {
    pub stream: Shown<'a>,
    pub from: Option<Time>,
    pub to: Option<Time>,
    pub holes: Vec<Interval>,
    pub classes: Vec<Shown<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Accounting {
    pub records: u64,
    pub evidence: u64,
    pub irrelevant: u64,
    pub rejected: u64,
    pub duplicate: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Input<'a> {
    pub path: Shown<'a>,
    pub bytes: u64,
    #[schemars(schema_with = "schema::digest")]
    pub sha256: Option<&'a str>,
    pub profile: Shown<'a>,
    #[serde(flatten)]
    pub tally: Accounting,
    pub first_time: Option<Time>,
    pub last_time: Option<Time>,
    pub damage: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Evidence<'a> {
    pub id: String,
    pub input: Option<Shown<'a>>,
    pub record: Option<u64>,
    pub offset: Option<u64>,
    pub time: Option<Time>,
    pub says: Shown<'a>,
}

/// An instant as RFC 3339 in UTC.
pub(super) struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema::time()
    }
}

/// The plan's limits, in their order.
pub(super) struct Limits<'a>(pub &'a [(&'static str, LimitValue)]);

impl Serialize for Limits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            match value {
                LimitValue::Number(number) => map.serialize_entry(name, number)?,
                LimitValue::Count(count) => map.serialize_entry(name, count)?,
                LimitValue::Length(text) => map.serialize_entry(name, text)?,
                LimitValue::Flag(flag) => map.serialize_entry(name, flag)?,
            }
        }
        map.end()
    }
}

impl JsonSchema for Limits<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Limits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema::limits()
    }
}

/// Column and value of each hint, in their order.
pub(super) struct Hints<'a>(pub Vec<(&'static str, Shown<'a>)>);

impl Serialize for Hints<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl JsonSchema for Hints<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Hints".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema::hints()
    }
}
