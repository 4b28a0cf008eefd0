/*! The report: a decision in words. It orders and words; it computes nothing. */

mod aftermath;
pub mod changes;
pub mod ci;
pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod replay;
mod screen;
mod statement;
pub mod text;
mod text_options;
pub mod verified;
mod view;
mod why_ready;

use std::io::{self, Write};

pub use ci::PRINTED;
pub use text_options::{Depth, TextOptions};
pub use view::{CitedEvidence, View, evidence_id, finding_id};

/// What a format needs beyond the decision. Each costs a second pass, over the queries or over the cited inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The verdict at earlier instants.
    pub readiness: bool,
    /// The cited records, read again.
    pub records: bool,
}

impl Needs {
    /// Everything that any of these formats needs.
    pub fn of(formats: &[&dyn Format]) -> Self {
        let any = |needed: fn(Needs) -> bool| formats.iter().any(|format| needed(format.needs()));
        Self { readiness: any(|needs| needs.readiness), records: any(|needs| needs.records) }
    }
}

/// One way to write a report.
pub trait Format: Sync {
    /// The word for `-f`.
    fn name(&self) -> &'static str;

    /// The name of its file in a folder of reports.
    fn file_name(&self) -> &'static str;

    /// What the view must hold beyond the decision.
    fn needs(&self) -> Needs {
        Needs::default()
    }

    /// Writes the whole report.
    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()>;
}

/// All formats; the first is the one for people.
pub const FORMATS: &[&dyn Format] = &[
    &text::TextReport,
    &json::JsonReport,
    &markdown::MarkdownReport,
    &html::HtmlReport,
    &csv::LedgerCsv,
    &csv::EvidenceCsv,
];

/// The format of that name.
pub fn format_named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().chain(PRINTED).copied().find(|format| format.name() == name)
}
