/*! The schema of the table: its first line, the line before the batches of a scan, and errors about lines. */

use serde::{Deserialize, Serialize};

use super::super::engine_error::EngineError;
use super::part::PartLine;
use super::words::AnswersLine;

/// The schema of the table.
pub const PARTS_SCHEMA: &str = "holdover.parts/6";

/// Why cached scans could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// The table has another schema.
    #[error(
        "expected scans of schema `{PARTS_SCHEMA}`, found `{0}`: use the version that wrote them"
    )]
    Schema(String),
    /// The table cannot be read.
    #[error("the table cannot be read")]
    Table(#[from] EngineError),
    /// The table ends before this line.
    #[error("line {0} is missing")]
    Cut(usize),
    /// The table goes on with this line after the last scan.
    #[error("line {0} belongs to no scan")]
    Over(usize),
    /// A scan does not have the rows that it counts.
    #[error("the scan of line {0} does not have the rows that it counts")]
    Rows(usize),
    /// A line does not have the fields of this schema.
    #[error("line {line} is not a line of schema `{PARTS_SCHEMA}`")]
    Line {
        /// The number of the line, from 0.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableHeader {
    pub(super) schema: String,
    pub(super) scans: usize,
}

#[derive(Deserialize)]
pub(super) struct SchemaOnly {
    pub(super) schema: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScanLine {
    pub(super) wanted: String,
    pub(super) latest: i64,
    pub(super) answers: AnswersLine,
    pub(super) parts: Vec<PartLine>,
    pub(super) batches: usize,
}
