/*! One text by which a marker is found in bytes, and whether what was found is more than chance. */

use aho_corasick::Match;

use crate::model::{VersionId, VersionState};
use crate::plan::spelling::is_common;

/// A shorter marker may be part of another word by chance.
pub(super) const DISTINCTIVE_BYTES: usize = 8;

/// Characters of a short marker's word other than letters and digits.
const IN_SHORT_WORD: &str = "_-./@+~";

/// What the name of a field that holds a credential may contain.
const CREDENTIAL_WORDS: &[&str] =
    &["key", "token", "secret", "cred", "cert", "kid", "serial", "passw"];

/// A text to search for, in any case of its letters.
#[derive(Debug)]
pub(super) struct Needle {
    pub(super) text: String,
    pub(super) version: VersionId,
    pub(super) state: VersionState,
}

impl Needle {
    /// Whether it was not found by chance: it is long, or a word of its own that is an id, or the value of a field that
    /// holds credentials.
    pub(super) fn is_clear(&self, bytes: &[u8], hit: Match) -> bool {
        self.text.len() >= DISTINCTIVE_BYTES
            || stands_alone(bytes, hit, IN_SHORT_WORD)
                && (self.is_id(&bytes[hit.range()])
                    || names_credential(field_before(&bytes[..hit.start()])))
    }

    /// The same where the bytes are the value of a field: a marker that may be anything must be all of the value.
    pub(super) fn is_clear_in_value(&self, field: &str, value: &[u8], hit: Match) -> bool {
        if is_common(&self.text) {
            hit.range() == (0..value.len()) && names_credential(field)
        } else {
            self.is_clear(value, hit)
                || stands_alone(value, hit, IN_SHORT_WORD) && names_credential(field)
        }
    }

    /// Whether the text is no word or number that may be anything. In the other case a word of letters alone is one:
    /// `App` begins a sentence.
    fn is_id(&self, found: &[u8]) -> bool {
        let is_word = self.text.bytes().all(|sign| sign.is_ascii_alphabetic());
        !is_common(&self.text) && (found == self.text.as_bytes() || !is_word)
    }
}

/// Is it a character of ids, digests and names? Other characters separate these in a text. Some do both: `id=key-24`,
/// `YWJj==`.
pub(super) fn is_in_word(character: char, others: &str) -> bool {
    character.is_alphanumeric() || others.contains(character)
}

pub(super) fn stands_alone(bytes: &[u8], hit: Match, in_word: &str) -> bool {
    let ends_word = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii() && !is_in_word(char::from(*byte), in_word))
    };
    let before = hit.start().checked_sub(1).and_then(|position| bytes.get(position));
    let after = bytes.get(hit.end());
    let ends_sentence = after == Some(&b'.') && ends_word(bytes.get(hit.end() + 1));
    ends_word(before) && (ends_word(after) || ends_sentence)
}

/// The name of the field whose value begins where these bytes end: `key_id=`, `"kid":"`, `serial: `.
fn field_before(bytes: &[u8]) -> &str {
    let quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b'\\' | b' ');
    let trim = |mut bytes: &[u8]| -> usize {
        while let Some((last, rest)) = bytes.split_last()
            && quote(last)
        {
            bytes = rest;
        }
        bytes.len()
    };
    let bytes = &bytes[..trim(bytes)];
    let Some((b'=' | b':', name)) = bytes.split_last() else { return "" };
    let name = &name[..trim(name)];
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let start = name.iter().rposition(|byte| !in_name(byte)).map_or(0, |position| position + 1);
    std::str::from_utf8(&name[start..]).unwrap_or_default()
}

fn names_credential(field: &str) -> bool {
    let field = field.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    CREDENTIAL_WORDS.iter().any(|word| field.contains(word))
}
