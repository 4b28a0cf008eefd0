/*! Parts on disk: what each input gave, before it is sealed with the others. Whoever has them needs the input no more, as
 * long as it would give the same today.
 *
 * Lines of JSON in a Parquet file: they name their fields, so a part of another shape is refused and never misread.
 */

mod part;
mod rows;
mod words;

use serde::{Deserialize, Serialize};

use super::grid::{Grid, Values};
use crate::model::Micros;
use crate::scan::{Batch, LinkAnswers, Part};

use part::PartLine;
use rows::BatchLine;
use words::AnswersLine;

/// The schema of the table.
pub const PARTS_SCHEMA: &str = "holdover.parts/1";
/// The name of the table in a bundle.
pub const PARTS: &str = "parts";

/// What one scan of an input gave, and under what.
#[derive(Clone, Debug)]
pub struct CachedScan {
    /// A digest of all that decides what a scan gives, but for the input and what links taught.
    pub wanted: String,
    /// The latest time that could be true.
    pub latest: Micros,
    /// What links had taught of what it asked.
    pub answers: LinkAnswers,
    /// The part of the input itself, and of its members.
    pub parts: Vec<Part>,
    /// Their rows.
    pub batches: Vec<Batch>,
}

impl CachedScan {
    /// The path of the input and its digest: a scan is of these bytes under this name.
    pub fn identity(&self) -> (&str, Option<&str>) {
        let own = self.parts.first();
        own.map_or(("", None), |own| (own.path.as_str(), own.sha256.as_deref()))
    }
}

/// Why parts could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum PartsError {
    /// The table has another schema.
    #[error(
        "expected parts of schema `{PARTS_SCHEMA}`, found `{0}`: use the version that wrote them"
    )]
    Schema(String),
    /// Lines are missing from this one on.
    #[error("parts are missing from line {0} on")]
    Cut(usize),
    /// Lines are left from this one on.
    #[error("line {0} belongs to no part")]
    Over(usize),
    /// A line is none of this schema.
    #[error("line {line} is none of a part")]
    Line {
        /// Which.
        line: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    schema: String,
    scans: usize,
}

#[derive(Deserialize)]
struct AnyHead {
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

/// The scans as a table of lines, in the order in which they are given: a head, and for each scan one line of its own and
/// one for each batch.
///
/// # Panics
/// Never: lines have plain fields, which JSON can hold.
pub fn write(kept: &[CachedScan]) -> Grid {
    let mut lines = Vec::new();
    let head = Head { schema: PARTS_SCHEMA.to_owned(), scans: kept.len() };
    lines.push(serde_json::to_string(&head).expect("plain fields"));
    for one in kept {
        let own = ScanLine {
            wanted: one.wanted.clone(),
            latest: one.latest.0,
            answers: AnswersLine::of(&one.answers),
            parts: one.parts.iter().map(PartLine::of).collect(),
            batches: one.batches.len(),
        };
        lines.push(serde_json::to_string(&own).expect("plain fields"));
        let batches = one.batches.iter().map(BatchLine::of);
        lines.extend(batches.map(|line| serde_json::to_string(&line).expect("plain fields")));
    }
    let mut grid = Grid::default();
    grid.push("position", Values::I64((0..).take(lines.len()).map(Some).collect()));
    grid.push("line", Values::Text(lines.into_iter().map(Some).collect()));
    grid
}

/// The scans of a table of lines.
pub fn read(grid: &Grid) -> Result<Vec<CachedScan>, PartsError> {
    let texts = grid.column("line").ok_or(PartsError::Cut(0))?;
    let mut at = 0;
    let mut next = || {
        let line = at;
        at += 1;
        let text = (line < texts.len()).then(|| texts.text(line)).flatten();
        text.map(|text| (line, text)).ok_or(PartsError::Cut(line))
    };
    let (line, first) = next()?;
    let any: AnyHead = parsed(line, first)?;
    if any.schema != PARTS_SCHEMA {
        return Err(PartsError::Schema(any.schema));
    }
    let head: Head = parsed(line, first)?;
    let mut kept = Vec::new();
    for _ in 0..head.scans {
        let (line, text) = next()?;
        let own: ScanLine = parsed(line, text)?;
        let mut batches = Vec::new();
        for _ in 0..own.batches {
            let (line, text) = next()?;
            batches.push(parsed::<BatchLine>(line, text)?.back());
        }
        let parts = own.parts.into_iter().map(PartLine::back).collect();
        let (latest, answers) = (Micros(own.latest), own.answers.back());
        kept.push(CachedScan { wanted: own.wanted, latest, answers, parts, batches });
    }
    match next() {
        Ok((line, _)) => Err(PartsError::Over(line)),
        Err(_) => Ok(kept),
    }
}

fn parsed<'t, T: Deserialize<'t>>(line: usize, text: &'t str) -> Result<T, PartsError> {
    serde_json::from_str(text).map_err(|source| PartsError::Line { line, source })
}
