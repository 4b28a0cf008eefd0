/*! The link lookups on which a scan rests. A scan stands as long as each of them gives the answer it gave: this decides
 * both whether a cached scan may be used and whether an input is scanned again after a round.
 */

use std::collections::{BTreeMap, BTreeSet};

use super::digested::Lookup;
use crate::limits;
use crate::model::link::{Learned, Meaning};
use crate::model::{State, VersionId};

/// The link lookups of one scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkQueries {
    /// Ids that no marker of the plan explains, whose version was looked up.
    pub ids: BTreeSet<String>,
    /// Names of instances whose other name was looked up.
    pub names: BTreeSet<String>,
    /// Instances of records that match no class, whose class was looked up.
    pub strangers: BTreeSet<String>,
    /// Sources and actions that were looked up among those that carry markers.
    pub actions: BTreeSet<String>,
    /// There were more lookups than are kept, so any may have been made.
    pub full: bool,
}

/// The answers that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkAnswers {
    /// The version and state of ids.
    pub sessions: BTreeMap<String, (Option<VersionId>, State)>,
    /// The main name of instances.
    pub aliases: BTreeMap<String, String>,
    /// The class of instances.
    pub owners: BTreeMap<String, String>,
    /// The sources and actions that carry markers.
    pub carries: BTreeSet<String>,
}

impl LinkQueries {
    /// An id was looked up, by its digest.
    pub(super) fn add(&mut self, lookup: Lookup, digest: &str) {
        let asked = match lookup {
            Lookup::Id => &mut self.ids,
            Lookup::Name => &mut self.names,
            Lookup::Stranger => &mut self.strangers,
        };
        note(asked, digest, &mut self.full);
    }

    /// It was looked up whether this source and action carry markers.
    pub(super) fn action(&mut self, action: &str) {
        note(&mut self.actions, action, &mut self.full);
    }

    /// Adds the lookups of another part.
    pub fn join(&mut self, other: &Self) {
        self.ids.extend(other.ids.iter().cloned());
        self.names.extend(other.names.iter().cloned());
        self.strangers.extend(other.strangers.iter().cloned());
        self.actions.extend(other.actions.iter().cloned());
        self.full |= other.full;
    }

    /// The answers that these links give.
    pub fn answers(&self, learned: &Learned) -> LinkAnswers {
        let meaning = |meaning: &Meaning| (meaning.version, meaning.state);
        let of = |asked: &BTreeSet<String>, id: &String| self.full || asked.contains(id);
        LinkAnswers {
            sessions: learned
                .sessions
                .iter()
                .filter(|(id, _)| of(&self.ids, id))
                .map(|(id, found)| (id.clone(), meaning(found)))
                .collect(),
            aliases: found(&learned.aliases, |name| of(&self.names, name)),
            owners: found(&learned.owners, |name| of(&self.strangers, name)),
            carries: learned.carries.iter().filter(|key| of(&self.actions, key)).cloned().collect(),
        }
    }
}

fn found(
    names: &BTreeMap<String, String>,
    is_asked: impl Fn(&String) -> bool,
) -> BTreeMap<String, String> {
    let asked = names.iter().filter(|(name, _)| is_asked(name));
    asked.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn note(noted: &mut BTreeSet<String>, text: &str, full: &mut bool) {
    if noted.contains(text) {
        return;
    }
    if noted.len() < limits::LINKABLE_IDS {
        noted.insert(text.to_owned());
    } else {
        *full = true;
    }
}
