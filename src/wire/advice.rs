/*! The answer of `plan advise`, `holdover.advice/1`: written, never read again. */

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::scalars::{Length, Time};
use super::who::WhoUnread;
use super::words::Word;
use crate::model::PathKind;
use crate::model::advice::{SplitBy, Turn};
use crate::model::cutover::ModelState;

/// The value of the key `schema`.
const NAME: &str = "holdover.advice/1";

/// The name of the schema.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AdviceName;

impl Serialize for AdviceName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(NAME)
    }
}

impl JsonSchema for AdviceName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AdviceName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": NAME})
    }
}

/// How to plan the rotation better. It is no verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Advice {
    pub(crate) schema: AdviceName,
    pub(crate) credential: String,
    pub(crate) as_of: Time,
    /// Each way of cutting over.
    pub(crate) models: Vec<AdviceModel>,
    /// The model that fits best; null if no consumer has moved.
    pub(crate) fitting: Option<String>,
    /// Who is still to move, the first first.
    pub(crate) order: Vec<AdviceMove>,
    pub(crate) moved: Vec<String>,
    /// How long the rotation must wait with one credential.
    pub(crate) wait: Length,
    /// The ways to split the credential that shorten a wait, the best first.
    pub(crate) splits: Vec<AdviceSplit>,
    /// Where attempts show no marker.
    pub(crate) unmarked: Vec<AdviceUnmarked>,
    /// What was not read, and may hide a consumer.
    pub(crate) unread: Vec<WhoUnread>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdviceModel {
    pub(crate) model: String,
    /// Does the plan declare it?
    pub(crate) declared: bool,
    pub(crate) state: Word<ModelState>,
    pub(crate) why: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdviceMove {
    pub(crate) consumer: String,
    pub(crate) path: Word<PathKind>,
    pub(crate) turn: Word<Turn>,
    /// How many members that used the old version were not seen to move.
    pub(crate) members: u64,
    /// The longest time between two runs; null if not known.
    pub(crate) every: Option<Length>,
    /// How long it must be free of old use.
    pub(crate) needed: Length,
    pub(crate) step: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdviceSplit {
    pub(crate) by: Word<SplitBy>,
    /// The shortest wait first.
    pub(crate) groups: Vec<AdviceGroup>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdviceGroup {
    pub(crate) name: String,
    pub(crate) consumers: Vec<String>,
    pub(crate) wait: Length,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AdviceUnmarked {
    pub(crate) consumer: String,
    pub(crate) source: String,
    pub(crate) profile: String,
    /// The fields in which the profile looks for a marker.
    pub(crate) fields: Vec<String>,
    pub(crate) attempts: u64,
    pub(crate) of: u64,
}

/// The schema, as JSON Schema 2020-12.
pub fn advice_schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Advice>();
    schema.insert("title".to_owned(), NAME.into());
    let what = "The answer of `holdover plan advise`. No key is left out: unknown is null or [].";
    schema.insert("description".to_owned(), what.into());
    schema
}
