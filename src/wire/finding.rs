/*! Findings, and the waivers that take them out of the verdict. */

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::added::Added;
use super::scalars::{Real, Time, stated};
use super::words::Word;
use crate::model::finding::Severity;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) severity: Word<Severity>,
    #[serde(deserialize_with = "stated")]
    pub(crate) class: Option<String>,
    pub(crate) summary: String,
    pub(crate) remedy: String,
    pub(crate) evidence: Vec<String>,
    pub(crate) evidence_total: u64,
    pub(crate) searched: Vec<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) plan: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) numbers: Option<Numbers>,
    #[serde(deserialize_with = "stated")]
    pub(crate) waived: Option<Waived>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Numbers {
    pub(crate) n: u64,
    pub(crate) of: u64,
    #[serde(deserialize_with = "stated")]
    pub(crate) p: Option<Real>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Waived {
    pub(crate) owner: String,
    pub(crate) until: Time,
    pub(crate) reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Waiver {
    pub(crate) rule: String,
    #[serde(deserialize_with = "stated")]
    pub(crate) class: Option<String>,
    #[serde(flatten)]
    pub(crate) by: Waived,
    pub(crate) in_force: bool,
    #[serde(default)]
    pub(crate) findings: Added<Vec<String>>,
}
