/*! Which inputs are there? Every path becomes inputs, and what cannot be read is listed too. */

mod glob;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::model::place::InputId;

use super::trouble::words;

/// The file that makes a folder a bundle of this program.
const BUNDLE_FILE: &str = "bundle.json";

/// Where the bytes of an input come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// A file.
    File(PathBuf),
    /// Standard input, given as `-`.
    Stdin,
}

/// One input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its number in the sorted list.
    pub id: InputId,
    /// Its path as given; bytes that are no UTF-8 are shown as `\xNN`.
    pub path: String,
    /// Where its bytes come from.
    pub source: Locator,
    /// Its size as stored; 0 where that is not known.
    pub bytes: u64,
    /// Why it cannot be read, if it cannot.
    pub trouble: Option<String>,
}

/// All inputs under the paths, sorted by path; the order of the paths does not matter.
pub fn walk(paths: &[String]) -> Vec<Input> {
    let mut found = Found::default();
    for path in paths {
        if path == "-" {
            found.add(Locator::Stdin, String::from("-"), false);
        } else if Path::new(path).symlink_metadata().is_ok() || !glob::is_pattern(path) {
            add_root(Path::new(path), &mut found);
        } else {
            glob::add_matches(path, &mut found);
        }
    }
    found.into_inputs()
}

/// Adds what the user named, whatever it is.
fn add_root(path: &Path, found: &mut Found) {
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => add_folder(path, found),
        Ok(meta) => add_file(path, meta.file_type(), false, found),
        Err(error) => found.trouble(path, words(&error)),
    }
}

/// Adds every file below a folder: hidden ones, ignored ones, of any name.
fn add_folder(root: &Path, found: &mut Found) {
    let before = found.met;
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let mut entries = WalkDir::new(root).into_iter();
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => {
                add_link(&entry, &real_root, found);
            }
            Ok(entry) if is_folder(&entry) => {
                if entry.path().join(BUNDLE_FILE).is_file() {
                    found.trouble(entry.path(), "a holdover bundle, not an export");
                    entries.skip_current_dir();
                }
            }
            Ok(entry) => add_file(entry.path(), entry.file_type(), false, found),
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), words);
                found.trouble(error.path().unwrap_or(root), format!("cannot be listed: {why}"));
            }
        }
    }
    if found.met == before {
        found.trouble(root, "a folder without files");
    }
}

/// A root that is a link to a folder is walked as the folder.
fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_dir() || entry.depth() == 0
}

/// A link inside of the folder it leads to adds nothing that is not walked anyway; one that leads out is not followed.
fn add_link(entry: &DirEntry, real_root: &Path, found: &mut Found) {
    let path = entry.path();
    match (fs::canonicalize(path), fs::metadata(path)) {
        (Ok(target), Ok(_)) if !target.starts_with(real_root) => {
            found.trouble(path, "a link that leads out of the folder; name its target to read it");
        }
        (Ok(_), Ok(meta)) if meta.is_dir() => {}
        (Ok(_), Ok(meta)) => add_file(path, meta.file_type(), true, found),
        (Err(error), _) | (_, Err(error)) => {
            found.trouble(path, format!("a link that leads nowhere: {}", words(&error)));
        }
    }
}

fn add_file(path: &Path, file_type: FileType, is_link: bool, found: &mut Found) {
    if file_type.is_file() {
        found.add(Locator::File(path.to_owned()), printed(path), is_link);
    } else {
        found.trouble(path, format!("{}, not a file", kind(file_type)));
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

/// What was found, each thing once whatever the paths by which it was reached.
#[derive(Default)]
struct Found {
    /// By what it really is: the best way it was reached.
    inputs: BTreeMap<Identity, Reached>,
    /// How often anything was reached.
    met: u64,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Stdin,
    File(PathBuf),
    Trouble(PathBuf),
}

/// Of two ways to one file the one without a link is better, then the smaller path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Reached {
    is_link: bool,
    path: String,
    source: Locator,
    trouble: Option<String>,
}

impl Found {
    fn add(&mut self, source: Locator, path: String, is_link: bool) {
        let identity = match &source {
            Locator::Stdin => Identity::Stdin,
            Locator::File(file) => {
                Identity::File(fs::canonicalize(file).unwrap_or_else(|_| file.clone()))
            }
        };
        self.keep(identity, Reached { is_link, path, source, trouble: None });
    }

    fn trouble(&mut self, path: &Path, trouble: impl Into<String>) {
        let source = Locator::File(path.to_owned());
        let trouble = Some(trouble.into());
        let reached = Reached { is_link: false, path: printed(path), source, trouble };
        self.keep(Identity::Trouble(path.to_owned()), reached);
    }

    fn keep(&mut self, identity: Identity, reached: Reached) {
        self.met += 1;
        match self.inputs.get_mut(&identity) {
            Some(kept) if *kept <= reached => {}
            Some(kept) => *kept = reached,
            None => {
                self.inputs.insert(identity, reached);
            }
        }
    }

    fn into_inputs(self) -> Vec<Input> {
        let mut all: Vec<Reached> = self.inputs.into_values().collect();
        all.sort_by(|one, two| (&one.path, &one.source).cmp(&(&two.path, &two.source)));
        let numbered = (0_u32..).zip(all);
        numbered
            .map(|(id, reached)| {
                let bytes = match (&reached.source, &reached.trouble) {
                    (Locator::File(file), None) => fs::metadata(file).map_or(0, |meta| meta.len()),
                    (Locator::File(_) | Locator::Stdin, _) => 0,
                };
                let Reached { path, source, trouble, .. } = reached;
                Input { id: InputId(id), path, source, bytes, trouble }
            })
            .collect()
    }
}

/// A path as text: what is no UTF-8 byte by byte as `\xNN`.
fn printed(path: &Path) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
