/*! The raw records that a report cites, read again from the inputs. */

use crate::ingest::walk;
use crate::model::facts::Input;
use crate::model::record::Records;
use crate::quote::{self, Extent, Files};
use crate::report::View;

use super::error::Error;
use super::request::Request;

/// Reads each cited record again. Each input that holds one is read once more.
pub(super) fn records(
    view: &View<'_>,
    inputs: &[Input],
    request: &Request,
) -> Result<Records, Error> {
    let places = view.evidence.iter().filter_map(|cited| cited.place);
    let (folders, mut paths) = request.kept_folders();
    if !folders.is_empty() {
        // The inputs behind a bundle or parts may still lie where they were read.
        let recorded = inputs.iter().map(|input| input.path.clone());
        paths.extend(recorded.filter(|path| path != "-"));
    }
    let found = walk(&paths);
    let files = Files::find(inputs, &found);
    Ok(request.pool()?.install(|| quote::reread(&files, places, Extent::default())))
}
