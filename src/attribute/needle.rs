/*! One text by which a marker is found in bytes, and whether what was found is more than chance. */

use aho_corasick::Match;

use crate::model::{VersionId, VersionState};
use crate::plan::Marker;
use crate::plan::encodings::to_base64;
use crate::plan::spelling::{guid, is_common, is_written_as_guid, name_spellings};

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

/// The texts by which a marker can be searched for in raw bytes: as the plan has it, and as others write the same.
pub(super) fn texts_of(marker: &Marker) -> Vec<String> {
    match marker {
        Marker::Literal(text) => {
            let digits = guid(text).filter(|_| is_written_as_guid(text));
            let mut texts = name_spellings(text);
            texts.extend(digits.iter().cloned());
            texts.extend(digits.map(|digits| dashed(&digits)).filter(|dashed| dashed != text));
            texts.extend(fingerprint_spellings(text));
            texts.push(text.clone());
            texts
        }
        Marker::Sha256(digits) => {
            let byte = |pair: &str| u8::from_str_radix(pair, 16).ok();
            let bytes: Vec<u8> = pairs(digits).into_iter().filter_map(byte).collect();
            vec![pairs(digits).join(":"), to_base64(&bytes), digits.clone()]
        }
        Marker::Prefix(text) | Marker::Suffix(text) => vec![text.clone()],
        Marker::Serial(_) | Marker::Regex(_) => Vec::new(),
    }
}

/// From this number of digits on, a text of hexadecimal digits may be a fingerprint, which many write in pairs.
const FINGERPRINT_DIGITS: usize = 16;

/// The other way to write a fingerprint: with colons between its bytes, or without.
fn fingerprint_spellings(text: &str) -> Option<String> {
    let digits = text.replace(':', "");
    let is_one = digits.len() >= FINGERPRINT_DIGITS
        && digits.len().is_multiple_of(2)
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_one.then(|| if digits == text { pairs(&digits).join(":") } else { digits })
}

fn pairs(digits: &str) -> Vec<&str> {
    (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]).collect()
}

/// A GUID of these 32 digits, as most write it.
fn dashed(digits: &str) -> String {
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

/// The bytes of a long text in hexadecimal digits, as auditd and debuggers write them.
pub(super) fn in_hexadecimal(text: &String) -> Option<String> {
    (text.len() >= DISTINCTIVE_BYTES).then(|| crate::model::hex(text.as_bytes()))
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
    let ends_word = |sign: Option<char>| sign.is_none_or(|sign| !is_in_word(sign, in_word));
    let (before, after) = (&bytes[..hit.start()], &bytes[hit.end()..]);
    let ends_sentence = || after.first() == Some(&b'.') && ends_word(first_sign(&after[1..]));
    ends_word(last_sign(before)) && (ends_word(first_sign(after)) || ends_sentence())
}

/// Of bytes that are no text: they may be part of a word.
const UNKNOWN_SIGN: char = 'x';

fn first_sign(bytes: &[u8]) -> Option<char> {
    let whole = |length| std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next();
    let sign = (1..=4).find_map(whole);
    sign.or_else(|| bytes.first().map(|_| UNKNOWN_SIGN))
}

fn last_sign(bytes: &[u8]) -> Option<char> {
    let start = |length| bytes.len().checked_sub(length);
    let whole = |length| std::str::from_utf8(&bytes[start(length)?..]).ok()?.chars().next();
    let sign = (1..=4).find_map(whole);
    sign.or_else(|| bytes.last().map(|_| UNKNOWN_SIGN))
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
