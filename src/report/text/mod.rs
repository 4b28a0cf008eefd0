/*! The report as text for people: the verdict first and last, in between what it stands on. */

use std::io::{self, Write};

use super::{Format, TextOptions, View};

/// Lines of at most so many columns as asked for; only words of our own at the start of a line.
pub struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn file_name(&self) -> &'static str {
        "report.txt"
    }

    fn render(
        &self,
        view: &View<'_>,
        _options: TextOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "verdict: {}", view.decision.verdict.word())
    }
}
