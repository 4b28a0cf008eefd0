/*! What the path of an input says in its records. Some readings take parts of it as fields. */

use super::wanted::{SourceReading, Wanted};

/// What the path says, by the positions of readings.
#[derive(Debug)]
pub(super) struct PathKeys<'a> {
    wanted: &'a Wanted,
    sources: &'a SourceReading,
    path: String,
    known: Vec<Option<Box<[u8]>>>,
}

impl<'a> PathKeys<'a> {
    pub(super) fn new(wanted: &'a Wanted, sources: &'a SourceReading, path: String) -> Self {
        Self { wanted, sources, path, known: Vec::new() }
    }

    /// The bytes of what counts of it in records of a reading.
    pub(super) fn of(&mut self, reading: usize) -> &[u8] {
        if self.known.len() <= reading {
            self.known.resize(reading + 1, None);
        }
        self.known[reading].get_or_insert_with(|| {
            let mut bytes = Vec::new();
            let roles = self.wanted.roles(self.sources, reading);
            self.sources.readings[reading].write_path(roles, &self.path, &mut bytes);
            bytes.into()
        })
    }
}
