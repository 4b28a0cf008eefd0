/*! The framings by name. */

use std::fmt;

use crate::ingest::decode::row::RowHeader;

/// How a stream is cut into records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One record a line.
    Lines,
    /// JSON values, each a record, pretty printed or not.
    Documents,
    /// The elements of a JSON array; another array may follow it.
    Array {
        /// The key (`Records`) or JSON Pointer (`/hits/hits`) of the array; `None` if the document itself is the array.
        key: Option<String>,
    },
    /// Rows of separated values below a header.
    Rows {
        /// The character between two values.
        delimiter: char,
    },
    /// Text whose records span lines.
    Text {
        /// An expression that the first line of each record matches.
        start: String,
    },
    /// Lines of a container runtime, some of them partial.
    Partial,
}

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

    /// The framing in a format such as `gzip, array Records`. The format does not say what begins a record of text, so
    /// there each line is a record.
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
                let header = RowHeader::of(first.trim_start_matches('\u{feff}').trim_end());
                Self::Rows { delimiter: header.map_or(',', |header| char::from(header.delimiter)) }
            }
            _ => Self::Lines,
        }
    }

    /// The name in plans, profiles and reports.
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
