/*! The raw records behind a report, read again. */

use crate::ingest::walk;
use crate::model::record::Records;
use crate::quote::{self, Extent, Files};
use crate::report::View;

use super::{Error, Report, Request};

/// Reads every record that a report cites again, from the inputs it was made of. Each cited input is read once more.
pub fn records(report: &Report, request: &Request, extent: Extent) -> Result<Records, Error> {
    let view = View::new(&report.decision, &report.quotes);
    let places = view.exhibits.iter().filter_map(|exhibit| exhibit.place);
    let found = walk(&request.paths);
    let files = Files::find(&report.decision.inputs, &found);
    Ok(request.pool()?.install(|| quote::reread(&files, places, extent)))
}
