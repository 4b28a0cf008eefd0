/*! Which version a marker stands for. Compared whole and exactly, as text: `v1` is not `v10`. */

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;

use crate::model::{State, VersionId, VersionState};
use crate::plan::{Marker, ReadingPlan};

/// A shorter old marker may be in a record by chance.
const DISTINCTIVE_BYTES: usize = 8;

/// The plan's markers, ready to look values up.
#[derive(Debug)]
pub struct Markers {
    literals: HashMap<String, VersionId>,
    patterns: Vec<(Marker, VersionId)>,
    states: Vec<VersionState>,
    old: Option<AhoCorasick>,
    distinctive: Option<AhoCorasick>,
    distinctive_versions: Vec<VersionId>,
}

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
            old: None,
            distinctive: None,
            distinctive_versions: Vec::new(),
        };
        let mut old = Vec::new();
        let mut distinctive = Vec::new();
        for (number, version) in (0..).map(VersionId).zip(&plan.versions) {
            for marker in &version.markers {
                markers.add(marker, number);
                if let (VersionState::Old, Some(bytes)) = (version.state, searchable(marker)) {
                    if bytes.len() >= DISTINCTIVE_BYTES {
                        distinctive.push(bytes.to_owned());
                        markers.distinctive_versions.push(number);
                    }
                    old.push(bytes.to_owned());
                }
            }
        }
        markers.old = search(&old, false);
        markers.distinctive = search(&distinctive, true);
        markers
    }

    fn add(&mut self, marker: &Marker, version: VersionId) {
        match marker {
            Marker::Literal(text) => {
                self.literals.insert(text.clone(), version);
            }
            Marker::Sha256(_) | Marker::Prefix(_) | Marker::Suffix(_) | Marker::Regex(_) => {
                self.patterns.push((marker.clone(), version));
            }
        }
    }

    /// The version that a value stands for. The plan's check does not find all patterns that overlap: if those of
    /// several versions cover the value, it is old rather than new.
    pub fn version(&self, value: &str) -> Option<VersionId> {
        let covering = self.patterns.iter().filter(|(marker, _)| marker.covers(value));
        let versions = covering.map(|(_, version)| *version);
        let versions = versions.chain(self.literals.get(value).copied());
        versions.min_by_key(|version| (self.state(*version), *version))
    }

    /// The state of a version.
    pub fn state(&self, version: VersionId) -> State {
        self.states[usize::from(version.0)].into()
    }

    /// Do these bytes hold an old marker, even a short one, or one that is escaped, hashed or an expression?
    pub fn holds_old(&self, bytes: &[u8]) -> bool {
        if self.holds_old_as_written(bytes) {
            return true;
        }
        let escaped = memchr::memchr(b'\\', bytes).is_some();
        escaped && self.holds_old_as_written(&unescaped(bytes))
    }

    fn holds_old_as_written(&self, bytes: &[u8]) -> bool {
        if self.old.as_ref().is_some_and(|search| search.is_match(bytes)) {
            return true;
        }
        let is_old = |version: VersionId| self.state(version) == State::Old;
        let mut hidden =
            self.patterns.iter().filter(|(_, version)| is_old(*version)).map(|(marker, _)| marker);
        let Some(first) = hidden.next() else { return false };
        let hidden: Vec<&Marker> = std::iter::once(first).chain(hidden).collect();
        let text = String::from_utf8_lossy(bytes);
        let quoted = text.split('"');
        let words = text.split(|character: char| !is_in_word(character, "_-.:@/+=~"));
        let parts = text.split(|character: char| !is_in_word(character, "_-."));
        quoted
            .chain(words)
            .chain(parts)
            .filter(|word| !word.is_empty())
            .any(|word| hidden.iter().any(|marker| marker.covers(word)))
    }

    /// The old version of which these bytes hold a marker that is too long to be there by chance, in upper or lower
    /// case.
    pub fn distinctive_old(&self, bytes: &[u8]) -> Option<VersionId> {
        let hit = self.distinctive.as_ref()?.find(bytes)?;
        Some(self.distinctive_versions[hit.pattern().as_usize()])
    }
}

/// Is it a character of ids, digests and names? Other characters separate these in a text. Some do both: `id=key-24`,
/// `YWJj==`.
fn is_in_word(character: char, others: &str) -> bool {
    character.is_alphanumeric() || others.contains(character)
}

/// The bytes with the escapes of JSON undone. Of an escape other than `\\uXXXX` only the backslash goes.
fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 1) == Some(&b'u'));
        let code =
            code.and_then(|code| u32::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        if let Some(character) = code.and_then(char::from_u32) {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &rest[at + 6..];
        } else {
            out.extend(rest.get(at + 1));
            rest = rest.get(at + 2..).unwrap_or_default();
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The text by which a marker can be searched for in raw bytes.
fn searchable(marker: &Marker) -> Option<&str> {
    match marker {
        Marker::Literal(text)
        | Marker::Sha256(text)
        | Marker::Prefix(text)
        | Marker::Suffix(text) => Some(text),
        Marker::Regex(_) => None,
    }
}

fn search(needles: &[String], folds_case: bool) -> Option<AhoCorasick> {
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(folds_case);
    let build = || builder.build(needles);
    (!needles.is_empty()).then(|| build().expect("a plan's markers fit into an automaton"))
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
        for other in ["v10", "V1", "v1 ", " v1", "xv1"] {
            assert_eq!(markers.version(other), None, "{other}");
        }
    }
}
