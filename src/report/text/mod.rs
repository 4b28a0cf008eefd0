/*! The report as text for people: the verdict first and last, in between what it stands on. */

mod changes;
mod course;
mod evidence;
mod findings;
mod head;
mod layout;
mod ledger;
mod next;
mod page;
mod sources;
mod undeclared;

use std::io::{self, Write};

pub use changes::changes;

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

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let mut page = page::Page::new(options);
        let mut shown = evidence::Shown::default();
        head::write(&mut page, view);
        ledger::write(&mut page, view);
        course::write(&mut page, view);
        findings::write(&mut page, view, &mut shown);
        next::write(&mut page, view);
        undeclared::write(&mut page, view);
        evidence::write_rest(&mut page, view, &mut shown);
        sources::write(&mut page, view);
        let verdict = view.decision.verdict.word();
        write!(out, "{}\nverdict: {verdict}\n", page.into_text())
    }
}
