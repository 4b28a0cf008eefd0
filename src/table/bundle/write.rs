/*! Writing a bundle, so that it is never a mix of two runs. */

use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::super::bundle_tables::BundleTable;
use super::error::{BundleError, io_error};
use super::folder::{entry, is_taken, manifest_text, partial, refuse_links};
use super::manifest::{MANIFEST, Manifest, NEXT};

/// The content of a file that is about to be written.
#[derive(Debug)]
pub enum Content<'a> {
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// A table, as Parquet.
    Table(&'a BundleTable<'a>),
}

/// Writes a bundle and fills in `manifest.files`. If the program is stopped meanwhile, the folder holds the old
/// bundle, or all that `complete` needs for the new one.
///
/// # Panics
/// Never: the fields of a manifest are strings and numbers, which JSON can hold.
pub fn write(
    folder: &Path,
    mut manifest: Manifest,
    files: &[(&str, Content<'_>)],
) -> Result<(), BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    refuse_links(folder)?;
    complete(folder)?;
    manifest.files.clear();
    for (name, content) in files {
        let partial = partial(folder, name);
        let written = write_partial(&partial, content);
        if written.is_err() {
            let _removed = fs::remove_file(&partial);
        }
        written?;
        manifest.files.push(entry(&partial, name)?);
    }
    let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest of strings and numbers");
    text.push(b'\n');
    let partial = partial(folder, MANIFEST);
    write_partial(&partial, &Content::Bytes(&text))?;
    rename(&partial, &folder.join(NEXT))?;
    complete(folder)
}

fn rename(from: &Path, to: &Path) -> Result<(), BundleError> {
    fs::rename(from, to).map_err(|source| io_error("rename to", to, source))
}

/// Renames the files of a complete bundle from their temporary names, the manifest last. Only a run that holds the
/// lock does it: if one was stopped, the next completes its work. Every file is checked before the first is renamed.
pub fn complete(folder: &Path) -> Result<(), BundleError> {
    let next = folder.join(NEXT);
    let Some(text) = manifest_text(&next)? else { return Ok(()) };
    let manifest = Manifest::parse(folder, &text)?;
    let before = manifest_text(&folder.join(MANIFEST))?;
    let before = before.and_then(|text| Manifest::parse(folder, &text).ok());
    for file in &manifest.files {
        let (partial, named) = (partial(folder, &file.name), folder.join(&file.name));
        let written = if is_taken(&partial) { partial } else { named };
        if entry(&written, &file.name)? != *file {
            let why = format!("`{}` is not the file that was written", file.name);
            return Err(BundleError::NotABundle { path: folder.to_owned(), why });
        }
    }
    for file in &manifest.files {
        let partial = partial(folder, &file.name);
        if is_taken(&partial) {
            rename(&partial, &folder.join(&file.name))?;
        }
    }
    // A file that only the earlier bundle listed would look like one of this bundle.
    for stale in before.into_iter().flat_map(|before| before.files) {
        let path = folder.join(&stale.name);
        if !manifest.lists(&stale.name) && is_taken(&path) {
            fs::remove_file(&path).map_err(|source| io_error("remove", &path, source))?;
        }
    }
    rename(&next, &folder.join(MANIFEST))
}

/// Writes a new file. What a stopped run left under its name is removed first, so that no link is followed.
fn write_partial(partial: &Path, content: &Content<'_>) -> Result<(), BundleError> {
    let fail = |what, source| io_error(what, partial, source);
    if is_taken(partial) {
        fs::remove_file(partial).map_err(|source| fail("remove", source))?;
    }
    let file = OpenOptions::new().write(true).create_new(true).open(partial);
    let mut out = BufWriter::new(file.map_err(|source| fail("create", source))?);
    match content {
        Content::Bytes(bytes) => out.write_all(bytes).map_err(|source| fail("write", source))?,
        Content::Table(table) => table
            .write(&mut out)
            .map_err(|source| BundleError::Table { name: table.name.to_owned(), source })?,
    }
    let file = out.into_inner().map_err(|error| fail("write", error.into_error()))?;
    file.sync_all().map_err(|source| fail("sync", source))
}
