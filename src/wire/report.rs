/*! The report as it is written, key by key, in the order of the design. */

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::added::Added;
use super::class::Class;
use super::course::{Milestone, Postmortem, Watch};
use super::finding::{Finding, Waiver};
use super::scalars::{Hints, Length, Limits, SchemaName, Time, stated};
use super::texts;
use super::words::Word;
use crate::model::DigestKind;
use crate::model::cutover::{ModelState, MoveState};
use crate::model::decision::{Mode, Verdict};
use crate::model::next::{Action, Status};

/// A report of schema `holdover.report/1`. All of its texts that come from a log or a plan are masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    pub(crate) schema: SchemaName,
    pub(crate) tool: Tool,
    pub(crate) credential: Credential,
    pub(crate) mode: Word<Mode>,
    pub(crate) rotation: Rotation,
    pub(crate) limits: Limits,
    pub(crate) as_of: Time,
    pub(crate) window: Interval,
    pub(crate) verdict: Word<Verdict>,
    pub(crate) summary: String,
    #[serde(deserialize_with = "stated")]
    pub(crate) earliest_revocation: Option<Earliest>,
    pub(crate) classes: Vec<Class>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) waivers: Vec<Waiver>,
    #[serde(default)]
    pub(crate) plan: Added<PlanTerms>,
    #[serde(default)]
    pub(crate) missing_proof: Added<Vec<MissingProof>>,
    #[serde(default)]
    pub(crate) checklist: Added<Vec<ChecklistItem>>,
    #[serde(default)]
    pub(crate) containment: Added<Vec<ContainmentStep>>,
    #[serde(default)]
    pub(crate) timeline: Added<Vec<Milestone>>,
    #[serde(default)]
    pub(crate) watch: Added<Vec<Watch>>,
    #[serde(default)]
    pub(crate) postmortem: Added<Option<Postmortem>>,
    pub(crate) undeclared: Vec<Undeclared>,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) accounting: Accounting,
    pub(crate) inputs: Vec<Input>,
    pub(crate) evidence: Vec<Evidence>,
}

impl Report {
    /// The keys that the report lacks because it is older than these keys, as paths: `timeline`, `classes[].layers`.
    pub fn lacks(&self) -> Vec<&'static str> {
        let has = [
            ("classes[].layers", self.classes.iter().all(|class| class.layers.given().is_some())),
            ("classes[].holders", self.classes.iter().all(super::class::Class::has_holders)),
            (
                "classes[].findings",
                self.classes.iter().all(|class| class.findings.given().is_some()),
            ),
            (
                "classes[].why_ready",
                self.classes.iter().all(|class| class.why_ready.given().is_some()),
            ),
            (
                "waivers[].findings",
                self.waivers.iter().all(|waiver| waiver.findings.given().is_some()),
            ),
            ("rotation.model_state", self.rotation.model_state.given().is_some()),
            ("plan", self.plan.given().is_some()),
            ("missing_proof", self.missing_proof.given().is_some()),
            ("checklist", self.checklist.given().is_some()),
            ("containment", self.containment.given().is_some()),
            ("timeline", self.timeline.given().is_some()),
            ("watch", self.watch.given().is_some()),
            ("postmortem", self.postmortem.given().is_some()),
            ("postmortem.revocation", self.says_whether_it_held()),
        ];
        has.into_iter().filter(|(_, has)| !has).map(|(key, _)| key).collect()
    }

    fn says_whether_it_held(&self) -> bool {
        let postmortem = self.postmortem.given().and_then(Option::as_ref);
        postmortem.is_none_or(|postmortem| postmortem.revocation.given().is_some())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Credential {
    pub(crate) name: String,
    #[serde(deserialize_with = "stated")]
    pub(crate) dependency: Option<String>,
    pub(crate) old: Vec<String>,
    pub(crate) new: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Rotation {
    #[serde(deserialize_with = "texts::read_models")]
    #[schemars(schema_with = "texts::models")]
    pub(crate) model: Vec<String>,
    pub(crate) introduced: Time,
    #[serde(deserialize_with = "stated")]
    pub(crate) revoke_target: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) revoked: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) rollback: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) decision_owner: Option<String>,
    #[serde(deserialize_with = "texts::read_in_flight")]
    #[schemars(schema_with = "texts::in_flight")]
    pub(crate) in_flight: Option<String>,
    pub(crate) required_evidence: Vec<String>,
    #[serde(default)]
    pub(crate) model_state: Added<Vec<Cutover>>,
}

/// A declared model, and whether the records fit it. Where it is about the order of the classes, the order follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Cutover {
    #[serde(deserialize_with = "texts::read_model")]
    #[schemars(schema_with = "texts::model")]
    pub(crate) model: String,
    pub(crate) state: Word<ModelState>,
    pub(crate) why: String,
    pub(crate) order: Vec<ClassMove>,
    #[serde(deserialize_with = "stated")]
    pub(crate) next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ClassMove {
    pub(crate) class: String,
    pub(crate) state: Word<MoveState>,
    #[serde(deserialize_with = "stated")]
    pub(crate) began: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) ended: Option<Time>,
}

/// The plan that the report was made with, so that a softer one is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PlanTerms {
    #[serde(deserialize_with = "texts::read_digest")]
    #[schemars(schema_with = "texts::digest")]
    pub(crate) sha256: Option<String>,
    pub(crate) terms: Vec<PlanTerm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PlanTerm {
    pub(crate) of: String,
    pub(crate) term: String,
    pub(crate) value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Interval {
    pub(crate) from: Time,
    pub(crate) to: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Earliest {
    // Null if waiting alone is not enough.
    #[serde(deserialize_with = "stated")]
    pub(crate) time: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) binding_class: Option<String>,
    pub(crate) because: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct MissingProof {
    pub(crate) action: Word<Action>,
    #[serde(deserialize_with = "stated")]
    pub(crate) class: Option<String>,
    pub(crate) detail: String,
    pub(crate) settles: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ChecklistItem {
    pub(crate) item: String,
    pub(crate) status: Word<Status>,
    pub(crate) because: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ContainmentStep {
    pub(crate) step: u8,
    pub(crate) action: String,
    pub(crate) classes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Undeclared {
    pub(crate) hints: Hints,
    pub(crate) events: u64,
    pub(crate) first: Time,
    pub(crate) last: Time,
    pub(crate) instances: u64,
    pub(crate) hours: u64,
    #[serde(deserialize_with = "stated")]
    pub(crate) cadence: Option<Length>,
    #[serde(rename = "match")]
    pub(crate) match_line: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Coverage {
    pub(crate) stream: String,
    #[serde(deserialize_with = "stated")]
    pub(crate) from: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) to: Option<Time>,
    pub(crate) holes: Vec<Interval>,
    pub(crate) classes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Accounting {
    pub(crate) records: u64,
    pub(crate) evidence: u64,
    pub(crate) irrelevant: u64,
    pub(crate) rejected: u64,
    pub(crate) duplicate: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Input {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    #[serde(deserialize_with = "texts::read_digest")]
    #[schemars(schema_with = "texts::digest")]
    pub(crate) sha256: Option<String>,
    /// In the place of SHA-256, if it was asked for.
    #[serde(
        default,
        deserialize_with = "texts::read_digest",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(schema_with = "texts::digest")]
    pub(crate) blake3: Option<String>,
    pub(crate) profile: String,
    #[serde(flatten)]
    pub(crate) tally: Accounting,
    #[serde(deserialize_with = "stated")]
    pub(crate) first_time: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last_time: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) damage: Option<String>,
}

impl Input {
    /// The digest of its stored bytes, of either kind.
    pub(crate) fn digest(&self) -> Option<String> {
        let blake3 = || Some(DigestKind::Blake3.text(self.blake3.as_deref()?));
        self.sha256.clone().or_else(blake3)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Evidence {
    pub(crate) id: String,
    #[serde(deserialize_with = "stated")]
    pub(crate) input: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) record: Option<u64>,
    #[serde(deserialize_with = "stated")]
    pub(crate) offset: Option<u64>,
    #[serde(deserialize_with = "stated")]
    pub(crate) time: Option<Time>,
    pub(crate) says: String,
}
