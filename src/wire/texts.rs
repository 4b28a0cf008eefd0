/*! Texts of a report that have a fixed form: words of the plan, and digests. */

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error as _};

use super::words::expected;

/// How a rotation can be cut over: words of the plan that decide nothing here.
const MODELS: [&str; 4] = ["atomic", "dual-valid", "versioned-alias", "consumer-by-consumer"];

/// What becomes of work that was queued before the change.
const IN_FLIGHT: [&str; 3] = ["finish", "fail", "requeue"];

pub(super) fn models(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": {"type": "string", "enum": MODELS}})
}

pub(super) fn in_flight(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<Option<&str>> = IN_FLIGHT.into_iter().map(Some).chain([None]).collect();
    json_schema!({"type": ["string", "null"], "enum": words})
}

pub(super) fn digest(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"})
}

pub(super) fn read_models<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let models = Vec::<String>::deserialize(from)?;
    let is_known = models.iter().all(|model| MODELS.contains(&model.as_str()));
    if is_known { Ok(models) } else { Err(D::Error::custom(expected(&MODELS))) }
}

pub(super) fn model(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": MODELS})
}

pub(super) fn read_model<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let model = String::deserialize(from)?;
    let is_known = MODELS.contains(&model.as_str());
    if is_known { Ok(model) } else { Err(D::Error::custom(expected(&MODELS))) }
}

pub(super) fn read_in_flight<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let word = Option::<String>::deserialize(from)?;
    let is_known = word.as_deref().is_none_or(|word| IN_FLIGHT.contains(&word));
    if is_known { Ok(word) } else { Err(D::Error::custom(expected(&IN_FLIGHT))) }
}

pub(super) fn read_digest<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let digest = Option::<String>::deserialize(from)?;
    let is_good = digest.as_deref().is_none_or(is_digest);
    if is_good { Ok(digest) } else { Err(D::Error::custom("expected 64 hexadecimal digits")) }
}

/// Is the text a digest of 256 bits as reports write them?
pub(crate) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
