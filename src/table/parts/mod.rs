/*! Cached scans: what each input gave, before it is sealed with the others. A later run does not read an input again
 * if a scan of it would give the same today.
 *
 * They are lines of JSON in a Parquet file. Lines name their fields, so a scan of another shape is refused, never
 * misread.
 */

mod cached_scan;
mod continuity;
mod part;
mod partial;
mod rows;
mod schema;
mod twins;
mod words;

use serde::{Deserialize, Serialize};

use super::plain_table::{PlainTable, Values};
use crate::model::Timestamp;

pub use cached_scan::CachedScan;
pub use schema::{PARTS_SCHEMA, PartsError};

use part::PartLine;
use rows::BatchLine;
use schema::{ScanLine, SchemaOnly, TableHeader};
use words::AnswersLine;

/// The name of the table in SQL.
pub const PARTS: &str = "parts";

/// The scans as a table of lines, in the order given: a header, then for each scan a line and one line for each batch.
///
/// # Panics
/// Never: the fields of all lines are such that JSON can hold them.
pub fn write(scans: &[CachedScan]) -> PlainTable {
    let mut lines =
        vec![to_json(&TableHeader { schema: PARTS_SCHEMA.to_owned(), scans: scans.len() })];
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
    let header: TableHeader = parsed(line, first)?;
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
