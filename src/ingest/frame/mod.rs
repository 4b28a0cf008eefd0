/*! Cuts a stream into records, in bounded memory and in blocks of any size. */

mod array;
mod documents;
mod framing;
mod json_scanner;
mod lines;
mod out;
mod pending;
mod pieces;
mod rows;
mod sniff;
mod starts;
#[cfg(test)]
mod tests;
mod text;

pub(super) use out::{Cutter, Out, Totals};

pub use framing::Framing;
pub use pieces::{DockerLine, DockerLines, JoinedLine, whole_lines};
pub use sniff::sniff;

/// A framing in the reference pages, and how its cutter is made.
pub struct FramingDef {
    /// The name in plans, profiles and reports.
    pub name: &'static str,
    /// What a record is.
    pub meaning: &'static str,
    cutter: fn(Option<&str>, usize) -> Box<dyn Cutter>,
}

/// All framings.
pub const FRAMINGS: &[FramingDef] = &[
    FramingDef {
        name: "lines",
        meaning: "each line is a record",
        cutter: |_, cap| Box::new(lines::LineCutter::new(cap)),
    },
    FramingDef {
        name: "documents",
        meaning: "each JSON value is a record, however it is laid out",
        cutter: |_, cap| Box::new(documents::DocumentCutter::new(cap)),
    },
    FramingDef {
        name: "array",
        meaning: "each element of a JSON array is a record; the array may lie under a key",
        cutter: |key, cap| Box::new(array::ArrayCutter::new(key, cap)),
    },
    FramingDef {
        name: "rows",
        meaning: "each row of separated values is a record; the first row is the header",
        cutter: |delimiter, cap| {
            let delimiter = delimiter.and_then(|text| text.bytes().next()).unwrap_or(b',');
            Box::new(rows::RowCutter::new(delimiter, cap))
        },
    },
    FramingDef {
        name: "text",
        meaning: "each line that looks like the beginning of a record begins one; the lines after it belong to it",
        cutter: |start, cap| {
            let joint = text::Joint::Begins(starts::compiled(start.unwrap_or_default()));
            Box::new(text::TextCutter::new(joint, cap))
        },
    },
    FramingDef {
        name: "partial",
        meaning: "lines of a container runtime; partial lines are joined",
        cutter: |_, cap| Box::new(text::TextCutter::new(text::Joint::AfterPartial, cap)),
    },
];

/// The cutter of a framing. Records longer than the cap are rejected.
pub(super) fn cutter(framing: &Framing, record_bytes: usize) -> Box<dyn Cutter> {
    let def = FRAMINGS.iter().find(|def| def.name == framing.name());
    let cutter = def.expect("every framing is in the table").cutter;
    match framing {
        Framing::Lines | Framing::Documents | Framing::Partial => cutter(None, record_bytes),
        Framing::Array { key } => cutter(key.as_deref(), record_bytes),
        Framing::Rows { delimiter } => cutter(Some(&delimiter.to_string()), record_bytes),
        Framing::Text { start } => cutter(Some(start), record_bytes),
    }
}
