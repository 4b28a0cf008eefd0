/*! Which version a marker stands for. Compared whole and exactly, as text: `v1` is not `v10`. */

use std::collections::{BTreeSet, HashMap};

use super::marker_search::MarkerSearch;
use crate::model::{State, VersionId, VersionState};
use crate::plan::spelling::{self, bare, folded, near};
use crate::plan::{Marker, ReadingPlan, encodings};

/// The plan's markers, ready to look values up.
#[derive(Debug)]
pub struct Markers {
    literals: HashMap<String, VersionId>,
    /// What a literal cannot say: expressions, digests, numbers, and GUIDs in other spellings.
    patterns: Vec<(Marker, VersionId)>,
    states: Vec<VersionState>,
    /// The old literals by the forms in which other spellings of them meet.
    folded: HashMap<String, VersionId>,
    /// The same for short old literals, by number and without case alone.
    near: HashMap<String, VersionId>,
    search: MarkerSearch,
}

/// A shorter old literal may have most other spellings by chance.
const SPELLED_BYTES: usize = 8;

impl Markers {
    /// Compiles the markers of a plan.
    ///
    /// # Panics
    /// If literals that the plan holds in memory do not fit into a search automaton.
    pub fn new(plan: &ReadingPlan) -> Self {
        let mut markers = Self {
            literals: HashMap::new(),
            patterns: Vec::new(),
            states: plan.versions.iter().map(|version| version.state).collect(),
            folded: HashMap::new(),
            near: HashMap::new(),
            search: MarkerSearch::new(plan),
        };
        for (number, version) in (0..).map(VersionId).zip(&plan.versions) {
            for marker in &version.markers {
                markers.add(marker, number, version.state);
            }
        }
        markers
    }

    fn add(&mut self, marker: &Marker, version: VersionId, state: VersionState) {
        match marker {
            Marker::Literal(text) => {
                self.literals.insert(text.clone(), version);
                if spelling::is_written_as_guid(text) {
                    self.patterns.push((marker.clone(), version));
                }
                if state == VersionState::Old {
                    let is_long = text.len() >= SPELLED_BYTES;
                    let forms = if is_long { folded(text) } else { BTreeSet::new() };
                    self.folded.extend(forms.into_iter().map(|form| (form, version)));
                    self.near.extend(near(text).map(|form| (form, version)));
                }
            }
            Marker::Sha256(_)
            | Marker::Prefix(_)
            | Marker::Suffix(_)
            | Marker::Serial(_)
            | Marker::Regex(_) => self.patterns.push((marker.clone(), version)),
        }
    }

    /// The version that a value stands for. The plan's check does not find all patterns that overlap: if those of
    /// several versions cover the value, it is old rather than new.
    pub fn version(&self, value: &str) -> Option<VersionId> {
        let covering = self.patterns.iter().filter(|(marker, _)| marker.covers(value));
        let versions = covering.map(|(_, version)| *version);
        let versions = versions.chain(self.literals.get(bare(value).as_ref()).copied());
        versions.min_by_key(|version| (self.state(*version), *version))
    }

    /// The old version whose marker the value equals but for spelling or encoding, if no version of the plan has
    /// the value.
    pub fn respelled(&self, value: &str) -> Option<VersionId> {
        if self.version(value).is_some() {
            return None;
        }
        self.encoded(value).or_else(|| self.spelled(value))
    }

    /// The old version whose marker the value has in an encoding.
    fn encoded(&self, value: &str) -> Option<VersionId> {
        let plain = encodings::decoded(value.as_bytes());
        let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok());
        let mut readings = plain.into_iter().chain(encodings::from_base64(value));
        readings.find_map(|reading| {
            self.version(&reading).filter(|version| self.state(*version) == State::Old)
        })
    }

    fn spelled(&self, value: &str) -> Option<VersionId> {
        let by_near = near(value).and_then(|form| self.near.get(&form).copied());
        let is_long = !self.folded.is_empty() && value.len() >= SPELLED_BYTES;
        let forms = if is_long { folded(value) } else { BTreeSet::new() };
        by_near.or_else(|| forms.iter().find_map(|form| self.folded.get(form).copied()))
    }

    /// The state of a version.
    pub fn state(&self, version: VersionId) -> State {
        self.states[usize::from(version.0)].into()
    }

    /// The version before this one: the first old one if it is new, else none that the plan names.
    pub fn before(&self, version: VersionId) -> Option<VersionId> {
        let mut versions = (0..).map(VersionId).zip(&self.states);
        let old = versions.find(|(_, state)| **state == VersionState::Old).map(|(id, _)| id);
        old.filter(|_| self.state(version) == State::New)
    }

    /// Do these bytes hold an old marker, even a short one, or one that is escaped, hashed or an expression?
    pub fn holds_old(&self, bytes: &[u8]) -> bool {
        self.search.holds_old(bytes)
    }

    /// How to find old markers in fields that no profile reads as the credential.
    pub fn search(&self) -> &MarkerSearch {
        &self.search
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{self, KnownNames};

    fn markers(old: &str, new: &str) -> Markers {
        let text = format!(
            r#"
            credential.name = "c"
            credential.version = [
              {{ name = "v1", state = "old", markers = [{old}] }},
              {{ name = "v2", state = "new", markers = [{new}] }},
            ]
            rotation = {{ introduced = 2026-03-02T09:00:00Z, window = "1h" }}
            consumer = [{{ class = "w", match = [{{ service_name = "w" }}] }}]
            "#
        );
        let known = KnownNames { rules: &[], profiles: &[] };
        Markers::new(&plan::load("plan.toml", &text, &known).expect("a plan that holds").reading())
    }

    #[test]
    fn a_digest_matches_in_upper_and_lower_case() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let markers = markers(&format!("\"sha256:{digest}\""), "\"k2\"");
        let upper = digest.to_uppercase();
        for value in
            ["abc", digest, &upper, &format!("sha256:{digest}"), &format!("sha256:{upper}")]
        {
            assert_eq!(markers.version(value), Some(VersionId(0)), "{value}");
        }
        assert_eq!(markers.version("abd"), None);
    }

    #[test]
    fn an_encoded_old_marker_is_told_by_its_spelling() {
        let markers = markers("\"doc-key-2024\", \"/^key-19$/\"", "\"doc-key-2026\"");
        for value in [
            "ZG9jLWtleS0yMDI0",
            "ZG9jLWtleS0yMDI0==",
            "doc%2Dkey%2D2024",
            "doc&#45;key&#45;2024",
            "ｄｏｃ-ｋｅｙ-２０２４",
            "key%2d19",
            "a2V5LTE5",
        ] {
            assert_eq!(markers.respelled(value), Some(VersionId(0)), "{value}");
        }
        for value in ["doc-key-2024", "doc%2Dkey%2D2026", "ZG9jLWtleS0yMDI2", "a2V5LTE4"] {
            assert_eq!(markers.respelled(value), None, "{value}");
        }
    }

    #[test]
    fn a_value_that_both_versions_cover_is_old() {
        for (old, new) in [("\"suffix:-old\"", "\"prefix:key-\""), ("\"/key-.*/\"", "\"/.*-old/\"")]
        {
            assert_eq!(markers(old, new).version("key-old"), Some(VersionId(0)), "{old} {new}");
        }
    }

    #[test]
    fn an_old_marker_is_found_in_any_bytes() {
        let digest = "\"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"";
        let check = |old: &str, bytes: &str, holds: bool| {
            assert_eq!(
                markers(old, "\"new\"").holds_old(bytes.as_bytes()),
                holds,
                "{old} in {bytes}"
            );
        };
        check("\"doc-key\"", "x doc-key y", true);
        check("\"doc-key\"", r#"{"k":"doc\u002dkey""#, true);
        check("\"/^key-(19|24)$/\"", r#"{"k":"key-24""#, true);
        check("\"/^key-(19|24)$/\"", "id=key-24, then cut", true);
        check("\"/^key-(19|24)$/\"", "id=key-26", false);
        check(digest, r#"{"k":"abc","#, true);
        check(digest, r#"{"k":"abd","#, false);
    }

    #[test]
    fn literals_are_compared_whole() {
        let markers = markers("\"v1\"", "\"v2\"");
        assert_eq!(markers.version("v1"), Some(VersionId(0)));
        for same in ["v1 ", " v1", "'v1'", "\u{1b}[31mv1\u{1b}[0m"] {
            assert_eq!(markers.version(same), Some(VersionId(0)), "{same:?}");
        }
        for other in ["v10", "V1", "xv1", "v 1"] {
            assert_eq!(markers.version(other), None, "{other}");
        }
    }
}
