/*! Reads a table of lines from Parquet, one line after the other: a table of any size takes the memory of a page. */

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::Compression;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, Int64Type};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::engine_error::EngineError;
use super::footer;

/// The lines of a file, in their order.
pub(super) struct LineFile {
    reader: SerializedFileReader<File>,
    /// The place of each column in the file.
    columns: [usize; 2],
    /// The group of rows that comes next.
    next_group: usize,
    group: Option<Group>,
    /// The position of the next line.
    position: i64,
}

/// The columns of one group of rows.
struct Group {
    rows: i64,
    positions: ColumnReaderImpl<Int64Type>,
    lines: ColumnReaderImpl<ByteArrayType>,
}

impl LineFile {
    /// Opens a file. If the library panics over a damaged one, that is an error, here and later.
    pub(super) fn open(mut file: File) -> Result<Self, EngineError> {
        footer::check(&mut file)?;
        guarded(|| {
            let reader = SerializedFileReader::new(file)?;
            let schema = reader.metadata().file_metadata().schema_descr();
            let place = |name: &str| {
                let found = schema.columns().iter().position(|column| column.name() == name);
                found.ok_or_else(|| EngineError::Refused(format!("it has no column `{name}`")))
            };
            let columns = [place("position")?, place("line")?];
            Ok(Self { reader, columns, next_group: 0, group: None, position: 0 })
        })
    }

    fn read(&mut self) -> Result<Option<String>, EngineError> {
        loop {
            if let Some(group) = self.group.as_mut().filter(|group| group.rows > 0) {
                group.rows -= 1;
                let position = one(&mut group.positions)?;
                if position != self.position {
                    let expected = self.position;
                    return Err(EngineError::Refused(format!(
                        "line {expected} is not in its place"
                    )));
                }
                self.position += 1;
                let line = one(&mut group.lines)?;
                return Ok(Some(line.as_utf8()?.to_owned()));
            }
            if self.next_group == self.reader.num_row_groups() {
                return Ok(None);
            }
            self.group = Some(self.open_group()?);
            self.next_group += 1;
        }
    }

    fn open_group(&self) -> Result<Group, EngineError> {
        let group = self.reader.get_row_group(self.next_group)?;
        let [positions, lines] = self.columns;
        // Other codecs of the library give more than a page says that it has.
        let is_ours = |column: &usize| {
            let codec = group.metadata().column(*column).compression();
            matches!(codec, Compression::ZSTD(_) | Compression::UNCOMPRESSED)
        };
        if !self.columns.iter().all(is_ours) {
            return Err(EngineError::Refused("it is not compressed with Zstandard".to_owned()));
        }
        let columns = (group.get_column_reader(positions)?, group.get_column_reader(lines)?);
        match columns {
            (
                ColumnReader::Int64ColumnReader(positions),
                ColumnReader::ByteArrayColumnReader(lines),
            ) => Ok(Group { rows: group.metadata().num_rows(), positions, lines }),
            _ => Err(EngineError::Refused("its columns are of other types".to_owned())),
        }
    }
}

impl Iterator for LineFile {
    type Item = Result<String, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        guarded(|| self.read()).transpose()
    }
}

/// The next value of a column, which has one in each row.
fn one<T: DataType>(column: &mut ColumnReaderImpl<T>) -> Result<T::T, EngineError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    column.read_records(1, Some(&mut levels), None, &mut values)?;
    values.pop().ok_or_else(|| EngineError::Refused("a line is missing".to_owned()))
}

fn guarded<T>(step: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or(Err(EngineError::Panicked))
}
