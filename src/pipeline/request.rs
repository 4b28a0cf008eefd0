/*! What a command asks of the inputs, as one value: the paths, the instant, the profiles, and what the output needs. */

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::ingest::without_secrets;
use crate::model::{DigestKind, Timestamp};
use crate::profile::{Profile, builtin};
use crate::report::Needs;
use crate::safe::mask_file;
use crate::table::{bundle, part_files};

/// What to read, and what the output needs of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files, folders, globs, `-`, bundles.
    pub paths: Vec<String>,
    /// A list of the inputs that the folders of parts among the paths must have.
    pub list: Option<PathBuf>,
    /// Facts that another engine computed over the evidence of the one bundle among the paths.
    pub facts: Option<PathBuf>,
    /// The folder that the run writes to. What is in it is no input.
    pub output: Option<PathBuf>,
    /// The instant to judge; without one, the latest time of any record.
    pub as_of: Option<Timestamp>,
    /// The machine's clock. A stamp more than an hour later cannot be true.
    pub now: Timestamp,
    /// The number of threads; without one, one for each core.
    pub threads: Option<usize>,
    /// What the formats that will be written need beyond the decision.
    pub needs: Needs,
    /// The digest to compute of each input, if any.
    pub digest: Option<DigestKind>,
    /// Decode every record, even one that repeats what one before said, and ask the published texts for facts.
    pub strict: bool,
    /// Keep each scan, so that a later run need not read its input again. A scan is kept only with a digest.
    pub keep: bool,
    /// The profiles, the most specific first; without any, the built-in ones.
    pub profiles: Option<Vec<Profile>>,
}

impl Request {
    /// A request for these paths, without anything that costs extra: no digests, nothing kept, the decision alone.
    pub fn new(paths: Vec<String>, now: Timestamp) -> Self {
        Self {
            paths,
            list: None,
            facts: None,
            output: None,
            as_of: None,
            now,
            threads: None,
            needs: Needs::default(),
            digest: None,
            strict: false,
            keep: false,
            profiles: None,
        }
    }

    pub(super) fn known_profiles(&self) -> &[Profile] {
        self.profiles.as_deref().unwrap_or(builtin::profiles())
    }

    /// The folders among the paths that keep scans, bundles and folders of parts, and the other paths.
    pub(super) fn kept_folders(&self) -> (Vec<&String>, Vec<String>) {
        let keeps = |folder: &Path| bundle::is_there(folder) || part_files::is_there(folder);
        let is_kept = |path: &&String| *path != "-" && keeps(Path::new(path));
        let (folders, paths): (Vec<&String>, Vec<&String>) = self.paths.iter().partition(is_kept);
        (folders, paths.into_iter().cloned().collect())
    }

    /// Can the inputs be read a second time? Standard input is used up, and a bundle holds no raw inputs.
    pub fn can_be_repeated(&self) -> bool {
        self.kept_folders().0.is_empty() && !self.paths.iter().any(|path| path == "-")
    }

    /// The paths in order, by which the inputs can be read again; none if one of them cannot be written as it is.
    pub(super) fn repeatable_paths(&self) -> Vec<String> {
        let is_masked = |path: &String| mask_file(path) != *path || without_secrets(path) != *path;
        if !self.can_be_repeated() || self.paths.iter().any(is_masked) {
            return Vec::new();
        }
        let paths: BTreeSet<&String> = self.paths.iter().collect();
        paths.into_iter().cloned().collect()
    }

    /// The threads that read the inputs.
    pub(super) fn pool(&self) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0)).build()
    }
}
