/*! Markers: how they are written, what they cover, and where two versions would share a record. */

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::matching::{expression, regex};
use super::read::{Node, string};
use super::types::{Marker, Version};
use crate::diag::{Diagnostics, quoted};
use crate::model::hex;

const DIGEST: &str = "sha256:";

impl Marker {
    /// Does a record with that value show this marker?
    pub fn covers(&self, value: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == value,
            Self::Sha256(digest) => {
                let bare = value.strip_prefix(DIGEST).unwrap_or(value);
                bare.eq_ignore_ascii_case(digest) || hexadecimal(value) == *digest
            }
            Self::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => value.ends_with(suffix.as_str()),
            Self::Regex(regex) => regex.is_match(value),
        }
    }

    /// The values it names outright.
    fn values(&self) -> Vec<String> {
        match self {
            Self::Literal(literal) => vec![literal.clone()],
            Self::Sha256(digest) => vec![digest.clone(), format!("{DIGEST}{digest}")],
            Self::Prefix(_) | Self::Suffix(_) | Self::Regex(_) => Vec::new(),
        }
    }

    /// Is there a value that both surely cover?
    fn overlaps(&self, other: &Self) -> bool {
        let same_kind = match (self, other) {
            (Self::Prefix(one), Self::Prefix(two)) => one.starts_with(two) || two.starts_with(one),
            (Self::Suffix(one), Self::Suffix(two)) => one.ends_with(two) || two.ends_with(one),
            (Self::Regex(one), Self::Regex(two)) => one.as_str() == two.as_str(),
            (
                Self::Literal(_)
                | Self::Sha256(_)
                | Self::Prefix(_)
                | Self::Suffix(_)
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

fn hexadecimal(value: &str) -> String {
    hex(&Sha256::digest(value.as_bytes()))
}

/// One marker as the plan writes it.
pub(super) fn marker(node: Node<'_>, out: &mut Diagnostics) -> Option<Marker> {
    let text = string(node, out)?;
    let bad = |why: &str, help: &str, out: &mut Diagnostics| {
        out.push(
            "plan::bad-marker",
            node.span(),
            format!("expected a marker, found {}: {why}", quoted(text)),
        )
        .label("not a usable marker")
        .help(help);
        None
    };
    if text.trim() != text {
        let help = "markers are compared whole and exactly; leave the spaces out";
        return bad("it begins or ends with a space", help, out);
    }
    if let Some(inside) = expression(text) {
        regex(node, inside, out)?;
        let whole = regex(node, &format!("^(?:{inside})$"), out)?;
        if whole.is_match("") {
            return bad("it holds for an empty value", "name at least one character", out);
        }
        return Some(Marker::Regex(whole));
    }
    if let Some(digest) = text.strip_prefix(DIGEST) {
        if digest.len() == 64 && digest.chars().all(|one| one.is_ascii_hexdigit()) {
            return Some(Marker::Sha256(digest.to_ascii_lowercase()));
        }
        let help = "after `sha256:` stand the 64 hexadecimal digits of the value's SHA-256; \
                    an SSH fingerprint is written `SHA256:` and is a literal";
        return bad("it is no SHA-256", help, out);
    }
    let part = |rest: &str, of: fn(String) -> Marker, out: &mut Diagnostics| {
        if rest.is_empty() {
            return bad("it holds for every value", "write at least one character after `:`", out);
        }
        Some(of(rest.to_owned()))
    };
    match (text.strip_prefix("prefix:"), text.strip_prefix("suffix:")) {
        (Some(rest), _) => part(rest, Marker::Prefix, out),
        (None, Some(rest)) => part(rest, Marker::Suffix, out),
        (None, None) => Some(Marker::Literal(text.to_owned())),
    }
}

/// One marker of a version, with the text and place it has in the plan.
pub(super) struct Shown<'v> {
    /// The version.
    pub(super) version: &'v Version,
    /// The marker.
    pub(super) marker: &'v Marker,
    /// Its bytes in the plan.
    pub(super) span: Range<usize>,
    /// How the plan writes it.
    pub(super) text: &'v str,
}

/// Notes each marker that covers one of an earlier version: a record that shows it would be both.
pub(super) fn check_overlaps(shown: &[Shown<'_>], out: &mut Diagnostics) {
    let mut literals = std::collections::BTreeMap::new();
    for (position, one) in shown.iter().enumerate() {
        let before = &shown[..position];
        let clash = if one.marker.is_literal() {
            let same = literals.insert(one.text, one).filter(|other| is_rival(other, one));
            same.or_else(|| {
                before
                    .iter()
                    .filter(|other| !other.marker.is_literal())
                    .find(|other| clashes(other, one))
            })
        } else {
            before.iter().find(|other| clashes(other, one))
        };
        if let Some(other) = clash {
            overlap(other, one, out);
        }
    }
}

fn is_rival(one: &Shown<'_>, two: &Shown<'_>) -> bool {
    !std::ptr::eq(one.version, two.version)
}

fn clashes(one: &Shown<'_>, two: &Shown<'_>) -> bool {
    is_rival(one, two) && one.marker.overlaps(two.marker)
}

fn overlap(earlier: &Shown<'_>, later: &Shown<'_>, out: &mut Diagnostics) {
    let (line, column) = out.position(earlier.span.start);
    let (first, second) = (quoted(earlier.text), quoted(later.text));
    let (one, two) = (quoted(&earlier.version.name), quoted(&later.version.name));
    let message = if earlier.text == later.text {
        format!("the version {one} has the marker {second} already, at {line}:{column}")
    } else {
        format!("{second} of {two} and {first} of {one} ({line}:{column}) can hold for one value")
    };
    out.push("plan::overlapping-markers", later.span.clone(), message)
        .label(format!("a record of {two} would be one of {one} as well"))
        .help("give each version markers of its own: whole values, or longer beginnings");
}
