/*! The folder that a run leaves.
 *
 * Each file is first written and synced under a temporary name. When all are complete, the new manifest is put in
 * place, and only then are the files renamed. A run that is stopped leaves the old bundle or the new one, never a
 * mix. A folder without a manifest, or with a file whose digest differs, is refused.
 */

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::bundle_tables::BundleTable;
use super::engine::{self, Engine};
use super::engine_error::EngineError;
use super::evidence::EVIDENCE_SCHEMA;
use super::parts::{self, CachedScan, PartsError};
use crate::model::hex;

/// The schema of the manifest.
pub const BUNDLE_SCHEMA: &str = "holdover.bundle/1";
const MANIFEST: &str = "bundle.json";
/// The manifest of a bundle that is complete, while its files are still being renamed.
const NEXT: &str = ".bundle.json.next";
const LOCK: &str = ".lock";

/// Why a bundle could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file could not be written or read.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// What was tried: `read`, `rename to`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The folder holds files that holdover did not write.
    #[error("`{}` holds other files and is not a bundle; name a new or empty folder", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// Another run is writing to the folder.
    #[error("`{}` is being written by another run", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The scans in the bundle cannot be read back.
    #[error("cannot read the scans in `{}`", path.display())]
    Parts {
        /// The folder.
        path: PathBuf,
        /// Why it failed.
        source: PartsError,
    },
    /// The folder is not a bundle, or not one that this version reads.
    #[error("`{}` is not a bundle: {why}", path.display())]
    NotABundle {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A table could not be written or read.
    #[error("cannot write or read the table `{name}`")]
    Table {
        /// The name of the table.
        name: String,
        /// Why it failed.
        source: EngineError,
    },
}

/// The manifest, `bundle.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `holdover.bundle/1`.
    pub schema: String,
    /// The version of holdover that wrote the bundle.
    pub tool: String,
    /// The schema of the evidence table.
    pub evidence_schema: String,
    /// SHA-256 of the plan's text.
    pub plan_sha256: String,
    /// The instants that queries ask for, in microseconds since 1970.
    pub params: Params,
    /// Every file but the manifest.
    pub files: Vec<FileEntry>,
}

/// The one row of the table `params`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// When the new version became valid.
    pub t0_us: i64,
    /// The instant of which the report judges.
    pub as_of_us: i64,
    /// The start of the window.
    pub window_from_us: i64,
    /// When the old version was revoked; the largest number if it was not.
    pub revoked_us: i64,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// The name, without a folder.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

/// The content of a file that is about to be written.
#[derive(Debug)]
pub enum Content<'a> {
    /// Bytes as they are.
    Bytes(&'a [u8]),
    /// A table, as Parquet.
    Table(&'a BundleTable),
}

/// A bundle on disk.
#[derive(Debug)]
pub struct Bundle {
    folder: PathBuf,
    /// The manifest, checked against the files.
    pub manifest: Manifest,
}

/// Checks that a bundle may be written: the folder is new, empty, or holds a bundle, and can be written to.
pub fn may_write(folder: &Path) -> Result<(), BundleError> {
    let foreign = || BundleError::Foreign { path: folder.to_owned() };
    if folder.exists() && !folder.is_dir() {
        return Err(foreign());
    }
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let mut entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter();
    let is_leftover =
        |name: &str| name.starts_with('.') && name.ends_with(".partial") || name == LOCK;
    let is_foreign = entries
        .any(|entry| entry.is_ok_and(|entry| !is_leftover(&entry.file_name().to_string_lossy())));
    // A run that was stopped leaves tables without a manifest: these are ours too.
    let ours = [MANIFEST, NEXT, "evidence.parquet"];
    let is_ours = ours.iter().any(|name| folder.join(name).is_file());
    if is_foreign && !is_ours { Err(foreign()) } else { Ok(()) }
}

/// Does the folder hold a bundle, complete or not?
pub fn is_there(folder: &Path) -> bool {
    [MANIFEST, NEXT].iter().any(|name| folder.join(name).is_file())
}

/// Writes a bundle and fills in `manifest.files`. If the program is stopped meanwhile, the folder holds the old
/// bundle or the new one.
///
/// # Panics
/// Never: the fields of a manifest are strings and numbers, which JSON can hold.
pub fn write(
    folder: &Path,
    mut manifest: Manifest,
    files: &[(&str, Content<'_>)],
) -> Result<(), BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    finish(folder)?;
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
    finish(folder)
}

/// The temporary name under which a file is written.
fn partial(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.partial"))
}

fn rename(from: &Path, to: &Path) -> Result<(), BundleError> {
    fs::rename(from, to).map_err(|source| io_error("rename to", to, source))
}

/// Renames the files of a complete bundle from their temporary names, the manifest last. If a run was stopped while
/// it did, the next run completes it.
fn finish(folder: &Path) -> Result<(), BundleError> {
    let next = folder.join(NEXT);
    let text = match fs::read(&next) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(io_error("read", &next, source)),
    };
    let why = |error: serde_json::Error| BundleError::NotABundle {
        path: folder.to_owned(),
        why: format!("`{NEXT}` is not a manifest: {error}"),
    };
    let manifest: Manifest = serde_json::from_slice(&text).map_err(why)?;
    for file in &manifest.files {
        let partial = partial(folder, &file.name);
        if partial.exists() {
            rename(&partial, &folder.join(&file.name))?;
        }
    }
    // A file that only the earlier bundle listed would look like one of this bundle.
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

/// Keeps other runs from writing to a bundle until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "dropping the file releases the lock")] File);

/// Claims a folder for one run. Two runs that add to the same bundle would each lose what the other added.
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

fn write_partial(partial: &Path, content: &Content<'_>) -> Result<(), BundleError> {
    let fail = |what, source| io_error(what, partial, source);
    let file = File::create(partial).map_err(|source| fail("create", source))?;
    let mut out = BufWriter::new(file);
    match content {
        Content::Bytes(bytes) => out.write_all(bytes).map_err(|source| fail("write", source))?,
        Content::Table(BundleTable { name, schema, table }) => {
            engine::write_parquet(table, schema, &mut out)
                .map_err(|source| BundleError::Table { name: (*name).to_owned(), source })?;
        }
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
    /// Opens a bundle and checks that each file is the one that was written.
    pub fn open(folder: &Path) -> Result<Self, BundleError> {
        let refuse = |why: String| BundleError::NotABundle { path: folder.to_owned(), why };
        finish(folder)?;
        let path = folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refuse(format!("it has no `{MANIFEST}`")));
            }
            Err(source) => return Err(io_error("read", &path, source)),
        };
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|error| refuse(error.to_string()))?;
        if manifest.schema != BUNDLE_SCHEMA {
            return Err(refuse(format!(
                "expected schema `{BUNDLE_SCHEMA}`, found `{}`",
                manifest.schema
            )));
        }
        if manifest.evidence_schema != EVIDENCE_SCHEMA {
            return Err(refuse(format!(
                "expected evidence of schema `{EVIDENCE_SCHEMA}`, found `{}`",
                manifest.evidence_schema
            )));
        }
        if !manifest.files.iter().any(|file| file.name == "evidence.parquet") {
            return Err(refuse("it lists no `evidence.parquet`".to_owned()));
        }
        for file in &manifest.files {
            if file.name.contains(['/', '\\'])
                || entry(&folder.join(&file.name), &file.name)? != *file
            {
                return Err(refuse(format!("`{}` is not the file that was written", file.name)));
            }
        }
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Name and file of each table.
    pub fn tables(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        let names = self.manifest.files.iter().map(|file| file.name.as_str());
        names.filter_map(|name| Some((name.strip_suffix(".parquet")?, self.folder.join(name))))
    }

    /// The bytes of a file that the manifest lists.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, BundleError> {
        let path = self.folder.join(name);
        if !self.manifest.files.iter().any(|file| file.name == name) {
            let why = format!("it holds no `{name}`");
            return Err(BundleError::NotABundle { path: self.folder.clone(), why });
        }
        fs::read(&path).map_err(|source| io_error("read", &path, source))
    }

    /// The scans of the inputs; none if the bundle was written without them.
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
