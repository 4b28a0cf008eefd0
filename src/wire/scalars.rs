/*! Times, lengths, numbers and small maps, each with its only form as text. */

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::model::{Duration, Timestamp};

/// The value of the key `schema` in a report.
pub const NAME: &str = "holdover.report/1";

/// The name of the schema. No other name is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SchemaName;

impl Serialize for SchemaName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(NAME)
    }
}

impl<'de> Deserialize<'de> for SchemaName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        let is_ours = name == NAME;
        is_ours.then_some(Self).ok_or_else(|| D::Error::custom("expected another schema"))
    }
}

impl JsonSchema for SchemaName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SchemaName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"const": NAME})
    }
}

/// An instant as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Time(pub(crate) Timestamp);

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let time = Timestamp::from_rfc3339(&text).filter(|_| text.ends_with('Z'));
        time.map(Self)
            .ok_or_else(|| D::Error::custom("expected a time such as `2026-03-06T09:00:00Z`"))
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "format": "date-time", "pattern": "Z$",
            "description": "An instant in UTC, RFC 3339 with `Z`."
        })
    }
}

/// A length of time in whole minutes, written `26h5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Length {
    minutes: u64,
}

impl Length {
    pub(crate) fn rounded_down(length: Duration) -> Self {
        Self { minutes: u64::try_from(length.0 / Duration::MINUTE.0).unwrap_or(0) }
    }

    /// For lengths that are still needed.
    pub(crate) fn rounded_up(length: Duration) -> Self {
        Self::rounded_down(Duration(length.0.saturating_add(Duration::MINUTE.0 - 1)))
    }

    pub(crate) fn minutes(self) -> u64 {
        self.minutes
    }

    /// A length that is too long for the model becomes the longest that it has.
    pub(crate) fn duration(self) -> Duration {
        let length = i64::try_from(self.minutes)
            .ok()
            .and_then(|minutes| minutes.checked_mul(Duration::MINUTE.0));
        Duration(length.unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Length {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}h{}m", self.minutes / 60, self.minutes % 60)
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let parts = text.strip_suffix('m').and_then(|text| text.split_once('h'));
        let minutes = parts.and_then(|(hours, minutes)| {
            let hours: u64 = hours.parse().ok()?;
            let minutes: u64 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
            hours.checked_mul(60)?.checked_add(minutes)
        });
        minutes
            .map(|minutes| Self { minutes })
            .ok_or_else(|| D::Error::custom("expected a length such as `26h5m`"))
    }
}

impl JsonSchema for Length {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Length".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]+h[0-9]{1,2}m$"})
    }
}

/// A number that is not a count. Its text is read by the standard library: the parser of JSON may miss its last bit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Real(pub(crate) f64);

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        real(raw.get()).map(Self).ok_or_else(|| D::Error::custom("expected a number"))
    }
}

/// JSON has no infinity, but the standard library would read its name.
fn real(text: &str) -> Option<f64> {
    let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    text.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

impl JsonSchema for Real {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        f64::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        f64::json_schema(generator)
    }
}

/// One of the plan's limits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Limit {
    Number(Real),
    Count(u64),
    /// As the plan writes lengths of time: `300s`, `168h0m`.
    Length(String),
    Flag(bool),
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{}", number.0),
            Self::Count(count) => write!(out, "{count}"),
            Self::Length(text) => out.write_str(text),
            Self::Flag(flag) => write!(out, "{flag}"),
        }
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Count(count) => serializer.serialize_u64(*count),
            Self::Length(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = raw.get();
        let limit = match text {
            "true" => Some(Self::Flag(true)),
            "false" => Some(Self::Flag(false)),
            text if text.starts_with('"') => serde_json::from_str(text).ok().map(Self::Length),
            text => text
                .parse()
                .ok()
                .map(Self::Count)
                .or_else(|| real(text).map(|number| Self::Number(Real(number)))),
        };
        limit.ok_or_else(|| D::Error::custom("expected a number, a text or a flag"))
    }
}

/// The plan's limits by name, in their order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Limits(pub(crate) Vec<(String, Limit)>);

impl Limits {
    pub(crate) fn get(&self, name: &str) -> Option<&Limit> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, limit)| limit)
    }
}

impl Serialize for Limits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, limit)| (name, limit)))
    }
}

impl<'de> Deserialize<'de> for Limits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries::new()).map(Self)
    }
}

impl JsonSchema for Limits {
    fn schema_name() -> Cow<'static, str> {
        "Limits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": {"type": ["number", "string", "boolean"]},
            "description": "The plan's `[limits]`, by name."
        })
    }
}

/// Column and value of each hint, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hints(pub(crate) Vec<(String, String)>);

impl Serialize for Hints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Hints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries::new()).map(Self)
    }
}

impl JsonSchema for Hints {
    fn schema_name() -> Cow<'static, str> {
        "Hints".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "What the records show of the consumer, by column of the evidence table."
        })
    }
}

/// Reads a map as a list, so that its order stays, and refuses a key that is there twice.
struct Entries<V>(std::marker::PhantomData<V>);

impl<V> Entries<V> {
    fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = Vec<(String, V)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(String, V)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, V>()? {
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom(format!("duplicate key `{name}`")));
            }
            entries.push((name, value));
        }
        Ok(entries)
    }
}

/// A value that may be null but whose key must be there: no key of a report is left out.
pub(super) fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
