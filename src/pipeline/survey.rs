/*! A survey of exports: all inputs looked at, their tallies put together. */

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::discover::{self, Discovery, Tally};

use super::{Error, Request, inspect};

/// What a survey tells.
#[derive(Debug)]
pub struct Surveyed {
    /// The credentials and who uses them.
    pub discovery: Discovery,
    /// Inputs that were not read, or not whole: path and why.
    pub unread: Vec<(String, String)>,
    /// Records that were not understood.
    pub rejected: u64,
}

impl Surveyed {
    /// A first plan; none without any credential.
    pub fn draft(&self) -> Option<String> {
        discover::draft(&self.discovery)
    }
}

/// Looks at all inputs.
pub fn survey(request: &Request) -> Result<Surveyed, Error> {
    let (mut all, mut unread, mut rejected) = (Tally::default(), Vec::new(), 0);
    let looked = inspect::each::<Tally>(request)?;
    let inputs = looked.len() as u64;
    for (part, tally) in looked {
        all.join(tally);
        rejected += part.tally.rejected;
        unread.extend(part.damage.into_iter().map(|damage| (part.path.clone(), damage.what)));
    }
    Ok(Surveyed { discovery: discover::discover(all, inputs), unread, rejected })
}

/// Writes a first plan. A file that is there already stays as it is.
pub fn write_draft(text: &str, path: &Path) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| Error::DraftUnwritten { path: path.display().to_string(), source })
}
