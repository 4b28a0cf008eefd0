/*! Cuts a stream into records, in bounded memory and in blocks of any size. */

mod array;
mod documents;
mod lines;
mod out;
mod pending;
mod scan;
mod sniff;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::limits;

pub(super) use out::{Out, Totals};
pub use sniff::sniff;

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
];

impl Framing {
    /// The framing of that name; `key` is for arrays.
    pub fn named(name: &str, key: Option<String>) -> Option<Self> {
        [Self::Lines, Self::Documents, Self::Array { key }]
            .into_iter()
            .find(|framing| framing.name() == name)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Documents => "documents",
            Self::Array { .. } => "array",
        }
    }

    pub(super) fn start(&self) -> Box<dyn Frames> {
        self.start_with(limits::RECORD_BYTES)
    }

    fn start_with(&self, record_bytes: usize) -> Box<dyn Frames> {
        let def = FRAMINGS.iter().find(|def| def.name == self.name());
        let start = def.expect("every framing is in the table").start;
        match self {
            Self::Lines | Self::Documents => start(None, record_bytes),
            Self::Array { key } => start(key.as_deref(), record_bytes),
        }
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines | Self::Documents | Self::Array { key: None } => out.write_str(self.name()),
            Self::Array { key: Some(key) } => write!(out, "array {key}"),
        }
    }
}
