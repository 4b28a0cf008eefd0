/*! The answer of `during`, `holdover.during/1`: written, never read again. */

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::scalars::{Length, Time};
use super::who::WhoUnread;
use super::words::Word;
use crate::model::PathKind;
use crate::model::during::Now;
use crate::model::ledger::Truth;

/// The value of the key `schema`.
const NAME: &str = "holdover.during/1";

/// The name of the schema.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DuringName;

impl Serialize for DuringName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(NAME)
    }
}

impl JsonSchema for DuringName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DuringName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": NAME})
    }
}

/// The state of every instance. It is no verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct During {
    pub(crate) schema: DuringName,
    pub(crate) credential: String,
    pub(crate) old: Vec<String>,
    pub(crate) as_of: Time,
    pub(crate) introduced: Time,
    /// Attempts from then on are recent.
    pub(crate) recent_from: Time,
    /// The most urgent first.
    pub(crate) instances: Vec<DuringInstance>,
    /// What to leave as it is.
    pub(crate) freeze: Vec<DuringFreeze>,
    /// What a revocation this minute would break; null if that was not asked.
    pub(crate) leaked: Option<DuringLeaked>,
    /// What was not read, and may hide an instance.
    pub(crate) unread: Vec<WhoUnread>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DuringInstance {
    pub(crate) consumer: String,
    /// Null for a consumer that the plan does not declare.
    pub(crate) path: Option<Word<PathKind>>,
    pub(crate) instance: Option<String>,
    pub(crate) now: Word<Now>,
    pub(crate) last_used: Word<Truth>,
    pub(crate) recent: DuringAttempts,
    pub(crate) since: DuringAttempts,
    pub(crate) last: Option<Time>,
    /// What to do with it; null if nothing.
    pub(crate) step: Option<String>,
    /// Starting it again is that step.
    pub(crate) restart: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DuringAttempts {
    pub(crate) old: u64,
    pub(crate) new: u64,
    pub(crate) unversioned: u64,
    pub(crate) refused: u64,
    pub(crate) degraded: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DuringFreeze {
    pub(crate) action: String,
    pub(crate) consumers: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DuringLeaked {
    /// In the order in which to move them.
    pub(crate) breaks: Vec<DuringBreaks>,
    pub(crate) moved: Vec<String>,
    pub(crate) unknown: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DuringBreaks {
    pub(crate) consumer: String,
    pub(crate) path: Option<Word<PathKind>>,
    pub(crate) last_old_use: Time,
    /// The longest time between two runs, in which a fix shows.
    pub(crate) every: Option<Length>,
    pub(crate) fails_by: Option<Time>,
    pub(crate) instances: u64,
    pub(crate) effects: Vec<String>,
    pub(crate) fix: String,
}

/// The schema, as JSON Schema 2020-12.
pub fn during_schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<During>();
    schema.insert("title".to_owned(), NAME.into());
    let what = "The answer of `holdover during`. No key is left out: unknown is null or [].";
    schema.insert("description".to_owned(), what.into());
    schema
}
