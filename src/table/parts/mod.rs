/*! Cached scans: what each input gave, before it is sealed with the others. A later run does not read an input again if a
 * scan of it would give the same today.
 *
 * They are lines of JSON in a Parquet file. Lines name their fields, so a scan of another shape is refused, never misread.
 */

mod part;
mod rows;
mod words;

use serde::{Deserialize, Serialize};

use super::plain_table::{PlainTable, Values};
use crate::model::Timestamp;
use crate::scan::{Batch, LinkAnswers, Part};

use part::PartLine;
use rows::BatchLine;
use words::AnswersLine;

/// The schema of the table.
pub const PARTS_SCHEMA: &str = "holdover.parts/1";
/// The name of the table in SQL.
pub const PARTS: &str = "parts";

/// What one scan of an input gave, and all that its result depended on.
#[derive(Clone, Debug)]
pub struct CachedScan {
    /// A digest of what the scan depended on, other than the input and the links.
    pub wanted: String,
    /// The latest time that the scan took for possible.
    pub latest: Timestamp,
    /// The answers that its link lookups had.
    pub answers: LinkAnswers,
    /// The part of the input itself, then those of its members.
    pub parts: Vec<Part>,
    /// The rows of these parts.
    pub batches: Vec<Batch>,
}

impl CachedScan {
    /// The path of the input and the digest of its bytes.
    pub fn identity(&self) -> (&str, Option<&str>) {
        let input = self.parts.first();
        input.map_or(("", None), |input| (input.path.as_str(), input.sha256.as_deref()))
    }
}

/// Why cached scans could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// The table has another schema.
    #[error(
        "expected scans of schema `{PARTS_SCHEMA}`, found `{0}`: use the version that wrote them"
    )]
    Schema(String),
    /// The table ends before this line.
    #[error("line {0} is missing")]
    Cut(usize),
    /// The table goes on with this line after the last scan.
    #[error("line {0} belongs to no scan")]
    Over(usize),
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
struct Header {
    schema: String,
    scans: usize,
}

#[derive(Deserialize)]
struct SchemaOnly {
    schema: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScanLine {
    wanted: String,
    latest: i64,
    answers: AnswersLine,
    parts: Vec<PartLine>,
    batches: usize,
}

/// The scans as a table of lines, in the order given: a header, then for each scan a line and one line for each batch.
///
/// # Panics
/// Never: the fields of all lines are such that JSON can hold them.
pub fn write(scans: &[CachedScan]) -> PlainTable {
    let mut lines = vec![to_json(&Header { schema: PARTS_SCHEMA.to_owned(), scans: scans.len() })];
    for scan in scans {
        lines.push(to_json(&ScanLine {
            wanted: scan.wanted.clone(),
            latest: scan.latest.0,
            answers: AnswersLine::of(&scan.answers),
            parts: scan.parts.iter().map(PartLine::of).collect(),
            batches: scan.batches.len(),
        }));
        lines.extend(scan.batches.iter().map(|batch| to_json(&BatchLine::of(batch))));
    }
    let mut table = PlainTable::default();
    table.push("position", Values::I64((0..).take(lines.len()).map(Some).collect()));
    table.push("line", Values::Text(lines.into_iter().map(Some).collect()));
    table
}

fn to_json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("lists, strings and numbers")
}

/// Reads the scans back from their table.
pub fn read(table: &PlainTable) -> Result<Vec<CachedScan>, PartsError> {
    let texts = table.column("line").ok_or(PartsError::Cut(0))?;
    let mut at = 0;
    let mut next = || {
        let line = at;
        at += 1;
        let text = (line < texts.len()).then(|| texts.text(line)).flatten();
        text.map(|text| (line, text)).ok_or(PartsError::Cut(line))
    };
    let (line, first) = next()?;
    let SchemaOnly { schema } = parsed(line, first)?;
    if schema != PARTS_SCHEMA {
        return Err(PartsError::Schema(schema));
    }
    let header: Header = parsed(line, first)?;
    let mut scans = Vec::new();
    for _ in 0..header.scans {
        let (line, text) = next()?;
        let scan: ScanLine = parsed(line, text)?;
        let mut batches = Vec::new();
        for _ in 0..scan.batches {
            let (line, text) = next()?;
            batches.push(parsed::<BatchLine>(line, text)?.back());
        }
        let parts = scan.parts.into_iter().map(PartLine::back).collect();
        let (latest, answers) = (Timestamp(scan.latest), scan.answers.back());
        scans.push(CachedScan { wanted: scan.wanted, latest, answers, parts, batches });
    }
    match next() {
        Ok((line, _)) => Err(PartsError::Over(line)),
        Err(_) => Ok(scans),
    }
}

fn parsed<'t, T: Deserialize<'t>>(line: usize, text: &'t str) -> Result<T, PartsError> {
    serde_json::from_str(text).map_err(|source| PartsError::Line { line, source })
}
