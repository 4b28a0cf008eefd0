/*! Logged links between ids, and what follows from them: which version a session key stands for. */

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::credential::{State, VersionId};
use super::digest::hex;
use super::place::Place;
use super::time::{Timestamp, When};

/// What a link connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// A key, token or lease (child) was issued to the holder of another (parent).
    Session,
    /// A process (child: instance and start) read a version (parent: its marker).
    Process,
    /// An instance (parent) has another name (child): the container of a pod.
    Alias,
    /// An instance (child) belongs to a class (parent: its name), according to what started it.
    Owner,
    /// Records of a source and action (child) carry markers of the plan. No parent.
    Carries,
}

impl LinkKind {
    /// The word in the bundle.
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Process => "process",
            Self::Alias => "alias",
            Self::Owner => "owner",
            Self::Carries => "carries",
        }
    }
}

/// Turns ids into what links compare: keyed digests. So no scan holds an id as it was logged, and scans of different
/// machines can be joined if their key is the same.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// The key that follows from a text.
    pub fn of(text: &str) -> Self {
        Self(blake3::derive_key("holdover ids of links v1", text.as_bytes()))
    }

    /// The digest of an id: equal for equal ids. With the key a guess can be tested, so it hides what nobody can
    /// guess.
    pub fn digest(&self, id: &str) -> String {
        hex(&blake3::keyed_hash(&self.0, id.as_bytes()).as_bytes()[..16])
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LinkKey")
    }
}

/// One logged link between two ids. Ids are digests of a `LinkKey`; names that are shown are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it connects.
    pub kind: LinkKind,
    /// The id that was issued, the process, or the source and action.
    pub child: String,
    /// The id it stands for; a marker of the plan is masked.
    pub parent: String,
    /// The version whose marker the parent is.
    pub version: Option<VersionId>,
    /// When it was logged, if the record has a time.
    pub when: Option<When>,
    /// The record that states it.
    pub place: Place,
}

/// The version behind an id that the plan does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The version; the old one if the id is linked to both.
    pub version: Option<VersionId>,
    /// The state of that version.
    pub state: State,
    /// The record of the link.
    pub link: Place,
    /// Since when, if the link has a time: a process uses a version from the moment it read it.
    pub since: Option<Timestamp>,
}

/// Everything that follows from the links of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// The key of the ids.
    pub key: LinkKey,
    /// The versions behind session keys, tokens and leases.
    pub sessions: BTreeMap<String, Meaning>,
    /// The versions that processes read, by the key of `process_key`.
    pub processes: BTreeMap<String, Meaning>,
    /// The main name of each other name of an instance. Names of several instances are missing.
    pub aliases: BTreeMap<String, String>,
    /// The class of each instance. Instances of several classes are missing.
    pub owners: BTreeMap<String, String>,
    /// Sources and actions whose records carry markers of the plan, by the key of `action_key`.
    pub carries: BTreeSet<String>,
}

impl Learned {
    /// Nothing yet, for ids of a key.
    pub fn nothing(key: LinkKey) -> Self {
        Self { key, ..Self::default() }
    }

    /// The main name of an instance.
    pub fn instance<'n>(&'n self, name: &'n str) -> &'n str {
        if self.aliases.is_empty() {
            return name;
        }
        self.aliases.get(&self.key.digest(name)).map_or(name, String::as_str)
    }

    /// The class of an instance.
    pub fn owner(&self, instance: &str) -> Option<&str> {
        if self.owners.is_empty() {
            return None;
        }
        self.owners.get(&self.key.digest(instance)).map(String::as_str)
    }

    /// The version behind a session key, token or lease.
    pub fn session(&self, id: &str) -> Option<&Meaning> {
        if self.sessions.is_empty() {
            return None;
        }
        self.sessions.get(&self.key.digest(id))
    }
}

/// The names of a process in its records.
#[derive(Clone, Copy, Debug)]
pub struct ProcessNames<'n> {
    /// The instance: pod, container, process.
    pub instance: Option<&'n str>,
    /// The host on which it runs.
    pub host: Option<&'n str>,
    /// The service that it runs.
    pub service: Option<&'n str>,
}

/// The id of a process: its instance and its start. Without a logged start nobody can say which process of the instance
/// it was. If only the host is known, the service is part of the id, because many processes share a host.
pub fn process_key(names: ProcessNames<'_>, start_us: Option<i64>) -> Option<String> {
    let who = match (names.instance, names.host, names.service) {
        (Some(instance), _, _) => instance.to_owned(),
        (None, Some(host), Some(service)) => format!("{service}@{host}"),
        (None, _, _) => return None,
    };
    Some(format!("{who}\u{1f}{}", start_us?))
}

/// The id of an action of a source. Records without an action share one.
pub fn action_key(source: &str, action: Option<&str>) -> String {
    match action {
        Some(action) => format!("{source}\u{1f}a{action}"),
        None => format!("{source}\u{1f}"),
    }
}
