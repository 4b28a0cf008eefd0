/*! Cached scans: what each input gave, before it is sealed with the others. A later run does not read an input again
 * if a scan of it would give the same today.
 *
 * They are lines of JSON in a Parquet file. Lines name their fields, so a scan of another shape is refused, never
 * misread.
 */

mod cached_scan;
mod continuity;
mod lines;
mod packed;
mod part;
mod partial;
mod rows;
mod schema;
mod twins;
mod words;

pub use cached_scan::CachedScan;
pub use lines::{lines, read};
pub use packed::{PackedBatch, SealBatch};
pub use schema::{PARTS_SCHEMA, PartsError};

pub(super) use lines::{columns, read_rows, read_scan, row_groups, rows, scan_line};
pub(super) use words::AnswersLine;

/// The name of the table in SQL.
pub const PARTS: &str = "parts";
