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
    let (bundles, mut paths) = request.bundles();
    if !bundles.is_empty() {
        // What a bundle kept may still lie where it was.
        let known = report.decision.inputs.iter().map(|input| input.path.clone());
        paths.extend(known.filter(|path| path != "-"));
    }
    let found = walk(&paths);
    let files = Files::find(&report.decision.inputs, &found);
    Ok(request.pool()?.install(|| quote::reread(&files, places, extent)))
}
