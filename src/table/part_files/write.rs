/*! Writing a part: each file under a temporary name first, the account last. */

use std::borrow::Cow;
use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::super::engine;
use super::super::parts::{self, CachedScan};
use super::account::{AccountLine, PART_SCHEMA, RowsEntry, account_path, key, place, rows_path};
use super::error::{PartError, io_error};
use super::read::PartFile;
use crate::model::hex;

/// Writes a part and returns its key. A part that is there already and whole is left as it is.
///
/// # Panics
/// Never: an account holds strings and numbers, which JSON can hold.
pub fn write(folder: &Path, scan: &CachedScan) -> Result<String, PartError> {
    fs::create_dir_all(folder).map_err(|source| io_error("create", folder, source))?;
    let mut rows = Vec::new();
    engine::write_groups(parts::columns(), parts::rows(scan), PART_SCHEMA, &mut rows)
        .map_err(|source| PartError::Table { path: folder.to_owned(), source })?;
    let line = RawValue::from_string(parts::scan_line(scan)).expect("a line of JSON");
    let entry =
        RowsEntry { bytes: rows.len() as u64, sha256: hex(&Sha256::digest(rows.as_slice())) };
    let account =
        AccountLine { schema: Cow::Borrowed(PART_SCHEMA), rows: entry, scan: line.as_ref() };
    let mut account = serde_json::to_string(&account).expect("strings and numbers");
    account.push('\n');
    let (path, _) = scan.identity();
    let key = key(&place(&scan.wanted, path), &account);
    let is_whole = PartFile::open(folder, &key).is_ok_and(|part| part.is_whole());
    if !is_whole {
        put(&rows_path(folder, &key), &rows)?;
        put(&account_path(folder, &key), account.as_bytes())?;
    }
    Ok(key)
}

/// Writes a file under a name of its own, then gives it its name. Another process may do the same at the same time.
fn put(path: &Path, bytes: &[u8]) -> Result<(), PartError> {
    let fail = |what, source| io_error(what, path, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut named = tempfile::Builder::new();
    named.prefix(".part-").suffix(".partial");
    // Others may have to read what this one wrote.
    #[cfg(unix)]
    named.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = named.tempfile_in(folder).map_err(|source| fail("create", source))?;
    file.write_all(bytes).map_err(|source| fail("write", source))?;
    file.as_file().sync_all().map_err(|source| fail("sync", source))?;
    file.persist(path).map_err(|error| fail("rename to", error.error))?;
    Ok(())
}
