/*! Two reports side by side. */

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::diff::{self, Report};
use crate::limits::REPORT_BYTES;
use crate::model::changes::Changes;

use super::Error;

/// Reads both and compares them.
pub fn diff(before: &Path, after: &Path) -> Result<Changes, Error> {
    let (before, after) = (report(before)?, report(after)?);
    Ok(diff::compare(&before, &after)?)
}

fn report(path: &Path) -> Result<Report, Error> {
    let shown = || path.display().to_string();
    let unread = |source| Error::FileUnread { path: shown(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unread)?;
    file.take(REPORT_BYTES + 1).read_to_end(&mut bytes).map_err(unread)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > REPORT_BYTES) {
        return Err(Error::TooLarge { path: shown(), most: REPORT_BYTES >> 20 });
    }
    let text = String::from_utf8(bytes).map_err(|_| Error::FileNotText { path: shown() })?;
    diff::read(&text).map_err(|source| Error::NoReport { path: shown(), source })
}
