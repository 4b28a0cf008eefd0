/*! The engine behind the tables: grids in, SQL over them, Parquet out. With its neighbour `schema`, all that names polars. */

use std::fs::File;
use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::{
    DataFrame, IntoLazy, KeyValueMetadata, LazyFrame, ParquetCompression, ParquetWriter, PlRefPath,
    ScanArgsParquet,
};
use polars::sql::SQLContext;

use super::grid::Grid;
use super::schema;

/// Why a query gave no answer, or a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine refused.
    #[error("{0}")]
    Refused(String),
    /// The engine gave up in the middle: its fault, not the user's.
    #[error("the query engine stopped inside this query; please report it with the query's text")]
    Panicked,
    /// A column of the answer has a type that has no plain form.
    #[error("column `{column}` has the type {ty}; cast it to text, a number or a truth value")]
    Type {
        /// The column.
        column: String,
        /// Its type in the engine's words.
        ty: String,
    },
    /// The table could not be written or read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<polars::error::PolarsError> for EngineError {
    fn from(error: polars::error::PolarsError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// Tables under their names, ready for queries.
pub struct Engine {
    context: SQLContext,
}

impl Default for Engine {
    fn default() -> Self {
        Self { context: SQLContext::new() }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine").field("tables", &self.context.get_tables()).finish()
    }
}

impl Engine {
    /// Adds a table.
    pub fn register(&mut self, name: &str, grid: &Grid) -> Result<(), EngineError> {
        self.context.register(name, schema::frame(grid)?.lazy());
        Ok(())
    }

    /// Adds a table that stands in a Parquet file.
    pub fn register_file(&mut self, name: &str, path: &Path) -> Result<(), EngineError> {
        let path = PlRefPath::new(path.to_string_lossy());
        self.context.register(name, LazyFrame::scan_parquet(path, ScanArgsParquet::default())?);
        Ok(())
    }

    /// An engine that holds one table alone: what that query over the tables of this one gives.
    pub fn narrowed(&mut self, name: &str, text: &str) -> Result<Self, EngineError> {
        let narrowed = Self::default();
        narrowed.context.register(name, self.context.execute(text)?);
        Ok(narrowed)
    }

    /// The names of the tables.
    pub fn tables(&self) -> Vec<String> {
        self.context.get_tables()
    }

    /// Runs one query. The engine may panic inside one; that ends here, as an error.
    pub fn run(&mut self, text: &str) -> Result<Grid, EngineError> {
        let answer = catch_unwind(AssertUnwindSafe(|| -> Result<DataFrame, EngineError> {
            Ok(self.context.execute(text)?.collect()?)
        }));
        schema::grid(&answer.map_err(|_| EngineError::Panicked)??)
    }
}

/// Writes an answer as Parquet. A file that is there stays: the outer error says why nothing could be written.
pub fn write_new(grid: &Grid, path: &Path) -> std::io::Result<Result<(), EngineError>> {
    let file = File::options().write(true).create_new(true).open(path)?;
    Ok(write_parquet(grid, "holdover.answer/1", BufWriter::new(file)))
}

/// Writes a grid as Parquet; the metadata names its schema.
pub(super) fn write_parquet(
    grid: &Grid,
    schema_version: &str,
    out: impl Write,
) -> Result<(), EngineError> {
    let metadata = vec![("schema_version".to_owned(), schema_version.to_owned())];
    let mut frame = schema::frame(grid)?;
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Zstd(None))
        .with_row_group_size(Some(1 << 18))
        .set_parallel(false)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
        .finish(&mut frame)?;
    Ok(())
}
