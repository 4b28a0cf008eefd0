/*! Masking: outputs show a fingerprint instead of a secret, so that equal secrets can still be recognised. */

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex, RegexSet};

use super::declared::is_in_name;
use super::shape;
use crate::model::hex;

/// What is shown instead of a secret: `fp:` and 12 hexadecimal digits of a keyed hash.
pub fn fingerprint(secret: &str) -> String {
    let hash = blake3::derive_key("holdover marker fingerprint v1", secret.as_bytes());
    format!("fp:{}", hex(&hash[..6]))
}

/// The path of a file, or a name made from it: secrets are masked if their context or their prefix identifies them.
/// Other parts that look random stay, because names of exports contain them and the file could not be found without
/// them.
pub fn mask_file(path: &str) -> Cow<'_, str> {
    mask_known(path)
}

/// One value: its fingerprint if all of it looks like a secret, else its text with the secrets in it masked.
pub fn mask(value: &str) -> Cow<'_, str> {
    if is_secret(value) { Cow::Owned(fingerprint(value)) } else { mask_text(value) }
}

/// Longer text: secrets in headers, query strings, JSON, PEM blocks and bare tokens become fingerprints.
pub fn mask_text(text: &str) -> Cow<'_, str> {
    mask_runs(mask_known(text), false)
}

/// A path: as `mask_text`, but long lower-case hexadecimal parts stay. They are ids of containers and digests, and a
/// path without them cannot be opened.
pub fn mask_path(path: &str) -> Cow<'_, str> {
    mask_runs(mask_known(path), true)
}

/// Does the whole value look like a secret?
fn is_secret(value: &str) -> bool {
    let whole =
        |regex: &Regex| regex.find(value).is_some_and(|found| found.range() == (0..value.len()));
    let run = RUN.find(value).is_some_and(|found| found.range() == (0..value.len()));
    let is_random = whole(&PEM) || whole(&JWT) || (run && looks_random(value));
    is_random && !is_in_name(value, 0..value.len())
}

/// The expressions, in the order in which they are tried. The group `secret` is always replaced, and the group `maybe`
/// if it is not a word.
fn known_expressions() -> [String; 9] {
    let name = concat!(
        r"(?:[a-z0-9]+[_-])*(?:api[_-]?key|secret[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key",
        r"|auth[_-]?key|sharedaccesskey|client[_-]?secret|secret|[a-z]*token|password|passwd|passphrase|pwd",
        r"|signature|sig)",
    );
    let password = r"(?:[a-z0-9]+[_-])*(?:password|passwd|passphrase|pwd)";
    [
        // Authorization: Bearer x, Authorization=x; then a scheme alone.
        r#"(?i)\bauthorization\\*["']?\s*[:=]\s*\\*["']?(?:[a-z0-9-]+\s+)?(?<secret>[^\s"'\\,;]+)"#
            .to_owned(),
        r"(?i)\b(?:bearer|basic)\s+(?<maybe>[a-z0-9._~+/=-]{8,})".to_owned(),
        // "name": "x", name="x y", name=x, --name x, password: x, name: x1.
        format!(r#"(?i)\b{name}\\*["']?\s*[:=]\s*\\*["](?<secret>[^"\\]+)"#),
        format!(r"(?i)\b{name}\\*['\x22]?\s*[:=]\s*\\*['](?<secret>[^'\\]+)"),
        format!(r#"(?i)\b{name}=(?<secret>[^\s"'\\&;,<>(){{}}\[\]=][^\s"'\\&;,<>(){{}}\[\]]*)"#),
        format!(r#"(?i)--{name}\s+(?<secret>[^\s"'-][^\s"']*)"#),
        format!(r#"(?i)\b{password}:\s*(?<secret>[^\s"'\\&;,<>(){{}}\[\]]+)"#),
        format!(r#"(?i)\b{name}:\s+(?<maybe>[^\s"'\\&;,<>(){{}}\[\]]{{8,}})"#),
        // https://user:x@host
        r"://[^/\s:@]*:(?<secret>[^/\s@]+)@".to_owned(),
    ]
}

const PEM_EXPRESSION: &str = r"(?s)-----BEGIN [A-Z0-9 ]+(?:.*?-----END [A-Z0-9 ]+-----|.*)";

const JWT_EXPRESSION: &str = r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){0,4}";

/// The expressions are compiled where one of them matches: most runs need none of them.
static KNOWN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compiled = known_expressions().map(|text| Regex::new(&text).expect("fixed"));
    compiled.into()
});

static PEM: LazyLock<Regex> = LazyLock::new(|| Regex::new(PEM_EXPRESSION).expect("fixed"));

static JWT: LazyLock<Regex> = LazyLock::new(|| Regex::new(JWT_EXPRESSION).expect("fixed"));

static PREFIX: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&shape::prefix_expression()).expect("fixed"));

static RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9_+/-]{32,}={0,2}").expect("fixed"));

/// A shorter text is no such run.
const RUN_BYTES: usize = 32;

/// All expressions of `mask_known` at once: where none matches, which is nearly everywhere, the text is read once.
static ANY_KNOWN: LazyLock<RegexSet> = LazyLock::new(|| {
    let others = [PEM_EXPRESSION.to_owned(), JWT_EXPRESSION.to_owned(), shape::prefix_expression()];
    RegexSet::new(known_expressions().iter().chain(&others)).expect("each of them compiles")
});

/// Masks secrets that their context or their prefix identifies.
fn mask_known(text: &str) -> Cow<'_, str> {
    if text.len() < 6 || !ANY_KNOWN.is_match(text) {
        return Cow::Borrowed(text);
    }
    let whole = |text: &str, found: &Captures<'_>| {
        (!is_in_name(text, found.get_match().range())).then(|| fingerprint(&found[0]))
    };
    let mut masked = step(Cow::Borrowed(text), &PEM, whole);
    for regex in KNOWN.iter() {
        masked = step(masked, regex, in_context);
    }
    masked = step(masked, &JWT, whole);
    step(masked, &PREFIX, |text, found| {
        let sure = found.get(1).is_some();
        let tail = found[0].split_once(['-', '.']).map_or("", |(_, tail)| tail);
        (sure || !shape::is_wordy(tail)).then(|| whole(text, found)).flatten()
    })
}

/// The match with its secret replaced; `None` if there is nothing to mask.
fn in_context(text: &str, found: &Captures<'_>) -> Option<String> {
    let secret = match found.name("secret") {
        Some(secret) => secret,
        None => found.name("maybe").filter(|maybe| is_no_word(maybe.as_str()))?,
    };
    if secret.as_str().starts_with("fp:")
        || is_key_id(secret.as_str())
        || is_in_name(text, secret.range())
    {
        return None;
    }
    let whole = found.get(0)?;
    let at = secret.start() - whole.start();
    let end = secret.end() - whole.start();
    let text = whole.as_str();
    Some(format!("{}{}{}", &text[..at], fingerprint(secret.as_str()), &text[end..]))
}

/// The id of an access key names a key and opens nothing.
fn is_key_id(text: &str) -> bool {
    text.len() == 20 && (text.starts_with("AKIA") || text.starts_with("ASIA"))
}

/// In prose a word follows, as in `bearer authentication` or `token: expired`. A secret has digits or inner capitals.
fn is_no_word(text: &str) -> bool {
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let shout = text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    (digit || shout) && !text.contains(':')
}

/// Masks tokens that only their random look identifies.
fn mask_runs(text: Cow<'_, str>, hex_stays: bool) -> Cow<'_, str> {
    if text.len() < RUN_BYTES {
        return text;
    }
    let masked = RUN.replace_all(&text, |found: &Captures<'_>| {
        let run = found.get_match();
        if is_digest(&text[..run.start()]) || is_in_name(&text, run.range()) {
            run.as_str().to_owned()
        } else {
            mask_run(run.as_str(), hex_stays)
        }
    });
    match masked {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

/// A digest, which is not a secret, follows `sha256:` and similar names.
fn is_digest(before: &str) -> bool {
    let before = before.trim_end().to_ascii_lowercase();
    ["sha256:", "sha512:", "sha384:", "sha1:", "md5:", "blake3:"]
        .iter()
        .any(|tail| before.ends_with(tail))
}

/// Each part of a path is judged on its own, unless the whole looks like base64.
fn mask_run(run: &str, hex_stays: bool) -> String {
    let body = run.trim_end_matches('=');
    if !run.contains('/') || shape::is_scattered(body, shape::RUN_MIN) {
        return mask_part(run, hex_stays);
    }
    run.split('/').map(|part| mask_part(part, hex_stays)).collect::<Vec<_>>().join("/")
}

fn mask_part(part: &str, hex_stays: bool) -> String {
    if hex_stays && shape::is_hex_or_short(part) || !shape::is_random(part) {
        part.to_owned()
    } else {
        fingerprint(part)
    }
}

fn looks_random(value: &str) -> bool {
    let body = value.trim_end_matches('=');
    if value.contains('/') {
        shape::is_scattered(body, shape::RUN_MIN)
    } else {
        shape::is_random(value)
    }
}

/// Replaces matches, and borrows the text again if there are none.
fn step<'t>(
    text: Cow<'t, str>,
    regex: &Regex,
    replace: impl Fn(&str, &Captures<'_>) -> Option<String>,
) -> Cow<'t, str> {
    let masked = regex.replace_all(&text, |found: &Captures<'_>| {
        replace(&text, found).unwrap_or_else(|| found[0].to_owned())
    });
    match masked {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}
