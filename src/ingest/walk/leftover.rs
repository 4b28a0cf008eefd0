/*! Files of this program itself, in a folder that is read: the lock of a run, and what a run that was stopped left. */

use std::fs;
use std::path::Path;

/// Made when a run begins to write into a folder; has no bytes.
const LOCK: &str = ".lock";

/// A folder with one of these files is a bundle of this program. The second is there while its files are renamed.
const BUNDLE_FILES: [&str; 2] = ["bundle.json", ".bundle.json.next"];

/// What a bundle consists of, besides its reports.
const PARTS: [&str; 10] = [
    "bundle.json",
    "plan.toml",
    "evidence.parquet",
    "inputs.parquet",
    "coverage.parquet",
    "presence.parquet",
    "rejects.parquet",
    "links.parquet",
    "parts.parquet",
    "params.parquet",
];

/// The two files of a part of `holdover scan`, after 64 hexadecimal digits.
const PART_ENDINGS: [&str; 2] = [".rows.parquet", ".account.json"];

/// Whether the file belongs to a part of `holdover scan`: its rows are evidence of an export, and no export.
pub(super) fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let key = PART_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    key.is_some_and(|key| key.len() == 64 && key.bytes().all(is_hex))
}

/// Whether the folder is a bundle, complete or not.
pub(super) fn is_bundle(folder: &Path) -> bool {
    BUNDLE_FILES.iter().any(|name| folder.join(name).is_file())
}

/// Whether a run of this program left the file, so that it is no export.
pub(super) fn is_leftover(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    if name == LOCK {
        return is_lock(path);
    }
    let written = name.strip_prefix('.').and_then(|name| name.strip_suffix(".partial"));
    let is_ours = |name: &str| PARTS.contains(&name) || name.starts_with("report.");
    written.is_some_and(is_ours) && path.parent().is_some_and(|folder| is_lock(&folder.join(LOCK)))
}

fn is_lock(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == 0)
}
