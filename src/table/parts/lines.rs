/*! Cached scans as lines: one for the scan, then one for each of its batches. */

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::super::engine_error::EngineError;
use super::super::plain_table::{Columns, RowGroup, Values};
use super::cached_scan::CachedScan;
use super::packed::PackedBatch;
use super::part::PartLine;
use super::schema::{PARTS_SCHEMA, PartsError, ScanLine, SchemaOnly, TableHeader};
use super::words::AnswersLine;
use crate::limits;
use crate::model::Timestamp;

/// The scans as lines, in the order given: a header, then for each scan a line and one line for each batch.
///
/// # Panics
/// Never: the fields of all lines are such that JSON can hold them.
pub fn lines(scans: &[CachedScan]) -> impl Iterator<Item = String> {
    let header = TableHeader { schema: PARTS_SCHEMA.to_owned(), scans: scans.len() };
    let of_scan = |scan| std::iter::once(scan_line(scan)).chain(batch_lines(scan));
    std::iter::once(to_json(&header)).chain(scans.iter().flat_map(of_scan))
}

fn batch_lines(scan: &CachedScan) -> impl Iterator<Item = String> {
    scan.batches.iter().map(PackedBatch::line)
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

/// The scans as a table of lines.
pub(crate) fn row_groups(scans: &[CachedScan]) -> impl Iterator<Item = RowGroup<'_>> {
    grouped(lines(scans))
}

/// The rows of one scan as a table of lines.
pub(crate) fn rows(scan: &CachedScan) -> impl Iterator<Item = RowGroup<'_>> {
    grouped(batch_lines(scan))
}

/// The columns of such a table, without values.
pub(crate) fn columns() -> Columns<'static> {
    group(0, Vec::new()).columns
}

/// As few lines in each group as have the bytes of one.
fn grouped<'l>(lines: impl Iterator<Item = String> + 'l) -> impl Iterator<Item = RowGroup<'l>> {
    let (mut lines, mut position) = (lines, 0);
    std::iter::from_fn(move || {
        let (mut texts, mut bytes) = (Vec::new(), 0);
        while bytes < limits::LINE_GROUP_BYTES
            && let Some(line) = lines.next()
        {
            bytes += line.len();
            texts.push(Some(Cow::Owned(line)));
        }
        let first = position;
        position += texts.len();
        (!texts.is_empty()).then(|| group(first, texts))
    })
}

/// Lines from this position on.
fn group(first: usize, lines: Vec<Option<Cow<'_, str>>>) -> RowGroup<'_> {
    let height = lines.len();
    let positions = (0..).skip(first).take(height).map(Some).collect();
    let columns = [("position", Values::I64(positions)), ("line", Values::Text(lines))];
    RowGroup { height, columns: Box::new(columns.into_iter()) }
}

fn to_json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("lists, strings and numbers")
}

/// The lines of a table, from the first to the last.
struct Lines<I> {
    lines: I,
    at: usize,
}

impl<I: Iterator<Item = Result<String, EngineError>>> Lines<I> {
    fn of(lines: I) -> Self {
        Self { lines, at: 0 }
    }

    fn next(&mut self) -> Result<String, PartsError> {
        let line = self.at;
        self.at += 1;
        Ok(self.lines.next().ok_or(PartsError::Cut(line))??)
    }

    fn parse<T: for<'t> Deserialize<'t>>(&mut self) -> Result<T, PartsError> {
        let line = self.at;
        parsed(line, &self.next()?)
    }

    fn batches(&mut self, count: usize) -> Result<Vec<PackedBatch>, PartsError> {
        let batch = |_| {
            let line = self.at;
            PackedBatch::read(&self.next()?).map_err(|source| PartsError::Line { line, source })
        };
        (0..count).map(batch).collect()
    }

    fn end(mut self) -> Result<(), PartsError> {
        let line = self.at;
        self.lines.next().transpose()?.map_or(Ok(()), |_| Err(PartsError::Over(line)))
    }
}

/// Reads the scans back from their lines.
pub fn read(
    lines: impl Iterator<Item = Result<String, EngineError>>,
) -> Result<Vec<CachedScan>, PartsError> {
    let mut lines = Lines::of(lines);
    let first = lines.next()?;
    let SchemaOnly { schema } = parsed(0, &first)?;
    if schema != PARTS_SCHEMA {
        return Err(PartsError::Schema(schema));
    }
    let header: TableHeader = parsed(0, &first)?;
    let mut scans = Vec::new();
    for _ in 0..header.scans {
        let (mut scan, batches) = scan_back(lines.parse()?);
        let line = lines.at - 1;
        scan.batches = lines.batches(batches)?;
        if !scan.is_balanced() {
            return Err(PartsError::Rows(line));
        }
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
pub(crate) fn read_rows(
    lines: impl Iterator<Item = Result<String, EngineError>>,
    batches: usize,
) -> Result<Vec<PackedBatch>, PartsError> {
    let mut lines = Lines::of(lines);
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
