/*! The folder a run leaves. Each file is written beside its name, synced and renamed; the manifest goes first out and last in,
 * so whoever finds a manifest finds all that it names. A folder without one, or whose digests differ, is no bundle.
 */

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::EVIDENCE_SCHEMA;
use super::engine::{self, EngineError};
use super::grid::Grid;
use crate::model::hex;

/// The schema of the manifest.
pub const BUNDLE_SCHEMA: &str = "holdover.bundle/1";
const MANIFEST: &str = "bundle.json";

/// Why a bundle could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file could not be written or read.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The folder holds other things.
    #[error("`{}` holds files that are no bundle; name a new or empty folder", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is none.
    #[error("`{}` is no bundle: {why}", path.display())]
    None {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A table could not be written.
    #[error("cannot write table `{name}`")]
    Table {
        /// The table.
        name: String,
        /// The cause.
        source: EngineError,
    },
}

/// What the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `holdover.bundle/1`.
    pub schema: String,
    /// The version of the program.
    pub tool: String,
    /// The schema of the evidence table.
    pub evidence_schema: String,
    /// SHA-256 of the plan as given.
    pub plan_sha256: String,
    /// The instants that queries ask for, in microseconds since 1970.
    pub params: Params,
    /// Every other file.
    pub files: Vec<FileEntry>,
}

/// The one row of the table `params`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// When the new version became valid.
    pub t0_us: i64,
    /// The instant the report speaks of.
    pub as_of_us: i64,
    /// The start of the window.
    pub window_from_us: i64,
    /// When the old version was revoked; the end of time where it was not.
    pub revoked_us: i64,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// What a file of a bundle holds.
#[derive(Debug)]
pub enum Content<'a> {
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// A table under a schema, as Parquet.
    Table(&'a Grid, &'a str),
}

/// A bundle on disk.
#[derive(Debug)]
pub struct Bundle {
    folder: PathBuf,
    /// What its manifest says.
    pub manifest: Manifest,
}

/// Checks that a bundle may stand there: the folder is new, empty, or holds a bundle, and can be written to.
pub fn may_write(folder: &Path) -> Result<(), BundleError> {
    let foreign = || BundleError::Foreign { path: folder.to_owned() };
    if folder.exists() && !folder.is_dir() {
        return Err(foreign());
    }
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let mut entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter();
    let is_left = |name: &str| name.starts_with('.') && name.ends_with(".partial");
    let is_foreign = entries
        .any(|entry| entry.is_ok_and(|entry| !is_left(&entry.file_name().to_string_lossy())));
    // A run that was stopped leaves tables and no manifest: these are ours too.
    let is_ours = folder.join(MANIFEST).is_file() || folder.join("evidence.parquet").is_file();
    if is_foreign && !is_ours { Err(foreign()) } else { Ok(()) }
}

/// Writes a bundle; `manifest.files` is filled in here.
///
/// # Panics
/// Never: a manifest has plain fields, which JSON can hold.
pub fn write(
    folder: &Path,
    mut manifest: Manifest,
    files: &[(&str, Content<'_>)],
) -> Result<(), BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let at = folder.join(MANIFEST);
    let reports = files.iter().map(|(name, _)| *name).filter(|name| name.starts_with("report."));
    for stale in reports.chain([MANIFEST]).map(|name| folder.join(name)) {
        if stale.exists() {
            fs::remove_file(&stale).map_err(|source| io_error("replace", &stale, source))?;
        }
    }
    manifest.files.clear();
    for (name, content) in files {
        put(&folder.join(name), name, content)?;
        manifest.files.push(entry(folder, name)?);
    }
    let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest has plain fields");
    text.push(b'\n');
    put(&at, MANIFEST, &Content::Bytes(&text))
}

fn put(path: &Path, name: &str, content: &Content<'_>) -> Result<(), BundleError> {
    let beside = path.with_file_name(format!(".{name}.partial"));
    let written = put_beside(&beside, name, content);
    if written.is_err() {
        let _gone = fs::remove_file(&beside);
    }
    written?;
    fs::rename(&beside, path).map_err(|source| io_error("rename to", path, source))
}

fn put_beside(beside: &Path, name: &str, content: &Content<'_>) -> Result<(), BundleError> {
    let fail = |what, source| io_error(what, beside, source);
    let file = File::create(beside).map_err(|source| fail("create", source))?;
    let mut out = BufWriter::new(file);
    match content {
        Content::Bytes(bytes) => out.write_all(bytes).map_err(|source| fail("write", source))?,
        Content::Table(grid, schema) => engine::write_parquet(grid, schema, &mut out)
            .map_err(|source| BundleError::Table { name: name.to_owned(), source })?,
    }
    let file = out.into_inner().map_err(|error| fail("write", error.into_error()))?;
    file.sync_all().map_err(|source| fail("sync", source))
}

fn entry(folder: &Path, name: &str) -> Result<FileEntry, BundleError> {
    let path = folder.join(name);
    let mut file = File::open(&path).map_err(|source| io_error("read", &path, source))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|source| io_error("read", &path, source))?;
        if read == 0 {
            break;
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok(FileEntry { name: name.to_owned(), bytes, sha256: hex(&digest.finalize()) })
}

fn io_error(what: &'static str, path: &Path, source: io::Error) -> BundleError {
    BundleError::Io { what, path: path.to_owned(), source }
}

impl Bundle {
    /// Opens a bundle and checks that it is whole.
    pub fn open(folder: &Path) -> Result<Self, BundleError> {
        let none = |why: String| BundleError::None { path: folder.to_owned(), why };
        let path = folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(none(format!("it has no `{MANIFEST}`")));
            }
            Err(source) => return Err(io_error("read", &path, source)),
        };
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|error| none(error.to_string()))?;
        if manifest.schema != BUNDLE_SCHEMA {
            return Err(none(format!(
                "expected schema `{BUNDLE_SCHEMA}`, found `{}`",
                manifest.schema
            )));
        }
        if manifest.evidence_schema != EVIDENCE_SCHEMA {
            return Err(none(format!(
                "expected evidence of schema `{EVIDENCE_SCHEMA}`, found `{}`",
                manifest.evidence_schema
            )));
        }
        if !manifest.files.iter().any(|file| file.name == "evidence.parquet") {
            return Err(none("it lists no `evidence.parquet`".to_owned()));
        }
        for file in &manifest.files {
            if file.name.contains(['/', '\\']) || entry(folder, &file.name)? != *file {
                return Err(none(format!("`{}` is not the file that was written", file.name)));
            }
        }
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// The tables of the bundle: name and file.
    pub fn tables(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        let names = self.manifest.files.iter().map(|file| file.name.as_str());
        names.filter_map(|name| Some((name.strip_suffix(".parquet")?, self.folder.join(name))))
    }

    /// The bytes of one of its files.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, BundleError> {
        let path = self.folder.join(name);
        if !self.manifest.files.iter().any(|file| file.name == name) {
            let why = format!("it holds no `{name}`");
            return Err(BundleError::None { path: self.folder.clone(), why });
        }
        fs::read(&path).map_err(|source| io_error("read", &path, source))
    }
}
