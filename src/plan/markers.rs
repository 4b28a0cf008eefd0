/*! Markers: how plans write them, which values they cover, and which of them would give one record to two versions. */

use std::borrow::Cow;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::checked_plan::{Marker, Version};
use super::document::PlanValue;
use super::encodings;
use super::matching::{expression, regex};
use super::spelling::{SerialNumber, bare, guid, is_written_as_guid};
use super::values::string;
use crate::diag::{Diagnostics, quoted};
use crate::model::hex;

const DIGEST: &str = "sha256:";

impl Marker {
    /// Whether a record with this value shows the marker.
    pub fn covers(&self, value: &str) -> bool {
        let value = bare(value);
        let value = value.as_ref();
        match self {
            Self::Literal(literal) => {
                literal == value
                    || is_written_as_guid(literal)
                        && guid(value).is_some_and(|digits| guid(literal) == Some(digits))
            }
            Self::Serial(serial) => {
                SerialNumber::read(value).is_some_and(|number| number.equals(serial))
            }
            Self::Sha256(digest) => {
                digest_digits(value).eq_ignore_ascii_case(digest)
                    || hexadecimal(value) == *digest
                    || encodings::digest_in_base64(value)
                        .is_some_and(|bytes| hex(&bytes) == *digest)
            }
            Self::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => value.ends_with(suffix.as_str()),
            Self::Regex(regex) => regex.is_match(value),
        }
    }

    /// Whether a value shows the marker but for its case.
    pub fn covers_in_other_case(&self, value: &str) -> bool {
        let value = bare(value).to_ascii_lowercase();
        match self {
            Self::Prefix(prefix) => value.starts_with(&prefix.to_ascii_lowercase()),
            Self::Suffix(suffix) => value.ends_with(&suffix.to_ascii_lowercase()),
            Self::Literal(_) | Self::Sha256(_) | Self::Serial(_) | Self::Regex(_) => false,
        }
    }

    /// The values that the marker spells out.
    fn values(&self) -> Vec<String> {
        match self {
            Self::Literal(literal) => vec![literal.clone()],
            Self::Sha256(digest) => vec![digest.clone(), format!("{DIGEST}{digest}")],
            Self::Prefix(_) | Self::Suffix(_) | Self::Serial(_) | Self::Regex(_) => Vec::new(),
        }
    }

    /// Whether a value is known that both cover. Two different expressions may overlap unnoticed.
    fn overlaps(&self, other: &Self) -> bool {
        let same_kind = match (self, other) {
            (Self::Prefix(a), Self::Prefix(b)) => a.starts_with(b) || b.starts_with(a),
            (Self::Suffix(a), Self::Suffix(b)) => a.ends_with(b) || b.ends_with(a),
            (Self::Regex(a), Self::Regex(b)) => a.as_str() == b.as_str(),
            (Self::Serial(a), Self::Serial(b)) => a.equals(b),
            (
                Self::Literal(_)
                | Self::Sha256(_)
                | Self::Prefix(_)
                | Self::Suffix(_)
                | Self::Serial(_)
                | Self::Regex(_),
                _,
            ) => false,
        };
        same_kind
            || other.values().iter().any(|value| self.covers(value))
            || self.values().iter().any(|value| other.covers(value))
    }

    fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_))
    }
}

/// The digits of a digest, without the name before them and the separators between them.
fn digest_digits(value: &str) -> Cow<'_, str> {
    let label = value.get(..DIGEST.len()).filter(|label| label.eq_ignore_ascii_case(DIGEST));
    let digits = label.map_or(value, |label| &value[label.len()..]);
    if digits.contains([':', '-', ' ']) {
        Cow::Owned(digits.replace([':', '-', ' '], ""))
    } else {
        Cow::Borrowed(digits)
    }
}

fn hexadecimal(value: &str) -> String {
    hex(&Sha256::digest(value.as_bytes()))
}

/// Reads one marker.
pub(super) fn marker(value: PlanValue<'_>, out: &mut Diagnostics) -> Option<Marker> {
    let text = string(value, out)?;
    let bad = |why: &str, help: &str, out: &mut Diagnostics| {
        out.push(
            "plan::bad-marker",
            value.span(),
            format!("expected a marker, found {}: {why}", quoted(text)),
        )
        .label("not a usable marker")
        .help(help);
        None
    };
    if text.trim() != text {
        let help = "a marker is compared exactly as written; remove the spaces";
        return bad("it begins or ends with a space", help, out);
    }
    if let Some(inside) = expression(text) {
        regex(value, inside, out)?;
        let whole = regex(value, &format!("^(?:{inside})$"), out)?;
        if whole.is_match("") {
            return bad("it matches an empty value", "let it match at least one character", out);
        }
        return Some(Marker::Regex(whole));
    }
    if let Some(digest) = text.strip_prefix(DIGEST) {
        if digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit()) {
            return Some(Marker::Sha256(digest.to_ascii_lowercase()));
        }
        let help = "write the 64 hexadecimal digits of the value's SHA-256 after `sha256:`; \
                    an SSH fingerprint begins with `SHA256:` and is a literal marker";
        return bad("it is not a SHA-256 digest", help, out);
    }
    let part = |rest: &str, of: fn(String) -> Marker, out: &mut Diagnostics| {
        if rest.is_empty() {
            return bad("it matches every value", "write at least one character after `:`", out);
        }
        Some(of(rest.to_owned()))
    };
    if let Some(number) = text.strip_prefix("serial:") {
        let help = "write the digits of the serial number after `serial:`, hexadecimal with or without \
                    colons, or decimal";
        return match SerialNumber::read(number) {
            Some(number) => Some(Marker::Serial(number)),
            None => bad("it is not a serial number", help, out),
        };
    }
    match (text.strip_prefix("prefix:"), text.strip_prefix("suffix:")) {
        (Some(rest), _) => part(rest, Marker::Prefix, out),
        (None, Some(rest)) => part(rest, Marker::Suffix, out),
        (None, None) => Some(Marker::Literal(text.to_owned())),
    }
}

/// One marker of a version, with its text and its bytes in the plan.
pub(super) struct WrittenMarker<'v> {
    pub(super) version: &'v Version,
    pub(super) marker: &'v Marker,
    pub(super) span: Range<usize>,
    pub(super) text: &'v str,
}

/// Reports each marker that overlaps one of an earlier version: a record that shows it would belong to both versions.
/// Literals are looked up, because a plan may list thousands of them.
pub(super) fn check_overlaps(written: &[WrittenMarker<'_>], out: &mut Diagnostics) {
    let mut literals = std::collections::BTreeMap::new();
    for (position, later) in written.iter().enumerate() {
        let before = &written[..position];
        let clash = if later.marker.is_literal() {
            let same = literals.insert(later.text, later).filter(|other| is_rival(other, later));
            same.or_else(|| {
                before
                    .iter()
                    .filter(|other| !other.marker.is_literal())
                    .find(|other| clashes(other, later))
            })
        } else {
            before.iter().find(|other| clashes(other, later))
        };
        if let Some(earlier) = clash {
            overlap(earlier, later, out);
        }
    }
}

fn is_rival(earlier: &WrittenMarker<'_>, later: &WrittenMarker<'_>) -> bool {
    !std::ptr::eq(earlier.version, later.version)
}

fn clashes(earlier: &WrittenMarker<'_>, later: &WrittenMarker<'_>) -> bool {
    is_rival(earlier, later) && earlier.marker.overlaps(later.marker)
}

fn overlap(earlier: &WrittenMarker<'_>, later: &WrittenMarker<'_>, out: &mut Diagnostics) {
    let (line, column) = out.position(earlier.span.start);
    let (first, second) = (quoted(earlier.text), quoted(later.text));
    let (rival, version) = (quoted(&earlier.version.name), quoted(&later.version.name));
    let message = if earlier.text == later.text {
        format!("the version {rival} already has the marker {second} at {line}:{column}")
    } else {
        format!(
            "{second} of {version} and {first} of {rival} ({line}:{column}) can match the same value"
        )
    };
    out.push("plan::overlapping-markers", later.span.clone(), message)
        .label(format!("a record of {version} would also be one of {rival}"))
        .help("give each version markers of its own: whole values, or longer prefixes");
}
