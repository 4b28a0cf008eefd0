/*! `discover`: the tallies of all inputs joined into one survey, and the first plan drafted from it. */

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::discover::{self, CredentialTally, Discovery};

use super::error::Error;
use super::inspect;
use super::request::Request;

/// The credentials in a set of exports, and what of the exports could not be read.
#[derive(Debug)]
pub struct Survey {
    /// The credentials and their users.
    pub discovery: Discovery,
    /// Inputs with unread parts: path and cause.
    pub unread: Vec<(String, String)>,
    /// The number of records that were not understood.
    pub rejected: u64,
}

impl Survey {
    /// A first plan; `None` if no credential was found.
    pub fn draft(&self) -> Option<String> {
        discover::draft(&self.discovery)
    }
}

/// Surveys all inputs.
pub fn survey(request: &Request) -> Result<Survey, Error> {
    let (mut total, mut unread, mut rejected) = (CredentialTally::default(), Vec::new(), 0);
    let tallies = inspect::observe_each::<CredentialTally>(request)?;
    let inputs = tallies.len() as u64;
    for (part, tally) in tallies {
        total.join(tally);
        rejected += part.tally.rejected;
        unread.extend(part.damage.into_iter().map(|damage| (part.path.clone(), damage.what)));
    }
    Ok(Survey { discovery: discover::discover(total, inputs), unread, rejected })
}

/// Writes a first plan into a new file. An existing file is left as it is.
pub fn write_draft(text: &str, path: &Path) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| Error::FileUnwritten { path: path.display().to_string(), source })
}
