/*! Cached scans as lines: one for the scan, then one for each of its batches. */

use serde::{Deserialize, Serialize};

use super::super::plain_table::{PlainTable, Values};
use super::cached_scan::CachedScan;
use super::part::PartLine;
use super::rows::BatchLine;
use super::schema::{PARTS_SCHEMA, PartsError, ScanLine, SchemaOnly, TableHeader};
use super::words::AnswersLine;
use crate::model::Timestamp;
use crate::scan::Batch;

/// The scans as a table of lines, in the order given: a header, then for each scan a line and one line for each batch.
///
/// # Panics
/// Never: the fields of all lines are such that JSON can hold them.
pub fn write(scans: &[CachedScan]) -> PlainTable {
    let mut lines =
        vec![to_json(&TableHeader { schema: PARTS_SCHEMA.to_owned(), scans: scans.len() })];
    for scan in scans {
        lines.push(scan_line(scan));
        lines.extend(scan.batches.iter().map(|batch| to_json(&BatchLine::of(batch))));
    }
    table(lines)
}

/// A scan without its rows, and how many batches these have.
pub(crate) fn scan_line(scan: &CachedScan) -> String {
    to_json(&ScanLine {
        wanted: scan.wanted.clone(),
        latest: scan.latest.0,
        answers: AnswersLine::of(&scan.answers),
        parts: scan.parts.iter().map(PartLine::of).collect(),
        batches: scan.batches.len(),
    })
}

/// The rows of one scan as a table of lines.
pub(crate) fn rows(scan: &CachedScan) -> PlainTable {
    table(scan.batches.iter().map(|batch| to_json(&BatchLine::of(batch))).collect())
}

fn table(lines: Vec<String>) -> PlainTable {
    let mut table = PlainTable::default();
    table.push("position", Values::I64((0..).take(lines.len()).map(Some).collect()));
    table.push("line", Values::Text(lines.into_iter().map(Some).collect()));
    table
}

fn to_json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("lists, strings and numbers")
}

/// The lines of a table, from the first to the last.
struct Lines<'t> {
    texts: &'t Values,
    at: usize,
}

impl<'t> Lines<'t> {
    fn of(table: &'t PlainTable) -> Result<Self, PartsError> {
        Ok(Self { texts: table.column("line").ok_or(PartsError::Cut(0))?, at: 0 })
    }

    fn next(&mut self) -> Result<&'t str, PartsError> {
        let line = self.at;
        self.at += 1;
        let text = (line < self.texts.len()).then(|| self.texts.text(line)).flatten();
        text.ok_or(PartsError::Cut(line))
    }

    fn parse<T: Deserialize<'t>>(&mut self) -> Result<T, PartsError> {
        let line = self.at;
        parsed(line, self.next()?)
    }

    fn batches(&mut self, count: usize) -> Result<Vec<Batch>, PartsError> {
        (0..count).map(|_| Ok(self.parse::<BatchLine>()?.back())).collect()
    }

    fn end(mut self) -> Result<(), PartsError> {
        let line = self.at;
        self.next().map_or(Ok(()), |_| Err(PartsError::Over(line)))
    }
}

/// Reads the scans back from their table.
pub fn read(table: &PlainTable) -> Result<Vec<CachedScan>, PartsError> {
    let mut lines = Lines::of(table)?;
    let first = lines.next()?;
    let SchemaOnly { schema } = parsed(0, first)?;
    if schema != PARTS_SCHEMA {
        return Err(PartsError::Schema(schema));
    }
    let header: TableHeader = parsed(0, first)?;
    let mut scans = Vec::new();
    for _ in 0..header.scans {
        let (mut scan, batches) = scan_back(lines.parse()?);
        scan.batches = lines.batches(batches)?;
        scans.push(scan);
    }
    lines.end()?;
    Ok(scans)
}

/// Reads a scan without its rows, and how many batches these have.
pub(crate) fn read_scan(line: &str) -> Result<(CachedScan, usize), PartsError> {
    Ok(scan_back(parsed(0, line)?))
}

/// Reads the rows of one scan.
pub(crate) fn read_rows(table: &PlainTable, batches: usize) -> Result<Vec<Batch>, PartsError> {
    let mut lines = Lines::of(table)?;
    let rows = lines.batches(batches)?;
    lines.end()?;
    Ok(rows)
}

fn scan_back(scan: ScanLine) -> (CachedScan, usize) {
    let parts = scan.parts.into_iter().map(PartLine::back).collect();
    let (latest, answers) = (Timestamp(scan.latest), scan.answers.back());
    let batches = Vec::new();
    (CachedScan { wanted: scan.wanted, latest, answers, parts, batches }, scan.batches)
}

fn parsed<'t, T: Deserialize<'t>>(line: usize, text: &'t str) -> Result<T, PartsError> {
    serde_json::from_str(text).map_err(|source| PartsError::Line { line, source })
}
