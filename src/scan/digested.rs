/*! Ids as links compare them. Most records name an id that others name too, so digests are remembered. */

use std::collections::HashMap;
use std::sync::Arc;

use crate::limits;
use crate::model::link::LinkKey;

/// The digests of ids.
#[derive(Debug)]
pub(super) struct DigestedIds {
    key: LinkKey,
    known: HashMap<String, Arc<str>>,
}

impl DigestedIds {
    pub(super) fn new(key: LinkKey) -> Self {
        Self { key, known: HashMap::new() }
    }

    pub(super) fn of(&mut self, id: &str) -> Arc<str> {
        if let Some(digest) = self.known.get(id) {
            return Arc::clone(digest);
        }
        let digest: Arc<str> = Arc::from(self.key.digest(id));
        if self.known.len() < limits::DIGESTED_IDS {
            self.known.insert(id.to_owned(), Arc::clone(&digest));
        }
        digest
    }
}
