/*! A class in the ledger, with the facts on which its verdict rests. */

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::added::Added;
use super::instant::Instant;
use super::scalars::{Length, Real, Time, stated};
use super::words::Word;
use crate::model::decision::Verdict;
use crate::model::facts::Facet;
use crate::model::ledger::{ExceptionTest, HolderState, SilenceState, Truth};
use crate::model::{PathKind, Refresh, Use};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Class {
    #[serde(rename = "class")]
    pub(crate) name: String,
    pub(crate) path: Word<PathKind>,
    #[serde(rename = "use")]
    pub(crate) usage: Word<Use>,
    #[serde(deserialize_with = "stated")]
    pub(crate) owner: Option<String>,
    #[serde(deserialize_with = "stated")]
    pub(crate) refresh: Option<Word<Refresh>>,
    pub(crate) disabled: bool,
    pub(crate) effects: Vec<String>,
    pub(crate) derived: Vec<String>,
    pub(crate) verdict: Word<Verdict>,
    pub(crate) truth: Word<Truth>,
    pub(crate) safe_to_revoke: bool,
    #[serde(default)]
    pub(crate) layers: Added<Layers>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last_old_use: Option<Instant>,
    #[serde(deserialize_with = "stated")]
    pub(crate) first_new_success: Option<Instant>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last_new_success: Option<Instant>,
    pub(crate) exception_test: Word<ExceptionTest>,
    pub(crate) events: Events,
    pub(crate) degraded: Sides,
    pub(crate) failures: Sides,
    pub(crate) instances: Instances,
    #[serde(default)]
    pub(crate) holders: Added<Vec<Holder>>,
    #[serde(default)]
    pub(crate) holders_left_out: Added<u64>,
    pub(crate) silence: Silence,
    #[serde(deserialize_with = "stated")]
    pub(crate) earliest_revocation: Option<Time>,
    #[serde(default)]
    pub(crate) findings: Added<Vec<String>>,
    // Null unless the class is ready.
    #[serde(default)]
    pub(crate) why_ready: Added<Option<WhyReady>>,
}

/// What the proof of a ready class is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct WhyReady {
    pub(crate) streams: Vec<CoveredLog>,
    // Null where no rhythm was learned.
    #[serde(deserialize_with = "stated")]
    pub(crate) runs: Option<u64>,
    #[serde(deserialize_with = "stated")]
    pub(crate) gaps: Option<u64>,
    pub(crate) holders: HolderCounts,
    pub(crate) chances: u64,
    pub(crate) evidence: Vec<String>,
}

/// How many holders are in each state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct HolderCounts {
    pub(crate) moved: u64,
    pub(crate) stopped: u64,
    pub(crate) silent: u64,
    pub(crate) waiting: u64,
    pub(crate) lost: u64,
    pub(crate) unknown: u64,
}

/// How much of the window a log source covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CoveredLog {
    pub(crate) stream: String,
    pub(crate) covered: Length,
    pub(crate) window: Length,
}

impl Class {
    /// Does the report say who used the old version, and what may come unseen?
    pub(super) fn has_holders(&self) -> bool {
        self.holders.given().is_some()
            && self.holders_left_out.given().is_some()
            && self.silence.residual.given().is_some()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Layers {
    pub(crate) configuration: Layer,
    pub(crate) runtime: Layer,
    pub(crate) behavior: Layer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Layer {
    pub(crate) truth: Word<Truth>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last: Option<Instant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Events {
    pub(crate) old: Outcomes,
    pub(crate) new: Outcomes,
    pub(crate) unknown: Outcomes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Outcomes {
    pub(crate) success: u64,
    pub(crate) auth_failure: u64,
    pub(crate) denied: u64,
    pub(crate) failure: u64,
    pub(crate) none: u64,
}

// Before the new version was introduced, and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sides {
    pub(crate) before: Share,
    pub(crate) after: Share,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Share {
    pub(crate) n: u64,
    pub(crate) of: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Instances {
    pub(crate) old: u64,
    pub(crate) new: u64,
    pub(crate) mixed: u64,
    pub(crate) unknown: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Silence {
    #[serde(deserialize_with = "stated")]
    pub(crate) state: Option<Word<SilenceState>>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last_seen: Option<Time>,
    pub(crate) needed: Length,
    pub(crate) elapsed: Length,
    pub(crate) cadence: Cadence,
    pub(crate) settled: bool,
    pub(crate) chances: Chances,
    #[serde(default)]
    pub(crate) residual: Added<Option<Length>>,
}

// A member of the class that used the old version, told apart by one field of its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Holder {
    pub(crate) facet: Word<Facet>,
    pub(crate) value: String,
    pub(crate) state: Word<HolderState>,
    #[serde(deserialize_with = "stated")]
    pub(crate) last_old_use: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) first_new_success: Option<Time>,
    #[serde(deserialize_with = "stated")]
    pub(crate) rhythm: Option<Length>,
    #[serde(deserialize_with = "stated")]
    pub(crate) needed: Option<Length>,
    #[serde(deserialize_with = "stated")]
    pub(crate) until: Option<Time>,
    pub(crate) evidence: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Cadence {
    #[serde(deserialize_with = "stated")]
    pub(crate) declared: Option<Length>,
    #[serde(deserialize_with = "stated")]
    pub(crate) learned: Option<Length>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Chances {
    pub(crate) n: u64,
    #[serde(deserialize_with = "stated")]
    pub(crate) bound: Option<Real>,
}
