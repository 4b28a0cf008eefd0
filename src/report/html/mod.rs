/*! The report as one HTML file that opens offline: the verdict first, then what is missing, the matrix, the timeline, and each
 * finding with its records.
 *
 * Templates escape whatever they are given; before that, `shown` masks what looks secret and makes visible what would hide. The
 * page's policy lets in its own script and style, by their digests, and nothing else.
 */

mod course;
mod page;
mod plot;
mod rows;
mod shown;
mod sources;

use std::io::{self, Write};

use askama::Template;

use super::{Format, Needs, TextOptions, View};

use page::Page;

/// One file, nothing beside it.
pub struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn file_name(&self) -> &'static str {
        "report.html"
    }

    fn needs(&self) -> Needs {
        Needs { readiness: true, records: true }
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        let page = Page::new(view);
        page.write_into(out).map_err(io::Error::other)
    }
}
