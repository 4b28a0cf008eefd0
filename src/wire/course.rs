/*! The timeline, and after a revocation what broke and what a report before it would have said. */

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::added::Added;
use super::instant::Instant;
use super::scalars::{Length, Time, stated};
use super::words::Word;
use crate::model::course::{Cycle, Event};
use crate::model::decision::{Held, Verdict};
use crate::model::finding::Severity;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Milestone {
    pub(crate) time: Time,
    pub(crate) event: Word<Event>,
    #[serde(deserialize_with = "stated")]
    pub(crate) class: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) evidence: Option<String>,
}

// The first cycle of one class after the revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Watch {
    pub(crate) class: String,
    pub(crate) cycle: Word<Cycle>,
    #[serde(deserialize_with = "stated")]
    pub(crate) due: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) passed: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Postmortem {
    /// Did the revocation hold? The verdict in the words of a postmortem.
    #[serde(default)]
    pub(crate) revocation: Added<Word<Held>>,
    pub(crate) broken: Vec<Broken>,
    pub(crate) known: Known,
}

// One class that failed after the revocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Broken {
    pub(crate) class: String,
    pub(crate) failures: u64,
    pub(crate) first_sign: Instant,
    pub(crate) first_failure: Instant,
    pub(crate) last_failure: Instant,
    pub(crate) delay: Length,
    pub(crate) hidden: u64,
    pub(crate) effects: Vec<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) recovered: Option<Instant>,
}

// What a report at the time of the revocation would have said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Known {
    pub(crate) at: Time,
    pub(crate) verdict: Word<Verdict>,
    pub(crate) findings: Vec<KnownFinding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct KnownFinding {
    pub(crate) rule: String,
    pub(crate) severity: Word<Severity>,
    #[serde(deserialize_with = "stated")]
    pub(crate) class: Option<String>,
    pub(crate) summary: String,
}
