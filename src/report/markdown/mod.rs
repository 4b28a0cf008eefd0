/*! The report as Markdown: for pull requests, tickets and the summaries of CI steps. One screen comes first; the rest
 * is folded.
 */

mod findings;
mod first;
mod ledger;
mod next;
mod page;

use std::io::{self, Write};

use super::{Format, TextOptions, View};
use page::Page;

/// Markdown as GitHub and GitLab render it.
pub struct MarkdownReport;

impl Format for MarkdownReport {
    fn name(&self) -> &'static str {
        "md"
    }

    fn file_name(&self) -> &'static str {
        "report.md"
    }

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let page = Page { view, zone: options.zone };
        first::write(&page, out)?;
        first::terms(&page, out)?;
        ledger::write(&page, out)?;
        ledger::revoked(&page, out)?;
        findings::write(&page, options.all_evidence, out)?;
        next::missing(&page, out)?;
        next::containment(&page, out)?;
        next::checklist(view, out)?;
        next::accounting(view, out)
    }
}
