/*! Adds the files of a folder: links are followed only to files inside of it. */

use std::fs::{self, FileType};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use crate::ingest::trouble::words;

use super::inputs::{InputSet, Locator, printed};
use super::leftover::{is_bundle, is_leftover, is_part};

/// Adds the file or folder that the user named.
pub(super) fn add_root(path: &Path, inputs: &mut InputSet) {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => add_folder(path, inputs),
        Ok(meta) => add_file(path, meta.file_type(), false, inputs),
        Err(error) => inputs.trouble(path, words(&error)),
    }
}

/// Adds every file below a folder, hidden and ignored ones included.
fn add_folder(root: &Path, inputs: &mut InputSet) {
    let before = inputs.met;
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let mut entries = WalkDir::new(root).into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                add_link(entry.path(), &real_root, inputs);
            }
            Ok(entry) if is_folder(&entry) => {
                if entry.depth() > 0 && inputs.is_output(entry.path()) {
                    entries.skip_current_dir();
                } else if is_bundle(entry.path()) {
                    inputs.trouble(entry.path(), "a holdover bundle, not an export");
                    entries.skip_current_dir();
                }
            }
            Ok(entry) if is_leftover(entry.path()) => {}
            Ok(entry) => add_file(entry.path(), entry.file_type(), false, inputs),
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), words);
                inputs.trouble(error.path().unwrap_or(root), format!("cannot be listed: {why}"));
            }
        }
    }
    if inputs.met == before {
        inputs.trouble(root, "a folder without files");
    }
}

/// Whether to walk the entry. A root that is a link to a folder is walked as that folder.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() || entry.depth() == 0
}

/// Adds the target of a link. A link to a folder inside the root adds nothing new; a link that leads out is not
/// followed.
pub(super) fn add_link(path: &Path, real_root: &Path, inputs: &mut InputSet) {
    match (fs::canonicalize(path), fs::metadata(path)) {
        (Ok(target), Ok(_)) if inputs.is_written(&target) => {}
        (Ok(target), Ok(_)) if !target.starts_with(real_root) => {
            inputs.trouble(path, "a link that leads out of the folder; name its target to read it");
        }
        (Ok(_), Ok(meta)) if meta.is_dir() => {}
        (Ok(_), Ok(meta)) => add_file(path, meta.file_type(), true, inputs),
        (Err(error), _) | (_, Err(error)) => {
            inputs.trouble(path, format!("a link that leads nowhere: {}", words(&error)));
        }
    }
}

fn add_file(path: &Path, file_type: FileType, is_link: bool, inputs: &mut InputSet) {
    if is_part(path) {
        // One line for all parts of a folder.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        inputs.trouble(folder.unwrap_or(path), "parts of `holdover scan`, not an export");
    } else if file_type.is_file() {
        inputs.add(Locator::File(path.to_owned()), printed(path), is_link);
    } else {
        inputs.trouble(path, format!("{}, not a file", kind(file_type)));
    }
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_fifo() {
        "a pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(_file_type: FileType) -> &'static str {
    "a device"
}
