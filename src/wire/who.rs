/*! The answer of `who`, `holdover.who/1`: written, never read again. */

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::scalars::{Length, Time};
use super::words::Word;
use crate::model::facts::Stray;
use crate::model::who::Does;

/// The value of the key `schema`.
const NAME: &str = "holdover.who/1";

/// The name of the schema.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WhoName;

impl Serialize for WhoName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(NAME)
    }
}

impl JsonSchema for WhoName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "WhoName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": NAME})
    }
}

/// Who holds a credential. It is no verdict.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Who {
    pub(crate) schema: WhoName,
    /// The markers in question, masked where they look secret.
    pub(crate) markers: Vec<String>,
    /// The latest time of any record, or the time that was asked for.
    pub(crate) as_of: Option<Time>,
    /// Only what happened since then is counted.
    pub(crate) since: Option<Time>,
    pub(crate) read: WhoRead,
    pub(crate) holders: Vec<WhoHolder>,
    /// Records that hold a marker where no field is read as the credential.
    pub(crate) unmapped: Vec<WhoUnmapped>,
    /// What was not read, and may hide a use.
    pub(crate) unread: Vec<WhoUnread>,
    /// What the sources that were read never record.
    pub(crate) never_recorded: Vec<WhoNever>,
    /// Inputs that were read and show no marker.
    pub(crate) without: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoRead {
    pub(crate) inputs: u64,
    pub(crate) records: u64,
    pub(crate) from: Option<Time>,
    pub(crate) to: Option<Time>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoHolder {
    pub(crate) marker: String,
    /// `uses` it, `holds` a session made with it, `reads` it from its store, or `names` it without a use.
    pub(crate) does: Word<Does>,
    /// The name that a plan would give the consumer; without a name in the records, the log source.
    pub(crate) class_guess: String,
    /// The column that gives the name; null if the records name nobody.
    pub(crate) guessed_from: Option<String>,
    pub(crate) service_name: Option<String>,
    pub(crate) service_instance_id: Option<String>,
    pub(crate) host_name: Option<String>,
    pub(crate) client_address: Option<String>,
    /// Without its version.
    pub(crate) user_agent: Option<String>,
    pub(crate) principal: Option<String>,
    pub(crate) action: Option<String>,
    /// Columns with too many values to tell anybody apart.
    pub(crate) many: Vec<WhoMany>,
    pub(crate) events: u64,
    pub(crate) refused: u64,
    /// How many show a session key, lease or token that was issued from the credential.
    pub(crate) linked: u64,
    pub(crate) first: WhoSeen,
    pub(crate) last: WhoSeen,
    /// The median time between two minutes with records; null if all are of one minute.
    pub(crate) gap_usual: Option<Length>,
    pub(crate) gap_longest: Option<Length>,
    pub(crate) next_expected: Option<Time>,
    /// More time went by than ever before.
    pub(crate) overdue: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoMany {
    pub(crate) column: String,
    pub(crate) values: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoSeen {
    pub(crate) time: Option<Time>,
    pub(crate) input: String,
    /// The number of the record in the input, from 1: of text, its line.
    pub(crate) record: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoUnmapped {
    pub(crate) marker: String,
    pub(crate) why: Word<Stray>,
    pub(crate) stream: String,
    /// The JSON Pointer of the field, empty if there is none; of a marker that is spelled otherwise, what is logged.
    pub(crate) place: String,
    pub(crate) records: u64,
    pub(crate) first: WhoSeen,
    pub(crate) last: WhoSeen,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoUnread {
    pub(crate) input: String,
    pub(crate) what: String,
    /// How many records; null if that is not known.
    pub(crate) records: Option<u64>,
    /// It holds a marker, so it does hide something.
    pub(crate) holds_marker: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct WhoNever {
    pub(crate) profile: String,
    pub(crate) events: Vec<String>,
}

/// The schema, as JSON Schema 2020-12.
pub fn who_schema() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Who>();
    schema.insert("title".to_owned(), NAME.into());
    let what = "The answer of `holdover who`. No key is left out: unknown is null or [].";
    schema.insert("description".to_owned(), what.into());
    schema
}
