/*! Files that hold columns, made for a test. */

use std::sync::Arc;

use holdover::ingest::CODECS;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::containers::{gzip, xz};
use super::read_bytes;

/// A Parquet file with columns of text.
pub(crate) fn parquet(names: &[&str], rows: &[&[&str]]) -> Vec<u8> {
    let column = |name: &&str| format!("required binary {name} (UTF8);");
    let columns = names.iter().map(column).collect::<Vec<_>>().concat();
    let schema = parse_message_type(&format!("message record {{ {columns} }}")).unwrap();
    let mut out = Vec::new();
    let mut file = SerializedFileWriter::new(&mut out, Arc::new(schema), Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    for column in 0..names.len() {
        let mut writer = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(row[column])).collect();
        writer.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        writer.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    out
}

#[test]
fn one_record_is_found_among_rows_in_every_container() {
    for codec in CODECS.iter().filter(|codec| codec.is_of_rows()) {
        assert_eq!(codec.name, "Parquet", "each has its file here");
    }
    for marked in [0, 20, 39] {
        let ids: Vec<String> = (0..40).map(|n| format!("r-{n}")).collect();
        let id = |n: usize| if n == marked { "the one" } else { &ids[n] };
        let rows: Vec<[&str; 2]> = (0..40).map(|n| [id(n), "\"a\",\nb"]).collect();
        let bytes = parquet(&["id", "text"], &rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        let packed = [("", bytes.clone()), ("gzip, ", gzip(&bytes)), ("xz, ", xz(&bytes))];
        for (container, packed) in packed {
            let (records, read) = read_bytes(&packed, 64);
            assert_eq!(read.format, format!("{container}Parquet, lines"));
            assert_eq!((read.damage, records.rejected), (vec![], vec![]));
            assert_eq!(records.accepted.len(), 40);
            assert_eq!(records.accepted[marked].0, "the one");
        }
    }
}
