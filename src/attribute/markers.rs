/*! Which version a marker stands for. Compared whole and exactly, as text: `v1` is not `v10`. */

use aho_corasick::{AhoCorasick, MatchKind};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;

use crate::model::{State, VersionId};
use crate::plan::{Marker, Plan};

/// An old marker shorter than this may stand in a record by chance.
const TELLING_BYTES: usize = 8;

/// The plan's markers, ready to look values up.
#[derive(Debug)]
pub struct Markers {
    literals: HashMap<String, VersionId>,
    digests: HashMap<String, VersionId>,
    patterns: Vec<(Marker, VersionId)>,
    states: Vec<State>,
    old: Option<AhoCorasick>,
    telling: Option<AhoCorasick>,
    telling_versions: Vec<VersionId>,
}

impl Markers {
    /// Compiles the markers of a plan.
    ///
    /// # Panics
    /// If literals that the plan holds in memory do not fit into a search automaton.
    pub fn new(plan: &Plan) -> Self {
        let mut markers = Self {
            literals: HashMap::new(),
            digests: HashMap::new(),
            patterns: Vec::new(),
            states: plan.versions.iter().map(|version| version.state).collect(),
            old: None,
            telling: None,
            telling_versions: Vec::new(),
        };
        let mut old = Vec::new();
        let mut telling = Vec::new();
        for (number, version) in (0..).map(VersionId).zip(&plan.versions) {
            for marker in &version.markers {
                markers.add(marker, number);
                if let (State::Old, Some(bytes)) = (version.state, searchable(marker)) {
                    if bytes.len() >= TELLING_BYTES {
                        telling.push(bytes.to_owned());
                        markers.telling_versions.push(number);
                    }
                    old.push(bytes.to_owned());
                }
            }
        }
        markers.old = search(&old);
        markers.telling = search(&telling);
        markers
    }

    fn add(&mut self, marker: &Marker, version: VersionId) {
        match marker {
            Marker::Literal(text) => {
                self.literals.insert(text.clone(), version);
            }
            Marker::Sha256(digest) => {
                self.digests.insert(digest.clone(), version);
                self.literals.insert(digest.clone(), version);
                self.literals.insert(format!("sha256:{digest}"), version);
            }
            Marker::Prefix(_) | Marker::Suffix(_) | Marker::Regex(_) => {
                self.patterns.push((marker.clone(), version));
            }
        }
    }

    /// The version that a value stands for.
    pub fn version(&self, value: &str) -> Option<VersionId> {
        self.literals
            .get(value)
            .copied()
            .or_else(|| {
                self.patterns
                    .iter()
                    .find(|(marker, _)| fits(marker, value))
                    .map(|(_, version)| *version)
            })
            .or_else(|| self.by_digest(value))
    }

    fn by_digest(&self, value: &str) -> Option<VersionId> {
        if self.digests.is_empty() {
            return None;
        }
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(value.as_bytes()) {
            let _infallible = write!(hex, "{byte:02x}");
        }
        self.digests.get(&hex).copied()
    }

    /// The state of a version.
    pub fn state(&self, version: VersionId) -> State {
        self.states[usize::from(version.0)]
    }

    /// Do these bytes hold an old marker, however short?
    pub fn holds_old(&self, bytes: &[u8]) -> bool {
        self.old.as_ref().is_some_and(|search| search.is_match(bytes))
    }

    /// The old version of which these bytes hold a marker that is long enough to be no accident.
    pub fn telling_old(&self, bytes: &[u8]) -> Option<VersionId> {
        let found = self.telling.as_ref()?.find(bytes)?;
        Some(self.telling_versions[found.pattern().as_usize()])
    }
}

/// The bytes by which a marker can be found in raw text.
fn searchable(marker: &Marker) -> Option<&str> {
    match marker {
        Marker::Literal(text)
        | Marker::Sha256(text)
        | Marker::Prefix(text)
        | Marker::Suffix(text) => Some(text),
        Marker::Regex(_) => None,
    }
}

fn search(needles: &[String]) -> Option<AhoCorasick> {
    let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(needles);
    (!needles.is_empty()).then(|| build().expect("a plan's markers fit into an automaton"))
}

fn fits(marker: &Marker, value: &str) -> bool {
    match marker {
        Marker::Prefix(prefix) => value.starts_with(prefix.as_str()),
        Marker::Suffix(suffix) => value.ends_with(suffix.as_str()),
        Marker::Regex(regex) => regex.is_match(value),
        Marker::Literal(_) | Marker::Sha256(_) => false,
    }
}
