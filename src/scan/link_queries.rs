/*! What a scan asked of what links taught. Its parts are the same under any other teaching that gives the same answers:
 * that is what makes a part of an earlier run good for this one.
 */

use std::collections::{BTreeMap, BTreeSet};

use crate::limits;
use crate::model::link::{Learned, Meaning};
use crate::model::{State, VersionId};

/// The questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkQueries {
    /// Ids whose meaning was asked for.
    pub ids: BTreeSet<String>,
    /// Names of instances whose other name, or class, was asked for.
    pub names: BTreeSet<String>,
    /// Sources and actions of which it was asked whether they carry markers.
    pub actions: BTreeSet<String>,
    /// There were more of these than are kept: anything may have been asked.
    pub full: bool,
}

/// The answers that were not no.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkAnswers {
    /// What ids mean.
    pub sessions: BTreeMap<String, (Option<VersionId>, State)>,
    /// Under which name instances are known.
    pub aliases: BTreeMap<String, String>,
    /// Of which class instances are.
    pub owners: BTreeMap<String, String>,
    /// Which actions carry markers.
    pub carries: BTreeSet<String>,
}

impl LinkQueries {
    /// An id was asked for.
    pub(super) fn id(&mut self, id: &str) {
        note(&mut self.ids, id, &mut self.full);
    }

    /// An instance was asked for.
    pub(super) fn name(&mut self, name: &str) {
        note(&mut self.names, name, &mut self.full);
    }

    /// Adds the questions of another part.
    pub fn join(&mut self, other: &Self) {
        self.ids.extend(other.ids.iter().cloned());
        self.names.extend(other.names.iter().cloned());
        self.actions.extend(other.actions.iter().cloned());
        self.full |= other.full;
    }

    /// What is answered to them.
    pub fn answers(&self, learned: &Learned) -> LinkAnswers {
        let meaning = |meaning: &Meaning| (meaning.version, meaning.state);
        let of = |asked: &BTreeSet<String>, id: &String| self.full || asked.contains(id);
        LinkAnswers {
            sessions: learned
                .sessions
                .iter()
                .filter(|(id, _)| of(&self.ids, id))
                .map(|(id, one)| (id.clone(), meaning(one)))
                .collect(),
            aliases: some(&learned.aliases, |name| of(&self.names, name)),
            owners: some(&learned.owners, |name| of(&self.names, name)),
            carries: learned.carries.iter().filter(|key| of(&self.actions, key)).cloned().collect(),
        }
    }
}

fn some(
    all: &BTreeMap<String, String>,
    is_asked: impl Fn(&String) -> bool,
) -> BTreeMap<String, String> {
    let asked = all.iter().filter(|(name, _)| is_asked(name));
    asked.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn note(known: &mut BTreeSet<String>, text: &str, full: &mut bool) {
    if known.contains(text) {
        return;
    }
    if known.len() < limits::LINKABLE_IDS {
        known.insert(text.to_owned());
    } else {
        *full = true;
    }
}
