/*! Reading parts. Each file is checked against what was written, and the rows against their account. */

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::super::line_file::LineFile;
use super::super::parts::{self, CachedScan, PartsError};
use super::account::{
    AccountLine, PART_SCHEMA, RowsEntry, account_path, key, key_of, place, rows_path,
};
use super::error::{PartError, io_error};
use crate::model::hex;

/// A part whose account was read.
#[derive(Debug)]
pub struct PartFile {
    /// The name of its two files.
    pub key: String,
    /// The scan, without its rows.
    pub scan: CachedScan,
    folder: PathBuf,
    rows: RowsEntry,
    batches: usize,
}

/// The keys of all parts in a folder, sorted. Rows without an account are no part: their scan was stopped.
pub fn keys(folder: &Path) -> Result<Vec<String>, PartError> {
    let mut keys = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).max_depth(1) {
        let entry = entry.map_err(|error| io_error("list", folder, io::Error::other(error)))?;
        let key = entry.file_name().to_str().and_then(key_of);
        keys.extend(key.map(str::to_owned));
    }
    keys.sort();
    Ok(keys)
}

/// Does the folder hold parts?
pub fn is_there(folder: &Path) -> bool {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter();
    entries.flatten().any(|entry| entry.file_name().to_str().and_then(key_of).is_some())
}

/// The accounts of all parts in a folder.
pub fn accounts(folder: &Path) -> Result<Vec<PartFile>, PartError> {
    keys(folder)?.par_iter().map(|key| PartFile::open(folder, key)).collect()
}

impl PartFile {
    /// Reads an account.
    pub fn open(folder: &Path, name: &str) -> Result<Self, PartError> {
        let path = account_path(folder, name);
        let broken = |why| PartError::Broken { path: path.clone(), why };
        let text = read(&path)?.ok_or_else(|| broken("is missing"))?;
        let text = String::from_utf8(text).map_err(|_| broken("is not UTF-8"))?;
        let account: AccountLine<'_> = serde_json::from_str(&text)
            .map_err(|_| broken("is cut off, or not the file that was written"))?;
        if account.schema != PART_SCHEMA {
            let (found, expected) = (account.schema.into_owned(), PART_SCHEMA);
            return Err(PartError::Schema { path, found, expected });
        }
        let line = |source| PartError::Line { path: path.clone(), source };
        let (scan, batches) = parts::read_scan(account.scan.get()).map_err(line)?;
        let (input, _) = scan.identity();
        if key(&place(&scan.wanted, input), &text) != name {
            return Err(broken("is not the file that was written: its name is of another"));
        }
        let (folder, rows) = (folder.to_owned(), account.rows);
        Ok(Self { key: name.to_owned(), scan, folder, rows, batches })
    }

    /// Are the rows those that were written?
    fn check_rows(&self) -> Result<(), PartError> {
        let path = rows_path(&self.folder, &self.key);
        let broken = |why| PartError::Broken { path: path.clone(), why };
        let bytes = read(&path)?.ok_or_else(|| broken("is missing"))?;
        if bytes.len() as u64 != self.rows.bytes {
            return Err(broken("is cut off, or not the file that was written"));
        }
        if hex(&Sha256::digest(&bytes)) != self.rows.sha256 {
            return Err(broken("is not the file that was written"));
        }
        Ok(())
    }

    /// Are both of its files those that were written?
    pub fn is_whole(&self) -> bool {
        self.check_rows().is_ok()
    }

    /// Reads the rows, and checks that they are as many as the account says.
    pub fn with_rows(mut self) -> Result<CachedScan, PartError> {
        self.check_rows()?;
        let path = rows_path(&self.folder, &self.key);
        let table = |source| PartError::Table { path: path.clone(), source };
        let file = File::open(&path).map_err(|source| io_error("read", &path, source))?;
        let lines = LineFile::open(file).map_err(table)?;
        let line = |source: PartsError| PartError::Line { path: path.clone(), source };
        self.scan.batches = parts::read_rows(lines, self.batches).map_err(line)?;
        if !self.scan.is_balanced() {
            let why = "does not have the rows that its account counts";
            return Err(PartError::Broken { path, why });
        }
        Ok(self.scan)
    }
}

/// The bytes of a plain file; none if there is no file. A link is not followed.
fn read(path: &Path) -> Result<Option<Vec<u8>>, PartError> {
    let fail = |source| io_error("read", path, source);
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => fs::read(path).map(Some).map_err(fail),
        Ok(_) => Err(PartError::Broken { path: path.to_owned(), why: "is not a plain file" }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fail(error)),
    }
}
