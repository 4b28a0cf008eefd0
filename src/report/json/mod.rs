/*! The report as JSON, schema `holdover.report/1`: the contract that the other formats render too. */

mod advice;
mod course;
mod during;
mod fill;
mod holders;
mod masking;
mod next;
mod who;

use std::io::{self, Write};

pub use advice::advice;
pub use during::during;
pub use who::who;

use super::{Format, TextOptions, View};

/// Every key stands, unknown is null; two spaces; a newline at the end.
pub struct JsonReport;

impl Format for JsonReport {
    fn name(&self) -> &'static str {
        "json"
    }

    fn file_name(&self) -> &'static str {
        "report.json"
    }

    fn render(&self, view: &View<'_>, _: TextOptions, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &fill::report(view))?;
        out.write_all(b"\n")
    }
}
