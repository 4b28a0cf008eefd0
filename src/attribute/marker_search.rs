/*! Finds old markers in bytes that no profile reads as the credential. Of several markers of the plan in one place the
 * longest counts: `orders_app` is not in `orders_app_2026` if that is the new one.
 */

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, Match, MatchKind};
use regex::bytes::{Regex, RegexBuilder};

use super::escapes::{ByteSet, ESCAPE, hides_none_of, unescaped};
use super::needle::{Needle, in_hexadecimal, is_in_word, stands_alone, texts_of};
use crate::model::{VersionId, VersionState};
use crate::plan::encodings::{base64_around, base64_cores, decoded};
use crate::plan::spelling::without_colours;
use crate::plan::{Marker, ReadingPlan};

/// Characters of a part of a longer id other than letters and digits.
const IN_PART: &str = "_-.";

/// The searches for one plan's markers.
#[derive(Debug, Default)]
pub struct MarkerSearch {
    /// Whether any text by which an old marker can be found is there at all: most records hold none, and this is fast.
    any_old: Option<Regex>,
    /// Parts of the old markers in base64.
    in_base64: Option<AhoCorasick>,
    /// All texts by which markers can be found, the new ones too.
    texts: Option<AhoCorasick>,
    needles: Vec<Needle>,
    /// The bytes of which the texts of `any_old` consist, in either case.
    letters: ByteSet,
    /// Old markers that only a whole value or word can show: expressions, digests, numbers.
    whole: Vec<(Marker, VersionId)>,
}

impl MarkerSearch {
    /// Compiles the searches.
    ///
    /// # Panics
    /// If literals that the plan holds in memory do not fit into a search automaton.
    pub(super) fn new(plan: &ReadingPlan) -> Self {
        let mut search = Self::default();
        let mut cores: Vec<String> = Vec::new();
        for (number, version) in (0..).map(VersionId).zip(&plan.versions) {
            for marker in &version.markers {
                let (state, texts) = (version.state, texts_of(marker));
                let old = texts.iter().filter(|_| state == VersionState::Old);
                cores.extend(old.flat_map(|text| base64_cores(text)));
                let hexadecimal: Vec<String> = texts.iter().filter_map(in_hexadecimal).collect();
                let needle = |text| Needle { text, version: number, state };
                search.needles.extend(hexadecimal.into_iter().chain(texts).map(needle));
                if version.state == VersionState::Old && !matches!(marker, Marker::Literal(_)) {
                    search.whole.push((marker.clone(), number));
                }
            }
        }
        let texts = search.needles.iter().map(|needle| &needle.text);
        let mut builder = AhoCorasick::builder();
        builder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true);
        let built = || builder.build(texts).expect("a plan's markers fit into an automaton");
        search.texts = (!search.needles.is_empty()).then(built);
        let old = search.needles.iter().filter(|needle| needle.state == VersionState::Old);
        let old: Vec<&String> = old.map(|needle| &needle.text).collect();
        let parts = old.iter().copied().chain(&cores);
        search.letters = parts.flat_map(|text| text.bytes()).collect();
        search.any_old = any_of(&old, &cores);
        let built = || AhoCorasick::new(&cores).expect("parts of a plan's markers fit");
        search.in_base64 = (!cores.is_empty()).then(built);
        search
    }

    /// Do these bytes hold an old marker, even a short one, or one that is escaped, hashed or an expression?
    pub(super) fn holds_old(&self, bytes: &[u8]) -> bool {
        self.in_readings(bytes, &|_, _| true).is_some()
    }

    /// The old version that these bytes name too clearly for chance: by a long marker, or by a whole word.
    pub fn mention(&self, bytes: &[u8]) -> Option<VersionId> {
        self.in_readings(bytes, &|bytes, (hit, needle)| needle.is_clear(bytes, *hit))
    }

    /// The same for one value, of which the name of the field is known.
    pub fn mention_in_value(&self, field: &str, value: &str) -> Option<VersionId> {
        let is_clear = |bytes: &[u8], (hit, needle): &(Match, &Needle)| {
            needle.is_clear_in_value(field, bytes, *hit)
        };
        let plain = self.in_plain(value.as_bytes(), &is_clear);
        plain.or_else(|| self.in_plain(&decoded(value.as_bytes())?, &is_clear))
    }

    /// The old version that these bytes hold as they are, without the escapes of JSON, or in an encoding.
    fn in_readings(&self, bytes: &[u8], is_clear: &IsClear<'_>) -> Option<VersionId> {
        let may_hit = self.may_hit(bytes);
        let is_without = self.is_plainly_without(bytes, may_hit);
        (!is_without).then(|| self.in_each_reading(bytes, may_hit, is_clear)).flatten()
    }

    pub(super) fn in_each_reading(
        &self,
        bytes: &[u8],
        may_hit: bool,
        is_clear: &IsClear<'_>,
    ) -> Option<VersionId> {
        self.in_searched(bytes, may_hit, is_clear).or_else(|| {
            let unescaped = unescaped(bytes);
            let found = unescaped.as_ref().and_then(|bytes| self.in_plain(bytes, is_clear));
            found.or_else(|| {
                self.in_plain(&decoded(unescaped.as_deref().unwrap_or(bytes))?, is_clear)
            })
        })
    }

    /// Whether the bytes as they are may hold an old marker.
    pub(super) fn may_hit(&self, bytes: &[u8]) -> bool {
        self.any_old.as_ref().is_none_or(|any| any.is_match(bytes))
    }

    /// Whether it is clear without another search that no reading of the bytes holds an old marker.
    pub(super) fn is_plainly_without(&self, bytes: &[u8], may_hit: bool) -> bool {
        !may_hit && self.whole.is_empty() && hides_none_of(bytes, &self.letters)
    }

    fn in_plain(&self, bytes: &[u8], is_clear: &IsClear<'_>) -> Option<VersionId> {
        self.in_searched(bytes, self.may_hit(bytes), is_clear)
    }

    fn in_searched(
        &self,
        bytes: &[u8],
        may_hit: bool,
        is_clear: &IsClear<'_>,
    ) -> Option<VersionId> {
        let found = may_hit.then(|| {
            let mut hits = self.all_hits(bytes);
            let found = hits.find(|hit| is_clear(bytes, hit)).map(|(_, needle)| needle.version);
            found.or_else(|| self.encoded(bytes, is_clear))
        });
        found.flatten().or_else(|| self.whole_word(bytes))
    }

    fn encoded(&self, bytes: &[u8], is_clear: &IsClear<'_>) -> Option<VersionId> {
        let mut cores = self.in_base64.as_ref()?.find_iter(bytes);
        cores.find_map(|core| {
            let plain = base64_around(bytes, core.range())?;
            let mut hits = self.all_hits(&plain);
            hits.find(|hit| is_clear(&plain, hit)).map(|(_, needle)| needle.version)
        })
    }

    /// Whether a value that was read as the credential has an old marker as a part of its own: `keys/key-old`.
    pub fn is_part_of(&self, value: &str) -> bool {
        let is_part =
            |bytes: &[u8], (hit, _): &(Match, &Needle)| stands_alone(bytes, *hit, IN_PART);
        let plain = value.as_bytes();
        let mut hits = self.hits(plain);
        hits.any(|hit| is_part(plain, &hit))
            || self.encoded(plain, &is_part).is_some()
            || self.word_other_than(value, plain).is_some()
            || decoded(plain).is_some_and(|plain| {
                self.all_hits(&plain).any(|hit| is_part(&plain, &hit))
                    || self.word_other_than(value, &plain).is_some()
            })
    }

    /// The text without a value, except where the value is only a part of a longer old marker: a source may cut the
    /// marker where it expects a separator.
    fn without(&self, text: &str, value: &str) -> String {
        let hits: Vec<Range<usize>> =
            self.hits(text.as_bytes()).map(|(hit, _)| hit.range()).collect();
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (at, _) in text.match_indices(value) {
            let end = at + value.len();
            let is_cut = hits
                .iter()
                .any(|hit| hit.start < end && at < hit.end && (hit.start < at || end < hit.end));
            if !is_cut {
                out.push_str(&text[from..at]);
                out.push(' ');
                from = end;
            }
        }
        out.push_str(&text[from..]);
        out
    }

    fn hits<'s, 'b: 's>(&'s self, bytes: &'b [u8]) -> impl Iterator<Item = (Match, &'s Needle)> {
        let may_hit = self.any_old.as_ref().is_none_or(|any| any.is_match(bytes));
        self.all_hits(bytes).take(if may_hit { usize::MAX } else { 0 })
    }

    fn all_hits<'s, 'b: 's>(
        &'s self,
        bytes: &'b [u8],
    ) -> impl Iterator<Item = (Match, &'s Needle)> {
        let hits = self.texts.iter().flat_map(move |texts| texts.find_iter(bytes));
        let hits = hits.map(|hit| (hit, &self.needles[hit.pattern().as_usize()]));
        hits.filter(|(_, needle)| needle.state == VersionState::Old)
    }

    fn whole_word(&self, bytes: &[u8]) -> Option<VersionId> {
        self.word_other_than("", bytes)
    }

    /// The old version that a whole value or word names, other than this one: attribution has judged that.
    fn word_other_than(&self, value: &str, bytes: &[u8]) -> Option<VersionId> {
        if self.whole.is_empty() {
            return None;
        }
        let text = String::from_utf8_lossy(bytes);
        let quoted = text.split('"');
        let words = text.split(|character: char| !is_in_word(character, "_-.:@/+=~"));
        let parts = text.split(|character: char| !is_in_word(character, "_-."));
        let mut all =
            quoted.chain(words).chain(parts).filter(|word| !word.is_empty() && *word != value);
        all.find_map(|word| {
            self.whole.iter().find(|(marker, _)| marker.covers(word)).map(|(_, version)| *version)
        })
    }
}

/// An expression for any of these texts, in any case of ASCII letters, and for any of these parts. `None` if it does
/// not compile: then all is searched.
fn any_of(texts: &[&String], parts: &[String]) -> Option<Regex> {
    let escaped: Vec<String> = texts.iter().map(|text| regex::escape(text)).collect();
    let mut any = vec![format!("(?i-u:{})", escaped.join("|"))];
    any.extend(parts.iter().map(|part| regex::escape(part)));
    RegexBuilder::new(&any.join("|")).unicode(false).build().ok().filter(|_| !texts.is_empty())
}

/// Whether what was found in bytes is no chance.
type IsClear<'c> = dyn Fn(&[u8], &(Match, &Needle)) -> bool + 'c;

/// The text without the values that were read: what a profile reads is not unmapped, unless an old marker is a
/// part of it.
pub fn without_values<'t>(
    text: &'t str,
    values: &[Cow<'_, str>],
    search: &MarkerSearch,
) -> Cow<'t, str> {
    let is_coloured = memchr::memchr(ESCAPE, text.as_bytes()).is_some();
    let mut text =
        if is_coloured { Cow::Owned(without_colours(text)) } else { Cow::Borrowed(text) };
    for value in values.iter().filter(|value| !value.is_empty()) {
        if text.contains(value.as_ref()) && !search.is_part_of(value) {
            text = Cow::Owned(search.without(&text, value));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{self, KnownNames};

    fn search(old: &str, new: &str) -> MarkerSearch {
        let text = format!(
            r#"
            credential.name = "c"
            credential.version = [
              {{ name = "v1", state = "old", markers = ["{old}"] }},
              {{ name = "v2", state = "new", markers = ["{new}"] }},
            ]
            rotation = {{ introduced = 2026-03-02T09:00:00Z, window = "1h" }}
            consumer = [{{ class = "w", match = [{{ service_name = "w" }}] }}]
            "#
        );
        let known = KnownNames { rules: &[], profiles: &[] };
        let plan = plan::load("plan.toml", &text, &known).expect("a plan that holds");
        MarkerSearch::new(&plan.reading())
    }

    #[test]
    fn a_long_marker_is_found_anywhere_and_a_short_one_as_a_word() {
        let check = |old: &str, bytes: &str, is_found: bool| {
            let found = search(old, "other-new").mention(bytes.as_bytes());
            assert_eq!(found.is_some(), is_found, "{old} in {bytes}");
        };
        check("doc-key-2024", "xDOC-KEY-2024y", true);
        check("k1", r#"{"kid":"k1"}"#, true);
        check("k1", r#"{"msg":"{\"kid\":\"k1\"}"}"#, true);
        check("k1", "signed with k1.", true);
        check("k1", "kid=k1 outcome=success", true);
        for text in ["/k1/users", "k12", "xk1", "a_k1", "k1.example", "K12", "/K1/users", "PK1"] {
            check("k1", text, false);
        }
        check("/key-(19|24)/", r#"{"id":"key-24"}"#, true);
        check("/key-(19|24)/", r#"{"id":"key-26"}"#, false);
    }

    #[test]
    fn a_short_marker_in_the_other_case_is_one_unless_it_is_a_word_of_the_language() {
        let check = |old: &str, bytes: &str, is_found: bool| {
            let found = search(old, "other-new").mention(bytes.as_bytes());
            assert_eq!(found.is_some(), is_found, "{old} in {bytes}");
        };
        check("k1", r#"{"note":"K1"}"#, true);
        check("app_a", "signed in as APP_A.", true);
        check("App-A", "by app-a", true);
        check("app", "kid=APP", true);
        check("app", r#"{"token_name": "App"}"#, true);
        for text in ["App started", "APP", "user=App", r#"{"note":"App"}"#, "kid=APPS"] {
            check("app", text, false);
        }
        let search = search("app", "other-new");
        assert!(search.mention_in_value("/auth/kid", "APP").is_some());
        assert!(search.mention_in_value("/auth/kid", "by APP").is_some());
        assert!(search.mention_in_value("/note", "APP").is_none());
    }

    #[test]
    fn a_marker_is_found_in_encodings() {
        let check = |old: &str, bytes: &str, is_found: bool| {
            let search = search(old, "doc-key-2026");
            assert_eq!(search.mention(bytes.as_bytes()).is_some(), is_found, "{old} in {bytes}");
            assert_eq!(search.holds_old(bytes.as_bytes()), is_found, "{old} in {bytes}");
        };
        for text in [
            "GET /?key=doc%2Dkey%2d2024",
            "GET /?key=doc%252Dkey-2024",
            r#"{"note":"doc&#45;key&#45;2024"}"#,
            r#"{"note":"doc\u0026#45;key-2024"}"#,
            r#"{"note":"ｄｏｃ－ｋｅｙ－２０２４"}"#,
            r#"{"note":"\uff44oc-key-2024"}"#,
            r#"{"data":"ZG9jLWtleS0yMDI0"}"#,
            "proctitle=646F632D6B65792D32303234",
            "auth: Basic dXNlcjpkb2Mta2V5LTIwMjQ=",
        ] {
            check("doc-key-2024", text, true);
        }
        for text in ["/?key=doc%2Dkey%2D2026", "a=1&b=2", "ZG9jLWtleS0yMDI2", "zg9jlwtles0ymdi0"] {
            check("doc-key-2024", text, false);
        }
        check("app1", r#"{"data":"YXBwMQ=="}"#, true);
        check("app1", r#"{"data":"YXBwMTI="}"#, false);
        let short = search("orders", "doc-key-2026");
        assert!(short.mention(b"b3JkZXJzX2FwcA==").is_none(), "part of another word");
    }

    #[test]
    fn a_short_number_counts_where_its_field_speaks_of_a_credential() {
        let search = search("3", "4");
        for text in
            ["secret_version=3", r#"{"key_version": 3}"#, r#""kid":"3""#, r#"\"token_id\":\"3\""#]
        {
            assert!(search.mention(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["attempt=3", "3 items", r#"{"keys":[{"n":3}]}"#, "secret_version=13"] {
            assert!(search.mention(text.as_bytes()).is_none(), "{text}");
        }
        assert!(search.mention_in_value("/auth/secret_version", "3").is_some());
        assert!(search.mention_in_value("/attempt", "3").is_none());
    }

    #[test]
    fn the_longest_marker_of_the_plan_wins() {
        let search = search("orders_app", "orders_app_2026");
        assert!(search.mention(br#"{"user":"orders_app_2026"}"#).is_none());
        assert!(!search.holds_old(b"user=orders_app_2026, then cut"));
        assert!(search.mention(br#"{"user":"orders_app","was":"orders_app_2026"}"#).is_some());
        let values = [Cow::Borrowed("orders_app_x")];
        assert_eq!(without_values("by orders_app_x", &values, &search), "by  ");
        let values = [Cow::Borrowed("app")];
        let cut = without_values("by orders_app, of app", &values, &search);
        assert_eq!(cut, "by orders_app, of  ", "a part of a longer marker stays");
        let values = [Cow::Borrowed("roles/orders_app")];
        assert_eq!(without_values("roles/orders_app", &values, &search), "roles/orders_app");
    }

    #[test]
    fn a_value_with_more_than_the_marker_is_no_reading_of_it() {
        // The digest of SG.q1w2.
        let digest = "sha256:dcf354be42ec298ac5214e79515c7dfd67a97adfa4f9df09ffeab7aeeaeafaa6";
        for old in [digest, "prefix:SG.q1", "suffix:.q1w2", "/SG[.]q1w?2/"] {
            let search = search(old, "SG.e3r4");
            for value in ["Bearer SG.q1w2", "token SG.q1w2", "apikey=SG.q1w2", "SG.q1w2,other"] {
                let text = format!("by {value}");
                let values = [Cow::Borrowed(value)];
                assert_eq!(without_values(&text, &values, &search), text, "{old} in {value}");
            }
            let values = [Cow::Borrowed("Bearer SG.e3r4")];
            assert_eq!(without_values("by Bearer SG.e3r4", &values, &search), "by  ", "{old}");
        }
    }
}
