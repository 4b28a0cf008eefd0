/*! Facts that another engine computed over the evidence of a bundle: a folder with a manifest, `facts.json`, and for
 * each query a Parquet file, or a folder of part files.
 *
 * The manifest is written last, by who asked the engine. It says which bundle and which instants the facts are of, how
 * many rows the engine counted for each query, and the digest of each file: facts of something else, a lost part and an
 * edited file are refused. Files that it does not name are not read.
 */

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::bundle::{FileEntry, Params, is_plain_name};
use super::engine;
use super::engine_error::EngineError;
use super::plain_table::PlainTable;
use crate::limits;
use crate::model::hex;

/// The schema of the manifest.
const FACTS_SCHEMA: &str = "holdover.facts/1";
const MANIFEST: &str = "facts.json";

/// Why facts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A file is not what was written, or not for this report.
    #[error("cannot use `{}`: {why}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file is not a table.
    #[error("cannot read the table `{}`", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: EngineError,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsManifest {
    schema: String,
    /// SHA-256 of the bundle's manifest.
    bundle: String,
    params: Params,
    queries: BTreeMap<String, AnswerFiles>,
}

/// The answer to one query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFiles {
    /// SHA-256 of the published text.
    sql: String,
    /// How many rows the engine counted.
    rows: u64,
    files: Vec<FileEntry>,
}

/// A folder of facts.
#[derive(Debug)]
pub struct FactFiles {
    folder: PathBuf,
    manifest: FactsManifest,
}

impl FactFiles {
    /// Reads the manifest. The facts must be of the bundle whose manifest has this digest.
    pub fn open(folder: &Path, bundle: &str) -> Result<Self, FactsError> {
        let path = folder.join(MANIFEST);
        let wrong = |why: String| FactsError::Wrong { path: path.clone(), why };
        let text = plain_bytes(&path, limits::MANIFEST_BYTES)?;
        let manifest: FactsManifest = serde_json::from_slice(&text)
            .map_err(|error| wrong(format!("it is no manifest of facts: {error}")))?;
        if manifest.schema != FACTS_SCHEMA {
            let found = &manifest.schema;
            return Err(wrong(format!("expected schema `{FACTS_SCHEMA}`, found `{found}`")));
        }
        if manifest.bundle != bundle {
            let why =
                "the facts are of another bundle, or of this one as it was: compute them again";
            return Err(wrong(why.to_owned()));
        }
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Are the facts for these instants?
    pub fn check_params(&self, params: Params) -> Result<(), FactsError> {
        let found = self.manifest.params;
        if found == params {
            return Ok(());
        }
        let why = format!(
            "the facts are for other instants: they are for {}, and the report asks for {}",
            instants(found),
            instants(params)
        );
        Err(FactsError::Wrong { path: self.folder.join(MANIFEST), why })
    }

    /// Why these facts cannot be used where the evidence is not that of their bundle.
    pub fn of_other_evidence(&self) -> FactsError {
        let why = "the plan gives other evidence than the bundle has: write the bundle again with it, and compute the facts \
                   again";
        FactsError::Wrong { path: self.folder.join(MANIFEST), why: why.to_owned() }
    }

    /// The tables that are the answer to a query, in the order of the manifest.
    pub fn tables(&self, query: &str, text: &str) -> Result<Vec<PlainTable>, FactsError> {
        let wrong = |why: String| FactsError::Wrong { path: self.folder.join(MANIFEST), why };
        let Some(answer) = self.manifest.queries.get(query) else {
            return Err(wrong(format!("it has no answer to the query `{query}`")));
        };
        if answer.sql != hex(&Sha256::digest(text.as_bytes())) {
            let why = format!("`{query}` is the answer to another text than that of this version");
            return Err(wrong(why));
        }
        if answer.files.is_empty() {
            return Err(wrong(format!("it names no file for the query `{query}`")));
        }
        let mut named = BTreeSet::new();
        let twice = answer.files.iter().find(|file| !named.insert(file.name.as_str()));
        if let Some(file) = twice {
            return Err(wrong(format!("it names `{}` twice", file.name)));
        }
        let tables = answer.files.iter().map(|file| self.table(query, file));
        let tables: Vec<PlainTable> = tables.collect::<Result<_, _>>()?;
        let rows: u64 = tables.iter().map(|table| table.height() as u64).sum();
        if rows != answer.rows {
            let counted = answer.rows;
            let why = format!("`{query}` has {rows} rows, and the engine counted {counted}");
            return Err(wrong(why));
        }
        Ok(tables)
    }

    fn table(&self, query: &str, file: &FileEntry) -> Result<PlainTable, FactsError> {
        let path = self.folder.join(&file.name);
        let wrong = |why: &str| FactsError::Wrong { path: path.clone(), why: why.to_owned() };
        if !is_of(query, &file.name) {
            let why = format!("it names `{}`, which is no file of the query `{query}`", file.name);
            return Err(FactsError::Wrong { path: self.folder.join(MANIFEST), why });
        }
        let folder = path.parent().filter(|parent| *parent != self.folder);
        if folder.is_some_and(Path::is_symlink) {
            return Err(wrong("its folder is a link"));
        }
        let bytes = plain_bytes(&path, file.bytes)?;
        if bytes.len() as u64 != file.bytes || hex(&Sha256::digest(&bytes)) != file.sha256 {
            return Err(wrong("it is not the file that was written"));
        }
        engine::read_parquet(bytes).map_err(|source| FactsError::Table { path, source })
    }
}

/// Is it `<query>.parquet`, or a file in the folder `<query>`?
fn is_of(query: &str, name: &str) -> bool {
    match name.split_once('/') {
        Some((folder, part)) => folder == query && is_plain_name(part),
        None => name.strip_suffix(".parquet") == Some(query),
    }
}

fn instants(params: Params) -> String {
    let Params { t0_us, as_of_us, window_from_us, revoked_us } = params;
    format!(
        "t0_us {t0_us}, as_of_us {as_of_us}, window_from_us {window_from_us}, revoked_us {revoked_us}"
    )
}

/// The bytes of a plain file, and at most one more than these. A link is not followed.
fn plain_bytes(path: &Path, most: u64) -> Result<Vec<u8>, FactsError> {
    let fail = |source| FactsError::Unread { path: path.to_owned(), source };
    if !fs::symlink_metadata(path).map_err(fail)?.is_file() {
        let why = "it is not a plain file".to_owned();
        return Err(FactsError::Wrong { path: path.to_owned(), why });
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(fail)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn a_file_of_a_query_has_its_name_or_lies_in_its_folder() {
        for name in ["ticks.parquet", "ticks/part-00000-1f.c000.zstd.parquet", "ticks/0"] {
            assert!(is_of("ticks", name), "{name}");
        }
        let others = ["skews.parquet", "skews/0", "ticks", "ticks/", "ticks/../x", "ticks/a/b"];
        for name in others.into_iter().chain(["../ticks.parquet", "/ticks.parquet", "ticks/.x"]) {
            assert!(!is_of("ticks", name), "{name}");
        }
    }
}
