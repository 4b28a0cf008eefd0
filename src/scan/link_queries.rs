/*! The link lookups a scan made. A cached scan may be reused when each lookup would give the same answer today. */

use std::collections::{BTreeMap, BTreeSet};

use crate::limits;
use crate::model::link::{Learned, Meaning};
use crate::model::{State, VersionId};

/// The link lookups of one scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkQueries {
    /// Ids whose version was looked up.
    pub ids: BTreeSet<String>,
    /// Names of instances whose other name or class was looked up.
    pub names: BTreeSet<String>,
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
    /// An id was looked up.
    pub(super) fn id(&mut self, id: &str) {
        note(&mut self.ids, id, &mut self.full);
    }

    /// An instance was looked up.
    pub(super) fn name(&mut self, name: &str) {
        note(&mut self.names, name, &mut self.full);
    }

    /// Adds the lookups of another part.
    pub fn join(&mut self, other: &Self) {
        self.ids.extend(other.ids.iter().cloned());
        self.names.extend(other.names.iter().cloned());
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
            owners: found(&learned.owners, |name| of(&self.names, name)),
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
