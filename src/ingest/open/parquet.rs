/*! Parquet: each row becomes a line of JSON, in the order of the file, so that later stages know nothing about
 * columns.
 */

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use chrono::{DateTime, Days, NaiveDate};
use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::ColumnDescriptor;
use serde_json::{Map, Value};

use crate::limits;
use crate::model::hex;

use crate::ingest::budget::{Budget, Holding};
use crate::ingest::stream::{ByteStream, FailedStream, broken};

use super::parquet_shape::{self, RowLimits};

/// The rows of a Parquet file as JSON Lines. The list of columns is at the end of the file, so the file is held.
pub(super) fn open<'a>(mut stream: ByteStream<'a>, budget: &Budget) -> ByteStream<'a> {
    match budget.read_whole("Parquet file", &mut stream, limits::PARQUET_BYTES) {
        Ok((stored, held)) => match rows(stored) {
            Ok(lines) => Box::new(Holding { stream: Box::new(lines), _held: held }),
            Err(error) => Box::new(FailedStream(Some(error))),
        },
        Err(why) => Box::new(FailedStream(Some(broken(why)))),
    }
}

/// The rows, if the file describes nothing that the library would take too much for.
fn rows(stored: Vec<u8>) -> io::Result<JsonRows> {
    parquet_shape::check_footer(&stored).map_err(|why| unreadable(&why))?;
    let stored = Bytes::from(stored);
    let reader = guarded(|| SerializedFileReader::new(stored.clone()))?;
    let limits = RowLimits::default();
    limits.check(&stored, reader.metadata()).map_err(|why| unreadable(&why))?;
    guarded(|| JsonRows::new(reader))
}

fn unreadable(why: &str) -> io::Error {
    broken(format!("the Parquet file cannot be read: {why}"))
}

/// The library may panic on a damaged file: that is damage, not a failure of the run.
fn guarded<T>(step: impl FnOnce() -> Result<T, parquet::errors::ParquetError>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(unreadable(&first(&error))),
        Err(_) => Err(unreadable("it contradicts itself")),
    }
}

/// The first line of an error, without the bytes that it may quote.
fn first(error: &parquet::errors::ParquetError) -> String {
    let text = error.to_string();
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|character| !character.is_control())
        .take(160)
        .collect()
}

struct JsonRows {
    rows: RowIter<'static>,
    /// The columns whose times have no zone.
    zoneless: BTreeSet<String>,
    /// How many rows the file states, and how many were read.
    stated: i64,
    given: i64,
    line: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl JsonRows {
    fn new(reader: SerializedFileReader<Bytes>) -> Result<Self, parquet::errors::ParquetError> {
        let columns = reader.metadata().file_metadata().schema_descr_ptr();
        let local = columns.columns().iter().filter(|column| is_local(column));
        let zoneless = local.filter_map(|column| named(column.path().parts())).collect();
        for group in 0..reader.num_row_groups() {
            reader.get_row_group(group)?;
        }
        let stated = reader.metadata().file_metadata().num_rows();
        let rows = RowIter::from_file_into(Box::new(reader));
        Ok(Self { rows, zoneless, stated, given: 0, line: Vec::new(), at: 0, is_over: false })
    }

    /// Writes the next row as JSON; `false` if there is none.
    fn next(&mut self) -> io::Result<bool> {
        let rows = &mut self.rows;
        let Some(row) = guarded(|| rows.next().transpose())? else {
            let (given, stated) = (self.given, self.stated);
            let short = || broken(format!("the Parquet file ends after {given} of {stated} rows"));
            return if given == stated { Ok(false) } else { Err(short()) };
        };
        self.given += 1;
        self.line.clear();
        self.at = 0;
        serde_json::to_writer(&mut self.line, &object(&row, &self.zoneless))?;
        self.line.push(b'\n');
        Ok(true)
    }
}

impl Read for JsonRows {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() && !self.is_over {
            match self.next() {
                Ok(more) => self.is_over = !more,
                Err(error) => {
                    self.is_over = true;
                    self.line.clear();
                    self.at = 0;
                    return Err(error);
                }
            }
        }
        if self.is_over {
            return Ok(0);
        }
        let count = out.len().min(self.line.len() - self.at);
        out[..count].copy_from_slice(&self.line[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Whether its times have no zone. Writers of the oldest form disagree about theirs.
fn is_local(column: &ColumnDescriptor) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Timestamp(time)) => !time.is_adjusted_to_u_t_c,
        _ => column.physical_type() == PhysicalType::INT96,
    }
}

/// The name of a column without the names that lists add.
fn named(parts: &[String]) -> Option<String> {
    let is_name =
        |part: &&String| !["list", "element", "item", "array", "bag"].contains(&part.as_str());
    parts.iter().rev().find(is_name).cloned()
}

fn object(row: &Row, zoneless: &BTreeSet<String>) -> Value {
    let fields = row.get_column_iter();
    let pair = |(name, field): (&String, &Field)| {
        let zone = if zoneless.contains(name) { "" } else { "Z" };
        (name.clone(), value(field, zone, zoneless))
    };
    fields.map(pair).collect::<Map<_, _>>().into()
}

fn value(field: &Field, zone: &str, zoneless: &BTreeSet<String>) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => (*value).into(),
        Field::Byte(number) => (*number).into(),
        Field::Short(number) => (*number).into(),
        Field::Int(number) => (*number).into(),
        // The library returns nanoseconds as plain numbers.
        Field::Long(nanos) if zone.is_empty() => {
            time(Some(DateTime::from_timestamp_nanos(*nanos)), zone).unwrap_or_default()
        }
        Field::Long(number) => (*number).into(),
        Field::UByte(number) => (*number).into(),
        Field::UShort(number) => (*number).into(),
        Field::UInt(number) => (*number).into(),
        Field::ULong(number) => (*number).into(),
        Field::Float16(number) => f64::from(*number).into(),
        Field::Float(number) => f64::from(*number).into(),
        Field::Double(number) => (*number).into(),
        Field::Str(text) => text.as_str().into(),
        Field::Bytes(bytes) => binary(bytes.data()),
        Field::Date(days) => date(*days).map_or(Value::Null, Value::from),
        Field::TimestampMillis(millis) => {
            time(DateTime::from_timestamp_millis(*millis), zone).unwrap_or_else(|| (*millis).into())
        }
        Field::TimestampMicros(micros) => {
            time(DateTime::from_timestamp_micros(*micros), zone).unwrap_or_else(|| (*micros).into())
        }
        Field::Decimal(_) | Field::TimeMillis(_) | Field::TimeMicros(_) => field.to_string().into(),
        Field::Group(row) => object(row, zoneless),
        Field::ListInternal(list) => {
            list.elements().iter().map(|element| value(element, zone, zoneless)).collect()
        }
        Field::MapInternal(map) => {
            let entry = |(key, entry): &(Field, Field)| {
                (key_of(&value(key, zone, zoneless)), value(entry, zone, zoneless))
            };
            map.entries().iter().map(entry).collect::<Map<_, _>>().into()
        }
    }
}

/// Bytes as text if they are UTF-8: old writers do not mark text.
fn binary(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => hex(bytes).into(),
    }
}

fn key_of(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}

fn date(days: i32) -> Option<String> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let apart = Days::new(u64::from(days.unsigned_abs()));
    let date = if days < 0 { epoch.checked_sub_days(apart) } else { epoch.checked_add_days(apart) };
    date.map(|date| date.to_string())
}

fn time(at: Option<DateTime<chrono::Utc>>, zone: &str) -> Option<Value> {
    at.map(|at| format!("{}{zone}", at.format("%Y-%m-%dT%H:%M:%S%.6f")).into())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    const SCHEMA: &str = "message record {
        required int64 time (TIMESTAMP(MICROS, true));
        optional group credential { optional binary uid (UTF8); }
        optional binary note;
    }";

    /// Rows of a time, a nested id that may be missing, and bytes without a type.
    fn written(rows: &[(i64, Option<&str>, &[u8])]) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(SCHEMA).expect("a schema"));
        let mut out = Vec::new();
        let mut file =
            SerializedFileWriter::new(&mut out, schema, Arc::default()).expect("a writer");
        let mut group = file.next_row_group().expect("a group");
        let mut times = group.next_column().expect("a column").expect("one more");
        let values: Vec<i64> = rows.iter().map(|row| row.0).collect();
        times.typed::<Int64Type>().write_batch(&values, None, None).expect("written");
        times.close().expect("closed");
        let mut ids = group.next_column().expect("a column").expect("one more");
        let known: Vec<ByteArray> =
            rows.iter().filter_map(|row| row.1).map(ByteArray::from).collect();
        let levels: Vec<i16> = rows.iter().map(|row| if row.1.is_some() { 2 } else { 0 }).collect();
        ids.typed::<ByteArrayType>().write_batch(&known, Some(&levels), None).expect("written");
        ids.close().expect("closed");
        let mut notes = group.next_column().expect("a column").expect("one more");
        let values: Vec<ByteArray> =
            rows.iter().map(|row| ByteArray::from(row.2.to_vec())).collect();
        let levels = vec![1; rows.len()];
        notes.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).expect("written");
        notes.close().expect("closed");
        group.close().expect("closed");
        file.close().expect("closed");
        out
    }

    fn read(bytes: &[u8]) -> (String, Option<String>) {
        let mut text = String::new();
        let failed = open(Box::new(bytes), &Budget::new()).read_to_string(&mut text).err();
        (text, failed.map(|error| error.to_string()))
    }

    #[test]
    fn each_row_is_a_line_of_json() {
        let bytes = written(&[
            (1_772_442_000_000_000, Some("doc-key-2024"), b"a \"note\""),
            (1_772_442_000_250_000, None, b"\xff\x00"),
        ]);
        let expected = concat!(
            r#"{"credential":{"uid":"doc-key-2024"},"note":"a \"note\"","time":"2026-03-02T09:00:00.000000Z"}"#,
            "\n",
            r#"{"credential":null,"note":"ff00","time":"2026-03-02T09:00:00.250000Z"}"#,
            "\n",
        );
        assert_eq!(read(&bytes), (expected.to_owned(), None));
    }

    #[test]
    fn a_time_without_a_zone_gets_none() {
        let columns = ["time".to_owned(), "list".to_owned(), "element".to_owned()];
        assert_eq!(named(&columns).as_deref(), Some("time"));
        let local = BTreeSet::from(["at".to_owned()]);
        let at = || Field::TimestampMillis(1_772_442_000_000);
        let nanos = || Field::Long(1_772_442_000_000_000_000);
        let row = Row::new(vec![("at".to_owned(), nanos()), ("n".to_owned(), nanos())]);
        let json = object(&row, &local).to_string();
        assert_eq!(json, r#"{"at":"2026-03-02T09:00:00.000000","n":1772442000000000000}"#);
        let row = Row::new(vec![("at".to_owned(), at()), ("t".to_owned(), at())]);
        let json = object(&row, &local).to_string();
        assert_eq!(
            json,
            r#"{"at":"2026-03-02T09:00:00.000000","t":"2026-03-02T09:00:00.000000Z"}"#
        );
    }

    #[test]
    fn a_damaged_file_is_an_error_not_an_end() {
        let rows: Vec<(i64, Option<&str>, &[u8])> = (0..200)
            .map(|n| (1_772_442_000_000_000 + n, Some("doc-key-2024"), &b"note"[..]))
            .collect();
        let bytes = written(&rows);
        let whole = read(&bytes).0;
        for end in (0..bytes.len()).step_by(7) {
            let (text, failed) = read(&bytes[..end]);
            assert!(failed.is_some(), "cut at {end}");
            assert!(text.len() < whole.len());
        }
        for at in (4..bytes.len() - 8).step_by(5) {
            let mut torn = bytes.clone();
            torn[at] ^= 0x55;
            let (text, failed) = read(&torn);
            assert!(failed.is_some() || text.lines().count() == 200, "changed at {at}");
        }
    }
}
