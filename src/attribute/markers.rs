/*! Which version a marker stands for. Compared whole and exactly, as text: `v1` is not `v10`. */

use std::collections::{BTreeSet, HashMap};

use super::marker_search::MarkerSearch;
use crate::model::{State, VersionId, VersionState};
use crate::plan::spelling::{self, bare, folded, name_form, near};
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
    /// The same for distinguished names, in any order of their parts.
    names: HashMap<String, VersionId>,
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
            names: HashMap::new(),
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
                    self.names.extend(name_form(text).map(|form| (form, version)));
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
        let by_form = || forms.iter().find_map(|form| self.folded.get(form).copied());
        let by_name = || self.names.get(&name_form(value)?).copied();
        by_near.or_else(by_form).or_else(by_name).or_else(|| self.in_other_case(value))
    }

    fn in_other_case(&self, value: &str) -> Option<VersionId> {
        let mut old = self.patterns.iter().filter(|(_, id)| self.state(*id) == State::Old);
        old.find(|(marker, _)| marker.covers_in_other_case(value)).map(|(_, version)| *version)
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
    fn what_the_plan_calls_a_digest_a_number_or_a_guid_is_one_in_any_spelling() {
        let pairs = "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
        let digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let halves = format!("{} {}", &digest[..39], &digest[39..]);
        let pin = "sha256/ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let urn = "urn:uuid:0F8FAD5BD9CB469FA16570867728950E";
        for (old, values) in [
            (digest, &[pairs, halves.as_str(), pin][..]),
            (guid, &[urn, "[0f8fad5b-d9cb-469f-a165-70867728950e]"]),
            ("serial:0a1b2c3d4e", &["0A-1B-2C-3D-4E", "[0a1b2c3d4e]"]),
        ] {
            let markers = markers(&format!("\"{old}\""), "\"doc-key-2026\"");
            for value in values {
                assert_eq!(markers.version(value), Some(VersionId(0)), "{value}");
                let other = value.replace("0e", "0f").replace("4E", "4F").replace("0E", "0F");
                let other = other.replace("4e]", "4f]").replace("AD", "AE").replace("ad", "ae");
                let other = other.replace("Fa0", "Fa4");
                assert_eq!(markers.version(&other), None, "{other}");
            }
        }
    }

    #[test]
    fn other_spellings_of_parts_and_names_are_told() {
        let old = "\"prefix:pk-old-\", \"suffix:6c1d\", \"CN=app-2024,OU=svc,O=Acme\"";
        let markers = markers(old, "\"doc-key-2026\"");
        for value in
            ["PK-OLD-17", "x6C1D", "O=Acme,OU=svc,CN=app-2024", "/O=Acme/OU=svc/CN=app-2024"]
        {
            assert_eq!(markers.respelled(value), Some(VersionId(0)), "{value}");
        }
        for value in ["PK-NEW-17", "6C1Dx", "O=Acme,OU=svc,CN=app-2026", "doc-key-2026"] {
            assert_eq!(markers.respelled(value), None, "{value}");
        }
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
