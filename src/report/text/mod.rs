/*! The report as text for people: the verdict first and last, and between them what it rests on. */

mod advice;
mod changes;
mod course;
mod during;
mod evidence;
mod findings;
mod head;
mod layout;
mod ledger;
mod next;
mod page;
mod screen;
mod sources;
mod undeclared;
mod unread;
mod who;
mod why_ready;

use std::io::{self, Write};

pub use advice::advice;
pub use changes::changes;
pub use during::during;
pub use who::who;

use super::{Depth, Format, TextOptions, View};

/// Lines of at most the asked width. A line never begins with text of a log.
pub struct TextReport;

impl Format for TextReport {
    fn name(&self) -> &'static str {
        "text"
    }

    fn file_name(&self) -> &'static str {
        "report.txt"
    }

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let mut page = page::TextPage::new(options);
        let verdict = view.decision.verdict.word();
        if options.depth == Depth::Screen {
            screen::write(&mut page, view);
            return write!(out, "{}\nverdict: {verdict}\n", page.into_text());
        }
        let mut printed = evidence::Printed::default();
        head::write(&mut page, view);
        ledger::write(&mut page, view);
        course::write(&mut page, view);
        findings::write(&mut page, view, &mut printed);
        next::write(&mut page, view);
        undeclared::write(&mut page, view);
        evidence::write_rest(&mut page, view, &mut printed);
        sources::write(&mut page, view);
        write!(out, "{}\nverdict: {verdict}\n", page.into_text())
    }
}
