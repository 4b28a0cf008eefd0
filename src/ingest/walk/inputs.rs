/*! The inputs of a run: each file once, sorted and numbered. */

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ingest::objects::ObjectVersion;
use crate::model::Timestamp;
use crate::model::place::InputId;

/// Where the bytes of an input come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Locator {
    /// The path of a file.
    File(PathBuf),
    /// An object in a store, and which version of it.
    Object(ObjectVersion),
    /// Standard input, given as `-`.
    Stdin,
}

/// One input of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The number in the sorted list.
    pub id: InputId,
    /// The path as given. Bytes that are not UTF-8 are written as `\xNN`.
    pub path: String,
    /// Where its bytes come from.
    pub source: Locator,
    /// The size as stored; 0 if it is unknown.
    pub bytes: u64,
    /// When its bytes last changed, if the place where it is stored says so.
    pub modified: Option<Timestamp>,
    /// It comes from a list: bytes of another size or time than the listed ones are damage.
    pub is_listed: bool,
    /// Why it cannot be read.
    pub trouble: Option<String>,
}

/// Inputs, each once, by however many paths it was reached.
#[derive(Default)]
pub(super) struct InputSet {
    /// The best candidate for each file.
    by_identity: BTreeMap<Identity, Candidate>,
    /// How many candidates there were.
    pub(super) met: u64,
    /// The folder that the run writes to, without links.
    output: Option<PathBuf>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Stdin,
    File(PathBuf),
    Object(String),
    Trouble(PathBuf),
}

/// One way to reach an input. Of two ways to one file, the one without a link is better, then the smaller path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_link: bool,
    path: String,
    source: Locator,
    trouble: Option<String>,
}

impl InputSet {
    pub(super) fn outside(output: Option<&Path>) -> Self {
        let output = output.and_then(|folder| fs::canonicalize(folder).ok());
        Self { output, ..Self::default() }
    }

    /// Whether the path, which is without links, is in the folder that the run writes to.
    pub(super) fn is_written(&self, real: &Path) -> bool {
        self.output.as_ref().is_some_and(|output| real.starts_with(output))
    }

    /// The same of a folder whose path may have links.
    pub(super) fn is_output(&self, folder: &Path) -> bool {
        self.output.as_ref().is_some_and(|output| {
            fs::canonicalize(folder).is_ok_and(|real| real.starts_with(output))
        })
    }

    pub(super) fn add(&mut self, source: Locator, path: String, is_link: bool) {
        let identity = match &source {
            Locator::Stdin => Identity::Stdin,
            Locator::Object(version) => Identity::Object(version.url.clone()),
            Locator::File(file) => {
                Identity::File(fs::canonicalize(file).unwrap_or_else(|_| file.clone()))
            }
        };
        self.keep(identity, Candidate { is_link, path, source, trouble: None });
    }

    pub(super) fn trouble(&mut self, path: &Path, trouble: impl Into<String>) {
        let source = Locator::File(path.to_owned());
        let trouble = Some(trouble.into());
        let candidate = Candidate { is_link: false, path: printed(path), source, trouble };
        self.keep(Identity::Trouble(path.to_owned()), candidate);
    }

    fn keep(&mut self, identity: Identity, candidate: Candidate) {
        self.met += 1;
        match self.by_identity.get_mut(&identity) {
            Some(kept) if *kept <= candidate => {}
            Some(kept) => *kept = candidate,
            None => {
                self.by_identity.insert(identity, candidate);
            }
        }
    }

    pub(super) fn into_inputs(self) -> Vec<Input> {
        let mut candidates: Vec<Candidate> = self.by_identity.into_values().collect();
        candidates.sort_by(|a, b| (&a.path, &a.source).cmp(&(&b.path, &b.source)));
        let numbered = (0_u32..).zip(candidates);
        numbered
            .map(|(id, candidate)| {
                let (bytes, modified) = match (&candidate.source, &candidate.trouble) {
                    (Locator::File(file), None) => {
                        fs::metadata(file).map_or((0, None), |meta| (meta.len(), modified(&meta)))
                    }
                    (Locator::Object(version), None) => (version.bytes, version.modified),
                    (Locator::File(_) | Locator::Object(_) | Locator::Stdin, _) => (0, None),
                };
                let Candidate { path, source, trouble, .. } = candidate;
                Input { id: InputId(id), path, source, bytes, modified, is_listed: false, trouble }
            })
            .collect()
    }
}

/// When a file was last written to.
pub(crate) fn modified(meta: &fs::Metadata) -> Option<Timestamp> {
    let since_1970 = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since_1970.as_micros()).ok().map(Timestamp)
}

/// A path as text. Bytes that are not UTF-8 are written as `\xNN`.
pub(super) fn printed(path: &Path) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
