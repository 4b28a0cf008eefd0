/*! All fields of a record, and which of them its profile reads: for people who look for a field that nobody takes. */

use crate::ingest::decode::{json_scalars, logfmt};
use crate::profile::Profile;

use super::recognise::{Heading, Shape};

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenField {
    /// Where it is in its record.
    pub pointer: String,
    /// Its value as logged.
    pub value: String,
    /// Whether the profile reads it, or knows the source by it.
    pub is_read: bool,
}

/// The fields of a record. A text that expressions cut has those of its profile alone, which are all read.
pub(super) fn seen_fields(
    text: &str,
    heading: Option<&Heading>,
    profile: &Profile,
) -> Vec<SeenField> {
    let pairs = match Shape::of(text, heading) {
        Shape::Json => json_scalars::of(text),
        Shape::Row(row) => row.pairs(text),
        Shape::Pairs if profile.patterns.is_empty() => logfmt::pairs(text),
        Shape::Pairs | Shape::Sample(_) | Shape::Text => Vec::new(),
    };
    let field = |(pointer, value): (String, String)| {
        let is_read = is_read(profile, &pointer);
        SeenField { pointer, value, is_read }
    };
    pairs.into_iter().map(field).collect()
}

fn is_read(profile: &Profile, pointer: &str) -> bool {
    let known = profile.sniff.iter().map(String::as_str);
    let known = known.chain(profile.sniff_values.iter().map(|(pointer, _)| pointer.as_str()));
    known.chain(profile.pointers()).chain(profile.received.iter().map(String::as_str)).any(|read| {
        let fixed = read.split(['*', '{']).next().unwrap_or_default();
        let covers = |read: &str| {
            let rest = pointer.strip_prefix(read);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if fixed.len() < read.len() {
            !fixed.trim_end_matches('/').is_empty() && pointer.starts_with(fixed)
        } else {
            covers(read)
        }
    })
}
