/*! How large and how deep a Parquet file says it is. The library builds its columns by recursion and its lists by their
 * stated lengths, so both are looked at before it is asked.
 */

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use crate::limits;

/// The mark at both ends of a file, and the length of the description before the last.
const MARK: &[u8] = b"PAR1";
const LENGTH_BYTES: usize = 4;

/// How deep the values of the format itself nest. Its own description reaches eight.
const VALUE_DEPTH: usize = 32;

/// The fields of the format that are looked at.
const FILE_SCHEMA: u64 = 2;
const ELEMENT_CHILDREN: u64 = 5;
const PAGE_DECODED: u64 = 2;
const PAGE_STORED: u64 = 3;

type Checked<T> = Result<T, String>;

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
            values.skip(kind, VALUE_DEPTH)?;
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
                values.skip(kind, VALUE_DEPTH)?;
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

/// Refuses pages that become too large, and lists that become too long.
pub(super) fn check_pages(stored: &[u8], metadata: &ParquetMetaData) -> Checked<()> {
    for group in metadata.row_groups() {
        check_lists(group)?;
        let mut held = 0_u64;
        for column in group.columns() {
            held = held.saturating_add(largest_pages(stored, column)?);
            if held > limits::PARQUET_PAGES_BYTES {
                let mib = limits::PARQUET_PAGES_BYTES >> 20;
                return Err(format!("its pages become more than the limit of {mib} MiB at a time"));
            }
        }
    }
    Ok(())
}

/// All of the values beyond one for each row may be in the same row.
fn check_lists(group: &RowGroupMetaData) -> Checked<()> {
    let rows = group.num_rows().max(0);
    let lists = group.columns().iter().filter(|column| column.column_descr().max_rep_level() > 0);
    let more = lists.map(|column| column.num_values().saturating_sub(rows).max(0));
    let more = more.fold(0_i64, i64::saturating_add);
    if more > limits::PARQUET_LIST_VALUES {
        let limit = limits::PARQUET_LIST_VALUES;
        return Err(format!(
            "its lists have {more} values in a group of rows, more than the limit of {limit}"
        ));
    }
    Ok(())
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
                (_, kind) => values.skip(kind, VALUE_DEPTH)?,
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

fn contradiction() -> String {
    "it contradicts itself".to_owned()
}

/// A number whose sign is its lowest bit; one below zero, which no length is, becomes the largest.
fn unzigzag(number: u64) -> u64 {
    if number & 1 == 0 { number >> 1 } else { u64::MAX }
}

/// The kinds of values of the compact Thrift protocol, as far as their lengths differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Is in its own header.
    Bool,
    /// Has so many bytes.
    Fixed(usize),
    Number,
    Text,
    List,
    Map,
    Struct,
}

impl Kind {
    fn of(code: u8) -> Checked<Self> {
        Ok(match code {
            1 | 2 => Self::Bool,
            3 => Self::Fixed(1),
            4..=6 => Self::Number,
            7 => Self::Fixed(8),
            8 => Self::Text,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Struct,
            13 => Self::Fixed(16),
            _ => return Err(contradiction()),
        })
    }
}

/// Values of the compact Thrift protocol.
struct Values<'s> {
    left: &'s [u8],
}

impl Values<'_> {
    fn byte(&mut self) -> Checked<u8> {
        let (first, left) = self.left.split_first().ok_or_else(contradiction)?;
        self.left = left;
        Ok(*first)
    }

    fn number(&mut self) -> Checked<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(contradiction())
    }

    /// A length that the bytes which are left can have, at one byte each.
    fn length(&mut self) -> Checked<usize> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if length > self.left.len() { Err(contradiction()) } else { Ok(length) }
    }

    fn bytes(&mut self, count: usize) -> Checked<()> {
        self.left = self.left.get(count..).ok_or_else(contradiction)?;
        Ok(())
    }

    /// The header of the next field of a struct; `None` at its end.
    fn field(&mut self, id: &mut u64) -> Checked<Option<Kind>> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        *id = match header >> 4 {
            0 => unzigzag(self.number()?),
            more => id.saturating_add(u64::from(more)),
        };
        Kind::of(header & 0xf).map(Some)
    }

    /// The header of a list: how many elements, and of which kind.
    fn list(&mut self) -> Checked<(usize, Kind)> {
        let header = self.byte()?;
        let count = match header >> 4 {
            15 => self.length()?,
            count => usize::from(count),
        };
        let kind = Kind::of(header & 0xf)?;
        Ok((count, if kind == Kind::Bool { Kind::Fixed(1) } else { kind }))
    }

    fn skip(&mut self, kind: Kind, depth: usize) -> Checked<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(format!("its values nest deeper than {VALUE_DEPTH}"));
        };
        match kind {
            Kind::Bool => Ok(()),
            Kind::Fixed(bytes) => self.bytes(bytes),
            Kind::Number => self.number().map(|_| ()),
            Kind::Text => {
                let length = self.length()?;
                self.bytes(length)
            }
            Kind::List => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip(kind, depth))
            }
            Kind::Map => {
                let count = self.length()?;
                let kinds = if count > 0 { self.byte()? } else { return Ok(()) };
                let (key, value) = (element(kinds >> 4)?, element(kinds & 0xf)?);
                (0..count).try_for_each(|_| {
                    self.skip(key, depth)?;
                    self.skip(value, depth)
                })
            }
            Kind::Struct => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
                Ok(())
            }
        }
    }
}

/// The kind of an element of a map, in which a bool takes a byte.
fn element(code: u8) -> Checked<Kind> {
    let kind = Kind::of(code)?;
    Ok(if kind == Kind::Bool { Kind::Fixed(1) } else { kind })
}
