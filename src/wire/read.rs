/*! Reading a report. The file may come from anybody, so a deviation from the schema is refused with its place. */

use super::check;
use super::report::Report;
use super::scalars::NAME;

/// Why a file cannot be read as a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON, or not what the schema says.
    #[error("it is not a report of schema `{NAME}`: {0}")]
    Shape(String),
    /// It is of another schema.
    #[error("its schema is `{0}`, and this version reads `{NAME}`")]
    Schema(String),
    /// It does not agree with itself.
    #[error("it contradicts itself: {0}")]
    Contradiction(String),
}

/// Reads a report that has every key of the schema and agrees with itself.
pub fn read(text: &str) -> Result<Report, Unreadable> {
    let shape = |error: serde_json::Error| Unreadable::Shape(error.to_string());
    let head: Head = serde_json::from_str(text).map_err(shape)?;
    if head.schema != NAME {
        return Err(Unreadable::Schema(head.schema));
    }
    let report: Report = serde_json::from_str(text).map_err(shape)?;
    match check::contradiction(&report) {
        Some(contradiction) => Err(Unreadable::Contradiction(contradiction)),
        None => Ok(report),
    }
}

#[derive(serde::Deserialize)]
struct Head {
    schema: String,
}
