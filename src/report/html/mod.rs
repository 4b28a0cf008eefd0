/*! The report as one HTML file that opens offline: the verdict first, then what is missing, the matrix, the timeline,
 * and each finding with its records.
 *
 * Templates escape all that they are given; before that, `texts` masks what looks secret and makes visible what would
 * hide. The page's policy permits its own script and style, by their digests, and nothing else.
 */

mod classes;
mod course;
mod entries;
mod findings;
mod first;
mod holders;
mod legend;
mod page;
mod plot;
mod rows;
mod sources;
mod texts;

use std::io::{self, Write};

use askama::Template;

use super::{Format, Needs, TextOptions, View};

use page::HtmlPage;

/// A single file that loads nothing.
pub struct HtmlReport;

impl Format for HtmlReport {
    fn name(&self) -> &'static str {
        "html"
    }

    fn file_name(&self) -> &'static str {
        "report.html"
    }

    fn needs(&self) -> Needs {
        Needs { readiness: true, records: true }
    }

    fn render(&self, view: &View<'_>, options: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let page = HtmlPage::new(&view.in_zone(options.zone));
        page.write_into(out).map_err(io::Error::other)
    }
}
