/*! The account of a part, and the names that follow from it. */

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::model::hex;

/// The schema of an account. That of the scan in it is part of the digest of what is wanted.
pub(super) const PART_SCHEMA: &str = "holdover.part/1";

const ACCOUNT: &str = ".account.json";
const ROWS: &str = ".rows.parquet";

/// How many hexadecimal digits of a key say where it belongs.
const PLACE_DIGITS: usize = 16;
/// How many it has.
const KEY_DIGITS: usize = 64;

/// The file of rows as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowsEntry {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountLine<'a> {
    #[serde(borrow)]
    pub(super) schema: Cow<'a, str>,
    pub(super) rows: RowsEntry,
    #[serde(borrow)]
    pub(super) scan: &'a RawValue,
}

/// The beginning of the keys of all parts of an input that were made under one plan. The path is masked, as in scans.
pub fn place(wanted: &str, path: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(wanted.as_bytes());
    digest.update([0]);
    digest.update(path.as_bytes());
    hex(&digest.finalize())[..PLACE_DIGITS].to_owned()
}

/// That beginning of a key.
pub fn place_of(key: &str) -> &str {
    &key[..PLACE_DIGITS]
}

/// The key of a part with this account.
pub(super) fn key(place: &str, account: &str) -> String {
    let digest = hex(&Sha256::digest(account.as_bytes()));
    format!("{place}{}", &digest[..KEY_DIGITS - PLACE_DIGITS])
}

/// The key that a file name of an account holds.
pub(super) fn key_of(name: &str) -> Option<&str> {
    let key = name.strip_suffix(ACCOUNT)?;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (key.len() == KEY_DIGITS && key.bytes().all(is_hex)).then_some(key)
}

pub(super) fn account_path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}{ACCOUNT}"))
}

pub(super) fn rows_path(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("{key}{ROWS}"))
}
