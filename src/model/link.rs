/*! Logged links between ids, and what they teach: which session key stands for which version. */

use std::collections::{BTreeMap, BTreeSet};

use super::credential::{State, VersionId};
use super::place::Place;
use super::time::{Timestamp, When};

/// What kind of tie a link states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// A key, token or lease (child) was issued to the holder of another (parent).
    Session,
    /// A process (child: instance and start) read a version (parent: its marker).
    Process,
    /// A running copy has another name (child) beside its own (parent): the container of a pod.
    Alias,
    /// A running copy (child) is one of a class (parent: its name), as what started it says.
    Owner,
    /// Records of a source and action (child) carry markers of the plan (parent: none).
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

/// One logged tie between two ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What kind of tie.
    pub kind: LinkKind,
    /// The id that was issued, the process, or the source and action.
    pub child: String,
    /// The id it stands for.
    pub parent: String,
    /// When the link was logged, if the record has a time.
    pub when: Option<When>,
    /// The record that states it.
    pub place: Place,
}

/// What an id that the plan does not name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The version; the old one where it is tied to both.
    pub version: Option<VersionId>,
    /// Its state.
    pub state: State,
    /// The record in which the link stands.
    pub link: Place,
    /// From when on it can stand for it, where the link is of a time: a process holds what it read since it read it.
    pub since: Option<Timestamp>,
}

/// All that the links of a run teach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// Session keys, tokens and leases.
    pub sessions: BTreeMap<String, Meaning>,
    /// Processes, by the key of `process_key`.
    pub processes: BTreeMap<String, Meaning>,
    /// Other names of instances, where one instance has them.
    pub aliases: BTreeMap<String, String>,
    /// Instances and the one class that each is of.
    pub owners: BTreeMap<String, String>,
    /// Sources and actions whose records carry markers of the plan, by the key of `action_key`.
    pub carries: BTreeSet<String>,
}

impl Learned {
    /// The name under which an instance is known.
    pub fn instance<'n>(&'n self, name: &'n str) -> &'n str {
        self.aliases.get(name).map_or(name, String::as_str)
    }
}

/// The id of a process: its instance and when it started. Many processes share a host, so where the instance is only
/// that, the service belongs to the id.
pub fn process_key(
    (id, host, service): (Option<&str>, Option<&str>, Option<&str>),
    start_us: Option<i64>,
) -> Option<String> {
    let who = match (id, host, service) {
        (Some(id), _, _) => id.to_owned(),
        (None, Some(host), Some(service)) => format!("{service}@{host}"),
        (None, _, _) => return None,
    };
    let start = start_us.map_or_else(String::new, |start| start.to_string());
    Some(format!("{who}\u{1f}{start}"))
}

/// The id of a source's action; records without an action are of one kind too.
pub fn action_key(source: &str, action: Option<&str>) -> String {
    match action {
        Some(action) => format!("{source}\u{1f}a{action}"),
        None => format!("{source}\u{1f}"),
    }
}
