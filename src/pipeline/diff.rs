/*! Two written reports, read and compared. */

use std::path::Path;

use crate::diff;
use crate::model::changes::Changes;

use super::error::Error;
use super::load::written_report;

/// Reads both reports and compares them.
pub fn diff(before: &Path, after: &Path) -> Result<Changes, Error> {
    let (before, after) = (written_report(before)?, written_report(after)?);
    Ok(diff::compare(&before, &after)?)
}
