/*! A key that the first reports of this schema did not have. */

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

/// A key that was added to the schema: its value, or that an older report lacks it. This version always writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Added<T> {
    /// The report has the key.
    Given(T),
    /// The report is older than the key, or somebody took the key out.
    #[default]
    Lacking,
}

impl<T> Added<T> {
    /// The value, if the report has the key.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Lacking => None,
        }
    }
}

impl<T> Added<Vec<T>> {
    /// The entries; empty if the report lacks the key.
    pub(crate) fn entries(&self) -> &[T] {
        self.given().map(Vec::as_slice).unwrap_or_default()
    }
}

impl<T: Serialize> Serialize for Added<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Given(value) => value.serialize(serializer),
            Self::Lacking => Err(S::Error::custom("a key of the schema is lacking")),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Added<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::Given)
    }
}

impl<T: JsonSchema> JsonSchema for Added<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
