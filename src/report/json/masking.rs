/*! Texts and paths as they leave for a report: masked. */

use crate::safe::{mask_file, mask_text};

pub(super) fn texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| masked(text)).collect()
}

/// Text of a log or the plan, masked.
pub(super) fn masked(text: &str) -> String {
    mask_text(text).into_owned()
}

/// A path, or a name made from one, masked.
pub(super) fn file(path: &str) -> String {
    mask_file(path).into_owned()
}
