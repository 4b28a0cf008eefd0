/*! A time, and the evidence that shows it. */

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scalars::{Time, stated};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Instant {
    pub(crate) time: Time,
    #[serde(deserialize_with = "stated")]
    pub(crate) evidence: Option<String>,
}
