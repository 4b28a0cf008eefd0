/*! The query engine: tables in, SQL over them, Parquet out. Only this file, `engine_error` and `schema` name polars. */

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::PoisonError;

use polars::prelude::{
    DataFrame, IntoLazy, KeyValueMetadata, LazyFrame, ParquetCompression, ParquetReader,
    ParquetWriter, PlRefPath, PolarsError, PolarsResult, RowGroupIterColumns, ScanArgsParquet,
    SerReader,
};
use polars::sql::SQLContext;

use super::engine_error::EngineError;
use super::footer;
use super::plain_table::{Columns, PlainTable, RowGroup, Values};
use super::schema;

/// How many rows a group of a Parquet file has at least, if the table has as many.
pub(super) const ROW_GROUP_ROWS: usize = 1 << 18;

/// Named tables, ready for queries.
pub struct Engine {
    context: SQLContext,
    /// The tables that are in memory.
    frames: BTreeMap<String, DataFrame>,
}

impl Default for Engine {
    fn default() -> Self {
        Self { context: SQLContext::new(), frames: BTreeMap::new() }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine")
            .field("tables", &self.context.get_tables())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Adds a table.
    pub fn register(&mut self, name: &str, table: &PlainTable) -> Result<(), EngineError> {
        self.register_frame(name, schema::frame(table)?);
        Ok(())
    }

    /// Adds a table from a Parquet file.
    pub fn register_file(&mut self, name: &str, path: &Path) -> Result<(), EngineError> {
        footer::check(&mut File::open(path)?)?;
        let path = PlRefPath::new(path.to_string_lossy());
        self.context.register(name, LazyFrame::scan_parquet(path, ScanArgsParquet::default())?);
        Ok(())
    }

    fn register_frame(&mut self, name: &str, frame: DataFrame) {
        self.context.register(name, frame.clone().lazy());
        self.frames.insert(name.to_owned(), frame);
    }

    /// A new engine whose only table is the beginning of one of these. The rows are shared, not copied.
    #[must_use]
    pub fn beginning(&self, name: &str, rows: usize) -> Self {
        let mut engine = Self::default();
        if let Some(frame) = self.frames.get(name) {
            engine.register_frame(name, frame.head(Some(rows)));
        }
        engine
    }

    /// The names of the tables.
    pub fn tables(&self) -> Vec<String> {
        self.context.get_tables()
    }

    /// Runs one query. If the engine panics, that becomes an error.
    pub fn run(&mut self, text: &str) -> Result<PlainTable, EngineError> {
        let answer = catch_unwind(AssertUnwindSafe(|| -> Result<DataFrame, EngineError> {
            Ok(self.context.execute(text)?.collect()?)
        }));
        schema::plain(&answer.map_err(|_| EngineError::Panicked)??)
    }
}

/// Writes an answer as Parquet into a new file; a file that exists is not overwritten. The outer error is the file's,
/// the inner one the engine's.
pub fn write_new(answer: &PlainTable, path: &Path) -> std::io::Result<Result<(), EngineError>> {
    let file = File::options().write(true).create_new(true).open(path)?;
    Ok(write_parquet(answer, "holdover.answer/1", BufWriter::new(file)))
}

/// Reads a table from the bytes of a Parquet file. If the engine panics, that becomes an error.
pub(super) fn read_parquet(bytes: Vec<u8>) -> Result<PlainTable, EngineError> {
    footer::check(&mut Cursor::new(bytes.as_slice()))?;
    let read = || ParquetReader::new(Cursor::new(bytes)).finish();
    let frame = catch_unwind(AssertUnwindSafe(read)).map_err(|_| EngineError::Panicked)?;
    schema::plain(&frame?)
}

/// Writes a table as Parquet; the metadata names its schema.
pub(super) fn write_parquet(
    table: &PlainTable,
    schema_version: &str,
    out: impl Write,
) -> Result<(), EngineError> {
    let mut frame = schema::frame(table)?;
    parquet_writer(schema_version, out)
        .with_row_group_size(Some(ROW_GROUP_ROWS))
        .finish(&mut frame)?;
    Ok(())
}

/// Writes groups of rows as Parquet, one after the other, and of each group one column after the other. `columns` have
/// no values, and say what there is in each group.
pub(super) fn write_groups<'a>(
    columns: Columns<'_>,
    groups: impl Iterator<Item = RowGroup<'a>>,
    schema_version: &str,
    out: impl Write,
) -> Result<(), EngineError> {
    let writer = parquet_writer(schema_version, out).batched(schema::empty(columns)?.schema())?;
    for RowGroup { height, columns } in groups.filter(|group| group.height > 0) {
        let pages = columns.flat_map(|(name, values)| pages(name, &values));
        let mut file = writer.get_writer().lock().unwrap_or_else(PoisonError::into_inner);
        file.write(height as u64, RowGroupIterColumns::new(pages))?;
    }
    writer.finish()?;
    Ok(())
}

/// The pages of a column, encoded as in a table of this column alone.
fn pages(
    name: &str,
    values: &Values<Cow<'_, str>>,
) -> Vec<<RowGroupIterColumns<'static, PolarsError> as Iterator>::Item> {
    let encoded = || {
        let frame = schema::column_frame(name, values)?;
        let alone = parquet_writer("", std::io::sink()).batched(frame.schema())?;
        let groups: PolarsResult<Vec<_>> = alone.encode_and_compress(&frame).collect();
        Ok(groups?.into_iter().flatten().collect())
    };
    encoded().unwrap_or_else(|error| vec![Err(error)])
}

fn parquet_writer<W: Write>(schema_version: &str, out: W) -> ParquetWriter<W> {
    let metadata = vec![("schema_version".to_owned(), schema_version.to_owned())];
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
}
