/*! The folder a run leaves. Each file is written beside its name and synced; when all are there, the new manifest says so, and
 * only then they get their names. A run that is stopped leaves the old bundle or the new one, never a mix. A folder without
 * a manifest, or whose digests differ, is no bundle.
 */

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::EVIDENCE_SCHEMA;
use super::engine::{self, Engine, EngineError};
use super::grid::Grid;
use super::parts::{self, CachedScan, PartsError};
use crate::model::hex;

/// The schema of the manifest.
pub const BUNDLE_SCHEMA: &str = "holdover.bundle/1";
const MANIFEST: &str = "bundle.json";
/// The manifest of a bundle that is written whole, while its files get their names.
const NEXT: &str = ".bundle.json.next";
const LOCK: &str = ".lock";

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
    /// Another run writes it.
    #[error("`{}` is being written by another run", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// Its parts cannot be read.
    #[error("cannot read the parts in `{}`", path.display())]
    Parts {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: PartsError,
    },
    /// The folder is none.
    #[error("`{}` is no bundle: {why}", path.display())]
    None {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A table could not be written or read.
    #[error("cannot write or read table `{name}`")]
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
    let is_left = |name: &str| name.starts_with('.') && name.ends_with(".partial") || name == LOCK;
    let is_foreign = entries
        .any(|entry| entry.is_ok_and(|entry| !is_left(&entry.file_name().to_string_lossy())));
    // A run that was stopped leaves tables and no manifest: these are ours too.
    let own = [MANIFEST, NEXT, "evidence.parquet"];
    let is_ours = own.iter().any(|name| folder.join(name).is_file());
    if is_foreign && !is_ours { Err(foreign()) } else { Ok(()) }
}

/// Does a bundle stand there, written whole or not?
pub fn is_there(folder: &Path) -> bool {
    [MANIFEST, NEXT].iter().any(|name| folder.join(name).is_file())
}

/// Writes a bundle; `manifest.files` is filled in here. Whenever it stops, the folder holds the old bundle or the new one.
///
/// # Panics
/// Never: a manifest has plain fields, which JSON can hold.
pub fn write(
    folder: &Path,
    mut manifest: Manifest,
    files: &[(&str, Content<'_>)],
) -> Result<(), BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    finish(folder)?;
    manifest.files.clear();
    for (name, content) in files {
        let beside = beside(folder, name);
        let written = put_beside(&beside, name, content);
        if written.is_err() {
            let _gone = fs::remove_file(&beside);
        }
        written?;
        manifest.files.push(entry(&beside, name)?);
    }
    let mut text = serde_json::to_vec_pretty(&manifest).expect("a manifest has plain fields");
    text.push(b'\n');
    let beside = beside(folder, MANIFEST);
    put_beside(&beside, MANIFEST, &Content::Bytes(&text))?;
    rename(&beside, &folder.join(NEXT))?;
    finish(folder)
}

/// Where a file is written before it has its name.
fn beside(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.partial"))
}

fn rename(from: &Path, to: &Path) -> Result<(), BundleError> {
    fs::rename(from, to).map_err(|source| io_error("rename to", to, source))
}

/// Gives the files of a bundle that was written whole their names, the manifest last. If a run was stopped at that, the
/// next one ends it.
fn finish(folder: &Path) -> Result<(), BundleError> {
    let next = folder.join(NEXT);
    let text = match fs::read(&next) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(io_error("read", &next, source)),
    };
    let why = |error: serde_json::Error| BundleError::None {
        path: folder.to_owned(),
        why: format!("`{NEXT}` is none of its manifests: {error}"),
    };
    let manifest: Manifest = serde_json::from_slice(&text).map_err(why)?;
    for file in &manifest.files {
        let beside = beside(folder, &file.name);
        if beside.exists() {
            rename(&beside, &folder.join(&file.name))?;
        }
    }
    // What an earlier bundle held and this one does not would be taken for its own.
    let before = fs::read(folder.join(MANIFEST)).ok();
    let before: Option<Manifest> = before.and_then(|text| serde_json::from_slice(&text).ok());
    for stale in before.into_iter().flat_map(|before| before.files) {
        let path = folder.join(&stale.name);
        let is_plain = !stale.name.contains(['/', '\\']);
        if is_plain && !manifest.files.iter().any(|file| file.name == stale.name) && path.exists() {
            fs::remove_file(&path).map_err(|source| io_error("remove", &path, source))?;
        }
    }
    rename(&next, &folder.join(MANIFEST))
}

/// Keeps others from writing a bundle as long as it is held.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "it is let go of when it is dropped")] File);

/// Claims a folder for one run: two that read the same bundle and write it would each lose what the other added.
pub fn lock(folder: &Path) -> Result<Lock, BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(|source| io_error("create", &path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(BundleError::Busy { path: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(io_error("lock", &path, source)),
    }
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

fn entry(path: &Path, name: &str) -> Result<FileEntry, BundleError> {
    let mut file = File::open(path).map_err(|source| io_error("read", path, source))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|source| io_error("read", path, source))?;
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
        finish(folder)?;
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
            if file.name.contains(['/', '\\'])
                || entry(&folder.join(&file.name), &file.name)? != *file
            {
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

    /// What each input gave; none where the bundle holds no parts.
    pub fn parts(&self) -> Result<Option<Vec<CachedScan>>, BundleError> {
        let Some((_, path)) = self.tables().find(|(name, _)| *name == parts::PARTS) else {
            return Ok(None);
        };
        let table = |source| BundleError::Table { name: parts::PARTS.to_owned(), source };
        let mut engine = Engine::default();
        engine.register_file(parts::PARTS, &path).map_err(table)?;
        let lines = engine.run("SELECT line FROM parts ORDER BY position").map_err(table)?;
        let failed = |source| BundleError::Parts { path: self.folder.clone(), source };
        parts::read(&lines).map(Some).map_err(failed)
    }
}
