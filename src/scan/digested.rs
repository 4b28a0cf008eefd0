/*! Ids as links compare them. Most records name an id that others name too, so digests are remembered. */

use std::collections::HashMap;
use std::sync::Arc;

use crate::limits;
use crate::model::link::LinkKey;

/// The digests of ids.
#[derive(Debug)]
pub(super) struct DigestedIds {
    key: LinkKey,
    known: HashMap<String, KnownId>,
}

#[derive(Debug)]
struct KnownId {
    digest: Arc<str>,
    /// What was looked up by it.
    lookups: [bool; 3],
}

/// What links are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The version of an id.
    Id,
    /// The other name of an instance.
    Name,
    /// The class of an instance.
    Stranger,
}

impl DigestedIds {
    pub(super) fn new(key: LinkKey) -> Self {
        Self { key, known: HashMap::new() }
    }

    pub(super) fn of(&mut self, id: &str) -> Arc<str> {
        match self.known.get(id) {
            Some(known) => Arc::clone(&known.digest),
            None => self.learn(id, [false; 3]),
        }
    }

    /// The digest of an id that is looked up; `None` if it is known that the same lookup was made before.
    pub(super) fn first_lookup(&mut self, id: &str, lookup: Lookup) -> Option<Arc<str>> {
        let Some(known) = self.known.get_mut(id) else {
            let mut lookups = [false; 3];
            lookups[lookup as usize] = true;
            return Some(self.learn(id, lookups));
        };
        let was_made = std::mem::replace(&mut known.lookups[lookup as usize], true);
        (!was_made).then(|| Arc::clone(&known.digest))
    }

    fn learn(&mut self, id: &str, lookups: [bool; 3]) -> Arc<str> {
        let digest: Arc<str> = Arc::from(self.key.digest(id));
        if self.known.len() < limits::DIGESTED_IDS {
            let known = KnownId { digest: Arc::clone(&digest), lookups };
            self.known.insert(id.to_owned(), known);
        }
        digest
    }
}
