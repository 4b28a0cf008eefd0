/*! The folder of a bundle: what is in it is looked at without following links, and one run at a time writes to it. */

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::{BundleError, io_error};
use super::manifest::{FileEntry, MANIFEST, NEXT};
use crate::limits;
use crate::model::hex;

const LOCK: &str = ".lock";

/// The temporary name under which a file is written.
pub(super) fn partial(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.partial"))
}

/// Is there anything under this name, be it a link that leads nowhere?
pub(super) fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Does the folder hold a bundle, complete or not?
pub fn is_there(folder: &Path) -> bool {
    [MANIFEST, NEXT].iter().any(|name| is_taken(&folder.join(name)))
}

/// Checks that a bundle may be written: the folder is new, empty, or holds a bundle without links, and can be written
/// to.
pub fn may_write(folder: &Path) -> Result<(), BundleError> {
    let foreign = || BundleError::Foreign { path: folder.to_owned() };
    if folder.exists() && !folder.is_dir() {
        return Err(foreign());
    }
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    refuse_links(folder)?;
    let is_leftover =
        |name: &str| name.starts_with('.') && name.ends_with(".partial") || name == LOCK;
    let is_foreign = entries(folder)
        .any(|entry| entry.is_ok_and(|entry| !is_leftover(&entry.file_name().to_string_lossy())));
    // A run that was stopped leaves tables without a manifest: these are ours too.
    let ours = [MANIFEST, NEXT, "evidence.parquet"];
    let is_ours = ours.iter().any(|name| is_taken(&folder.join(name)));
    if is_foreign && !is_ours { Err(foreign()) } else { Ok(()) }
}

fn entries(folder: &Path) -> walkdir::IntoIter {
    walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter()
}

/// By a link in it, anybody who shares the folder could lead what is written to any file.
pub(super) fn refuse_links(folder: &Path) -> Result<(), BundleError> {
    let mut links = entries(folder).flatten().filter(walkdir::DirEntry::path_is_symlink);
    match links.next() {
        Some(link) => Err(BundleError::NotAFile { path: link.into_path() }),
        None => Ok(()),
    }
}

/// Opens a plain file for reading. A link is not followed, and a pipe is not waited for.
pub(super) fn open_file(path: &Path) -> Result<File, BundleError> {
    let fail = |source| io_error("read", path, source);
    if !fs::symlink_metadata(path).map_err(fail)?.is_file() {
        return Err(BundleError::NotAFile { path: path.to_owned() });
    }
    File::open(path).map_err(fail)
}

/// The text of a manifest; none if there is no file under its name.
pub(super) fn manifest_text(path: &Path) -> Result<Option<Vec<u8>>, BundleError> {
    if !is_taken(path) {
        return Ok(None);
    }
    let mut text = Vec::new();
    let read = open_file(path)?.take(limits::MANIFEST_BYTES).read_to_end(&mut text);
    read.map_err(|source| io_error("read", path, source))?;
    Ok(Some(text))
}

/// The entry of a file as it is on disk.
pub(super) fn entry(path: &Path, name: &str) -> Result<FileEntry, BundleError> {
    let mut file = open_file(path)?;
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

/// Keeps other runs from writing to a bundle until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "dropping the file releases the lock")] File);

/// Claims a folder for one run. Two runs that add to the same bundle would each lose what the other added.
pub fn lock(folder: &Path) -> Result<Lock, BundleError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let path = folder.join(LOCK);
    let file = lock_file(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(BundleError::Busy { path: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(io_error("lock", &path, source)),
    }
}

/// The file to lock: a new one, or that of an earlier run, whose bytes stay as they are.
fn lock_file(path: &Path) -> Result<File, BundleError> {
    let fail = |source| io_error("create", path, source);
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => return Ok(file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(fail(source)),
    }
    if !fs::symlink_metadata(path).map_err(fail)?.is_file() {
        return Err(BundleError::NotAFile { path: path.to_owned() });
    }
    OpenOptions::new().read(true).write(true).open(path).map_err(fail)
}
