/*! How large and how deep a Parquet file says it is. The library builds its columns by recursion and its lists by their
 * stated lengths, so both are looked at before it is asked.
 */

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use crate::limits;

use super::thrift::{Checked, Kind, Values, contradiction, unzigzag};

/// The mark at both ends of a file, and the length of the description before the last.
const MARK: &[u8] = b"PAR1";
const LENGTH_BYTES: usize = 4;

/// The fields of the format that are looked at.
const FILE_SCHEMA: u64 = 2;
const ELEMENT_CHILDREN: u64 = 5;
const PAGE_DECODED: u64 = 2;
const PAGE_STORED: u64 = 3;

/// Refuses a file whose description nests too deep, or is too long for what it says.
pub(super) fn check_footer(stored: &[u8]) -> Checked<()> {
    let Some(body) = stored.strip_suffix(MARK) else { return Err(contradiction()) };
    let Some((body, length)) = body.split_last_chunk::<LENGTH_BYTES>() else {
        return Err(contradiction());
    };
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    if length > limits::PARQUET_FOOTER_BYTES {
        let mib = limits::PARQUET_FOOTER_BYTES >> 20;
        return Err(format!("its description is over the limit of {mib} MiB"));
    }
    let start = body.len().checked_sub(length).ok_or_else(contradiction)?;
    let mut values = Values { left: &body[start..] };
    let mut field = 0;
    while let Some(kind) = values.field(&mut field)? {
        if (field, kind) == (FILE_SCHEMA, Kind::List) {
            check_columns(&mut values)?;
        } else {
            values.skip(kind)?;
        }
    }
    Ok(())
}

/// Refuses columns that are too many or nest too deep. They are listed one after the other; each says how many of those
/// after it are its own.
fn check_columns(values: &mut Values<'_>) -> Checked<()> {
    let (count, kind) = values.list()?;
    if count > limits::PARQUET_COLUMNS {
        let limit = limits::PARQUET_COLUMNS;
        return Err(format!("it has {count} columns and groups, more than the limit of {limit}"));
    }
    let mut open: Vec<u64> = Vec::new();
    for _ in 0..count {
        let mut children = 0;
        let mut field = 0;
        if kind != Kind::Struct {
            return Err(contradiction());
        }
        while let Some(kind) = values.field(&mut field)? {
            if field == ELEMENT_CHILDREN && matches!(kind, Kind::Number) {
                children = unzigzag(values.number()?);
            } else {
                values.skip(kind)?;
            }
        }
        while open.last() == Some(&0) {
            open.pop();
        }
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        if children > 0 {
            open.push(children);
        }
        if open.len() > limits::PARQUET_DEPTH {
            let limit = limits::PARQUET_DEPTH;
            return Err(format!("its columns nest deeper than the limit of {limit}"));
        }
    }
    Ok(())
}

/// How much of the rows is decoded at a time.
#[derive(Clone, Copy)]
pub(super) struct RowLimits {
    /// How many bytes pages may become.
    pub(super) page_bytes: u64,
    /// How many values lists may have beyond one a row.
    pub(super) list_values: i64,
}

impl Default for RowLimits {
    fn default() -> Self {
        let (page_bytes, list_values) = (limits::PARQUET_PAGES_BYTES, limits::PARQUET_LIST_VALUES);
        Self { page_bytes, list_values }
    }
}

impl RowLimits {
    /// Refuses pages that become too large, and lists that become too long.
    pub(super) fn check(self, stored: &[u8], metadata: &ParquetMetaData) -> Checked<()> {
        for group in metadata.row_groups() {
            self.check_lists(group)?;
            let mut held = 0_u64;
            for column in group.columns() {
                held = held.saturating_add(largest_pages(stored, column)?);
                let limit = self.page_bytes;
                if held > limit {
                    return Err(format!(
                        "its pages become more than the limit of {limit} bytes at a time"
                    ));
                }
            }
        }
        Ok(())
    }

    /// All of the values beyond one for each row may be in the same row.
    fn check_lists(self, group: &RowGroupMetaData) -> Checked<()> {
        let (rows, limit) = (group.num_rows().max(0), self.list_values);
        let lists =
            group.columns().iter().filter(|column| column.column_descr().max_rep_level() > 0);
        let more = lists.map(|column| column.num_values().saturating_sub(rows).max(0));
        let more = more.fold(0_i64, i64::saturating_add);
        if more > limit {
            return Err(format!(
                "its lists have {more} values beyond one a row in a group of rows, more than the limit of {limit}"
            ));
        }
        Ok(())
    }
}

/// The bytes of the two largest pages of a column: its dictionary and one page of values are held at a time.
fn largest_pages(stored: &[u8], column: &ColumnChunkMetaData) -> Checked<u64> {
    let place = |number: i64| usize::try_from(number).ok();
    let start = column
        .dictionary_page_offset()
        .map_or(column.data_page_offset(), |dictionary| dictionary.min(column.data_page_offset()));
    let end = place(start).zip(place(column.compressed_size()));
    let range = end.and_then(|(start, length)| Some(start..start.checked_add(length)?));
    let mut left = range.and_then(|range| stored.get(range)).ok_or_else(contradiction)?;
    let mut largest = [0_u64; 2];
    while !left.is_empty() {
        let mut values = Values { left };
        let (mut decoded, mut packed, mut field) = (0, 0, 0);
        while let Some(kind) = values.field(&mut field)? {
            match (field, kind) {
                (PAGE_DECODED, Kind::Number) => decoded = unzigzag(values.number()?),
                (PAGE_STORED, Kind::Number) => packed = unzigzag(values.number()?),
                (_, kind) => values.skip(kind)?,
            }
        }
        let packed = usize::try_from(packed).map_err(|_| contradiction())?;
        left = values.left.get(packed..).ok_or_else(contradiction)?;
        let [first, second] = &mut largest;
        if decoded > *first {
            (*first, *second) = (decoded, *first);
        } else {
            *second = decoded.max(*second);
        }
    }
    Ok(largest[0].saturating_add(largest[1]))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use parquet::data_type::Int32Type;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    /// A description whose list of columns is this, and which has no rows.
    fn file(columns: &[u8]) -> Vec<u8> {
        let footer = [&b"\x15\x02\x19"[..], columns, b"\x16\0\x19\x0c\0"].concat();
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        [MARK, &footer, &length, MARK].concat()
    }

    /// A list of groups, each in the one before, and a column in the last.
    fn nested(groups: usize) -> Vec<u8> {
        let mut count = groups + 2;
        let mut list = vec![0xfc];
        while count > 0x7f {
            list.push(u8::try_from(count & 0x7f).unwrap() | 0x80);
            count >>= 7;
        }
        list.push(u8::try_from(count).unwrap());
        list.extend(b"\x48\x01r\x15\x02\0");
        list.extend(b"\x35\x02\x18\x01g\x15\x02\0".repeat(groups));
        list.extend(b"\x15\x02\x25\x02\x18\x01x\0");
        file(&list)
    }

    #[test]
    fn columns_may_nest_so_deep() {
        let limit = limits::PARQUET_DEPTH;
        for groups in [0, 1, 20, limit - 1] {
            let stored = nested(groups);
            assert_eq!(check_footer(&stored), Ok(()), "{groups}");
            let read = SerializedFileReader::new(Bytes::from(stored)).unwrap();
            let columns = read.metadata().file_metadata().schema_descr().columns().to_vec();
            assert_eq!(columns[0].path().parts().len(), groups + 1);
        }
        let deep = Err("its columns nest deeper than the limit of 64".to_owned());
        for groups in [limit, 1_000, 9_000] {
            assert_eq!(check_footer(&nested(groups)), deep, "{groups}");
        }
        let many = "it has 200002 columns and groups, more than the limit of 10000";
        assert_eq!(check_footer(&nested(200_000)), Err(many.to_owned()));
    }

    #[test]
    fn a_description_cannot_claim_more_than_it_has() {
        let contradicts = Err(contradiction());
        assert_eq!(check_footer(&file(b"\xfc\xff\xff\xff\xff\x07")), contradicts);
        assert_eq!(check_footer(&file(b"\xfc")), contradicts);
        for stored in [&b"PAR1"[..], b"PAR1\xff\0\0\0PAR1", b"PAR1 cut"] {
            assert_eq!(check_footer(stored), contradicts);
        }
        // Lists in lists, in a field that is not looked at.
        let deep = [b"PAR1".to_vec(), vec![0x39], vec![0x19; 5_000], vec![0; 2]].concat();
        let length = u32::try_from(deep.len() - 4).unwrap().to_le_bytes();
        let said = check_footer(&[&deep, &length[..], MARK].concat());
        assert_eq!(said, Err("its values nest deeper than 32".to_owned()));
        let large = [MARK, &[0xff, 0xff, 0xff, 0x7f], MARK].concat();
        assert_eq!(
            check_footer(&large),
            Err("its description is over the limit of 16 MiB".to_owned())
        );
    }

    #[test]
    fn pages_and_lists_may_become_so_large() {
        let schema = parse_message_type("message record { repeated int32 tag; }").unwrap();
        let mut stored = Vec::new();
        let mut file =
            SerializedFileWriter::new(&mut stored, Arc::new(schema), Arc::default()).unwrap();
        let mut group = file.next_row_group().unwrap();
        let mut tags = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = (0..1_000).map(|number| i16::from(number > 0)).collect();
        tags.typed::<Int32Type>()
            .write_batch(&[7; 1_000], Some(&[1; 1_000]), Some(&levels))
            .unwrap();
        tags.close().unwrap();
        group.close().unwrap();
        file.close().unwrap();
        let read = SerializedFileReader::new(Bytes::from(stored.clone())).unwrap();
        let check = |page_bytes, list_values| {
            let limits = RowLimits { page_bytes, list_values };
            limits.check(&stored, read.metadata()).is_ok()
        };
        assert!(RowLimits::default().check(&stored, read.metadata()).is_ok());
        assert!(check(1_000, 999) && !check(1_000, 998) && !check(10, 999));
    }
}
