/*! Cuts a stream into records, in bounded memory and in blocks of any size. */

mod array;
mod documents;
mod lines;
mod out;
mod pending;
mod rows;
mod scan;
mod sniff;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use crate::limits;

use super::decode::row::Row;

pub(super) use out::{Out, Totals};
pub use sniff::sniff;
pub use text::joined;

/// Cuts blocks into records. Where the blocks begin and end does not change the records.
pub(super) trait Frames {
    /// Takes the next bytes of the stream.
    fn push(&mut self, block: &[u8], out: &mut Out<'_>);

    /// The stream is over: what is still open is said.
    fn finish(&mut self, out: &mut Out<'_>);
}

/// How the records of a stream are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One record a line.
    Lines,
    /// One or more JSON values, pretty printed or one after the other.
    Documents,
    /// The elements of a JSON array; another array may follow it.
    Array {
        /// The key (`Records`) or JSON Pointer (`/hits/hits`) of the array; none where the document itself is the array.
        key: Option<String>,
    },
    /// Rows of separated values below a header.
    Rows {
        /// What stands between two values.
        delimiter: char,
    },
    /// Text whose records span lines.
    Text {
        /// An expression that the first line of each record matches.
        start: String,
    },
    /// Lines of a container runtime, of which some are partial.
    Partial,
}

/// A framing as plans and profiles name it.
pub struct FramingDef {
    /// Its name.
    pub name: &'static str,
    /// What a record is.
    pub meaning: &'static str,
    start: fn(Option<&str>, usize) -> Box<dyn Frames>,
}

/// All framings.
pub const FRAMINGS: &[FramingDef] = &[
    FramingDef {
        name: "lines",
        meaning: "each line is a record",
        start: |_, cap| Box::new(lines::Lines::new(cap)),
    },
    FramingDef {
        name: "documents",
        meaning: "each JSON value is a record, however it is laid out",
        start: |_, cap| Box::new(documents::Documents::new(cap)),
    },
    FramingDef {
        name: "array",
        meaning: "each element of a JSON array is a record; the array may lie under a key",
        start: |key, cap| Box::new(array::Array::new(key, cap)),
    },
    FramingDef {
        name: "rows",
        meaning: "each row of separated values is a record; the first row is the header",
        start: |delimiter, cap| {
            let delimiter = delimiter.and_then(|text| text.bytes().next()).unwrap_or(b',');
            Box::new(rows::Rows::new(delimiter, cap))
        },
    },
    FramingDef {
        name: "text",
        meaning: "each line that looks like a beginning begins a record, which the lines after it go on with",
        start: |start, cap| {
            let start = regex::bytes::Regex::new(start.unwrap_or_default());
            let joint = text::Joint::Begins(
                start.unwrap_or_else(|_| regex::bytes::Regex::new("").expect("empty")),
            );
            Box::new(text::Text::new(joint, cap))
        },
    },
    FramingDef {
        name: "partial",
        meaning: "lines of a container runtime, joined while they say that they are partial",
        start: |_, cap| Box::new(text::Text::new(text::Joint::AfterPartial, cap)),
    },
];

impl Framing {
    /// The framing of that name; `key` is the key of an array, the delimiter of rows, the beginning of text.
    pub fn named(name: &str, key: Option<String>) -> Option<Self> {
        let delimiter = key.as_ref().and_then(|key| key.chars().next()).unwrap_or(',');
        let start = key.clone().unwrap_or_default();
        let rest = [Self::Rows { delimiter }, Self::Text { start }, Self::Partial];
        [Self::Lines, Self::Documents, Self::Array { key }]
            .into_iter()
            .chain(rest)
            .find(|framing| framing.name() == name)
    }

    /// The framing with which an input of that format (`gzip, array Records`) was read, as far as its records can be told
    /// by it alone: of text that spans lines, each line.
    pub fn of_format(format: &str, head: &[u8]) -> Self {
        let name = format.rsplit(", ").next().unwrap_or_default();
        if let Some(key) = name.strip_prefix("array ") {
            return Self::Array { key: Some(key.to_owned()) };
        }
        let first = head.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
        match name {
            "documents" => Self::Documents,
            "partial" => Self::Partial,
            "array" => Self::Array { key: None },
            "rows" => {
                let first = String::from_utf8_lossy(first.unwrap_or_default());
                let header = Row::header(first.trim_start_matches('\u{feff}').trim_end());
                Self::Rows { delimiter: header.map_or(',', |row| char::from(row.delimiter)) }
            }
            _ => Self::Lines,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Documents => "documents",
            Self::Array { .. } => "array",
            Self::Rows { .. } => "rows",
            Self::Text { .. } => "text",
            Self::Partial => "partial",
        }
    }

    pub(super) fn start(&self) -> Box<dyn Frames> {
        self.start_with(limits::RECORD_BYTES)
    }

    fn start_with(&self, record_bytes: usize) -> Box<dyn Frames> {
        let def = FRAMINGS.iter().find(|def| def.name == self.name());
        let start = def.expect("every framing is in the table").start;
        match self {
            Self::Lines | Self::Documents | Self::Partial => start(None, record_bytes),
            Self::Array { key } => start(key.as_deref(), record_bytes),
            Self::Rows { delimiter } => start(Some(&delimiter.to_string()), record_bytes),
            Self::Text { start: first } => start(Some(first), record_bytes),
        }
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines
            | Self::Documents
            | Self::Array { key: None }
            | Self::Rows { .. }
            | Self::Text { .. }
            | Self::Partial => out.write_str(self.name()),
            Self::Array { key: Some(key) } => write!(out, "array {key}"),
        }
    }
}
