/*! Reading a bundle. Nothing in the folder is changed. */

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::evidence::EVIDENCE_SCHEMA;
use super::super::line_file::LineFile;
use super::super::parts::{self, CachedScan};
use super::error::{BundleError, io_error};
use super::folder::{entry, is_taken, manifest_text, open_file, partial};
use super::manifest::{MANIFEST, Manifest, NEXT};
use crate::model::hex;

/// A bundle on disk.
#[derive(Debug)]
pub struct Bundle {
    folder: PathBuf,
    /// The manifest, checked against the files.
    pub manifest: Manifest,
    /// SHA-256 of the manifest, and so of the whole bundle.
    pub sha256: String,
}

impl Bundle {
    /// Opens a bundle and checks that each file is the one that was written.
    pub fn open(folder: &Path) -> Result<Self, BundleError> {
        let refuse = |why: String| BundleError::NotABundle { path: folder.to_owned(), why };
        let text = manifest_text(&folder.join(MANIFEST))?;
        // A first run that was stopped leaves partial files alone, of which the plan is the first.
        let is_begun = text.is_none() && is_taken(&partial(folder, "plan.toml"));
        if is_begun || is_taken(&folder.join(NEXT)) {
            return Err(BundleError::Interrupted { path: folder.to_owned() });
        }
        let Some(text) = text else {
            return Err(refuse(format!("it has no `{MANIFEST}`")));
        };
        let manifest = Manifest::parse(folder, &text)?;
        if manifest.evidence_schema != EVIDENCE_SCHEMA {
            return Err(refuse(format!(
                "expected evidence of schema `{EVIDENCE_SCHEMA}`, found `{}`",
                manifest.evidence_schema
            )));
        }
        if !manifest.lists("evidence.parquet") {
            return Err(refuse("it lists no `evidence.parquet`".to_owned()));
        }
        for file in &manifest.files {
            if entry(&folder.join(&file.name), &file.name)? != *file {
                return Err(refuse(format!("`{}` is not the file that was written", file.name)));
            }
        }
        let sha256 = hex(&Sha256::digest(&text));
        Ok(Self { folder: folder.to_owned(), manifest, sha256 })
    }

    /// Name and file of each table.
    pub fn tables(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        let names = self.manifest.files.iter().map(|file| file.name.as_str());
        names.filter_map(|name| Some((name.strip_suffix(".parquet")?, self.folder.join(name))))
    }

    /// Where a file that the manifest lists is.
    pub fn file(&self, name: &str) -> Result<PathBuf, BundleError> {
        if self.manifest.lists(name) {
            return Ok(self.folder.join(name));
        }
        let why = format!("it holds no `{name}`");
        Err(BundleError::NotABundle { path: self.folder.clone(), why })
    }

    /// The bytes of a file that the manifest lists.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, BundleError> {
        let path = self.file(name)?;
        let mut bytes = Vec::new();
        let read = open_file(&path)?.read_to_end(&mut bytes);
        read.map_err(|source| io_error("read", &path, source))?;
        Ok(bytes)
    }

    /// The scans of the inputs; none if the bundle was written without them.
    pub fn parts(&self) -> Result<Option<Vec<CachedScan>>, BundleError> {
        let Some((_, path)) = self.tables().find(|(name, _)| *name == parts::PARTS) else {
            return Ok(None);
        };
        let table = |source| BundleError::Table { name: parts::PARTS.to_owned(), source };
        let lines = LineFile::open(open_file(&path)?).map_err(table)?;
        let failed = |source| BundleError::Parts { path: self.folder.clone(), source };
        parts::read(lines).map(Some).map_err(failed)
    }
}
