/*! Old markers in places that nobody reads. What belongs to one record is searched with it; what is around the records
 * of a document, or around the record in an envelope, belongs to none of them and is searched once.
 */

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use super::stream::StreamName;
use crate::attribute::marker_search::{MarkerSearch, without_values};
use crate::ingest::decode::json::{self, InnerRecord};
use crate::ingest::decode::{JsonSearch, Spot, is_nested};
use crate::model::facts::Stray;
use crate::model::{Timestamp, VersionId};
use crate::safe;

/// An old marker in a record that does not use it: in a field that is not mapped, in one that is mapped to another
/// column, within other text, or spelled otherwise.
pub(super) struct FoundMarker {
    pub(super) version: VersionId,
    pub(super) why: Stray,
    /// The JSON Pointer to it, empty outside of JSON; or the marker as logged, where its spelling differs.
    pub(super) place: String,
    /// The latest time that the record mentions, which may be that of a use.
    pub(super) until: Option<Timestamp>,
}

/// What tells such markers apart in the result of a scan: log source, why, place, version and hour.
pub(super) type StrayEntry = (StreamName, Stray, String, VersionId, Timestamp);

/// What one record reads as its credential.
pub(super) struct ReadUse {
    pub(super) uids: Vec<String>,
    pub(super) shows_old: bool,
    /// The latest instant at which it may have happened.
    pub(super) at: Option<Timestamp>,
    pub(super) stream: Arc<str>,
}

/// What is known of the texts that are being read, from the outermost to the innermost, and what their records read.
#[derive(Default)]
pub(super) struct Surroundings {
    /// Whether the innermost text mentions an old marker; `None`: the record is inside of no other.
    pub(super) mention: Option<bool>,
    /// Whether one of them does.
    is_noted: bool,
    /// The source's `ignore` names the field that the records are in.
    is_ignored: bool,
    uses: Vec<ReadUse>,
}

/// What was known before the records inside of a text were read.
pub(super) struct Enclosing {
    mention: Option<bool>,
    is_noted: bool,
    is_ignored: bool,
    /// The number of its first use.
    pub(super) first: usize,
}

/// An old marker around records: the latest of them dates it.
pub(super) struct MarkerAround {
    pub(super) marker: FoundMarker,
    pub(super) at: Option<Timestamp>,
    pub(super) stream: StreamName,
}

impl Surroundings {
    /// Whether a record in these texts may mention an old marker, in a field that the source does not ignore; `None`:
    /// only its bytes tell.
    pub(super) fn in_record(&self) -> Option<bool> {
        if self.is_ignored { Some(false) } else { self.mention }
    }

    /// Begins to read the records inside of a text. `mention`: does it mention an old marker?
    pub(super) fn enter(
        &mut self,
        mention: impl FnOnce() -> bool,
        (ignored, fields): (&[String], &[String]),
    ) -> Enclosing {
        let Self { mention: before, is_noted, is_ignored, ref uses } = *self;
        let mention = before != Some(false) && mention();
        self.mention = Some(mention);
        self.is_noted |= mention;
        self.is_ignored |= fields.iter().any(|field| is_below(field, ignored));
        Enclosing { mention: before, is_noted, is_ignored, first: uses.len() }
    }

    /// Ends it.
    pub(super) fn leave(&mut self, enclosing: &Enclosing) {
        let Enclosing { mention, is_noted, is_ignored, .. } = *enclosing;
        (self.mention, self.is_noted, self.is_ignored) = (mention, is_noted, is_ignored);
        if !is_noted {
            self.uses.clear();
        }
    }

    /// How many records were noted.
    pub(super) fn noted(&self) -> usize {
        self.uses.len()
    }

    /// Takes what a record reads, where that matters to the text around it.
    pub(super) fn note(&mut self, read: impl FnOnce() -> ReadUse) {
        if self.is_noted {
            self.uses.push(read());
        }
    }

    /// The records of the text that is about to be left, if its rest is to be searched.
    pub(super) fn to_search(&self, enclosing: &Enclosing) -> Option<&[ReadUse]> {
        let is_searched = self.mention == Some(true) && !enclosing.is_ignored;
        self.uses.get(enclosing.first..).filter(|uses| is_searched && !uses.is_empty())
    }
}

/// The old marker in the text of a record that mentions one, besides the values that were read.
pub(super) fn in_record(
    search: &MarkerSearch,
    text: &str,
    uids: &[Cow<'_, str>],
    ignored: &[String],
) -> Option<FoundMarker> {
    if is_nested(text) {
        return in_json(text, &|_| false, &|spot| version_in(search, spot, uids, ignored));
    }
    let version = search.mention(without_values(text, uids, search).as_bytes())?;
    Some(unmapped(version, ""))
}

/// The old marker in an envelope that mentions one, outside of what it wraps.
pub(super) fn around_payload(
    search: &MarkerSearch,
    (text, payload): (&str, &str),
    uses: &[ReadUse],
    ignored: &[String],
) -> Option<MarkerAround> {
    if uses.iter().all(|read| read.shows_old) {
        return None;
    }
    let uids = uids_of(uses);
    let wrapped = range_within(text, payload);
    let marker = if is_nested(text) {
        let is_wrapped = |at: usize| wrapped.as_ref().is_some_and(|wrapped| wrapped.start == at);
        in_json(text, &is_wrapped, &|spot| {
            let is_payload = spot.text.trim_end() == payload;
            (!is_payload).then(|| version_around(search, spot, &uids, ignored)).flatten()
        })
    } else {
        let wrapped = wrapped.unwrap_or(0..0);
        let rest = [&text[..wrapped.start], &text[wrapped.end..]];
        let mut rest = rest.into_iter().map(|text| without_values(text, &uids, search));
        let version = rest.find_map(|text| search.mention(text.as_bytes()));
        version.map(|version| unmapped(version, ""))
    };
    dated(marker?, uses)
}

/// The old marker in a document that mentions one, outside of its records. `steps`: the ways to these. `noted`: what
/// each of them read, by the numbers in `uses`. A record accounts for what is in the same objects and lists as itself.
pub(super) fn around_records(
    search: &MarkerSearch,
    (text, steps): (&str, &[Vec<String>]),
    (uses, noted): (&[ReadUse], &[Range<usize>]),
    ignored: &[String],
) -> Option<MarkerAround> {
    let records = steps.iter().flat_map(|steps| json::inner_records(text, steps));
    let places =
        records.zip(noted).filter_map(|(record, noted)| Some((record.ok()?, noted.clone())));
    let places: Vec<(InnerRecord<'_>, Range<usize>)> = places.collect();
    let is_record = |at: usize| {
        places.iter().any(|(record, _)| std::ptr::eq(record.text.as_ptr(), text[at..].as_ptr()))
    };
    let marker = in_json(text, &is_record, &|spot| {
        version_in(search, spot, &[], ignored)?;
        let near = near(&places, text, spot.at, uses);
        let is_old = !near.is_empty() && near.iter().all(|read| read.shows_old);
        (!is_old).then(|| version_around(search, spot, &uids_of(near), ignored)).flatten()
    });
    dated(marker?, uses)
}

/// The records in the innermost object or list around this place that holds records.
fn near<'u>(
    places: &[(InnerRecord<'_>, Range<usize>)],
    text: &str,
    at: usize,
    uses: &'u [ReadUse],
) -> Vec<&'u ReadUse> {
    let around = places.iter().flat_map(|(record, _)| &record.around);
    let ranges = around.filter_map(|outer| range_within(text, outer));
    let innermost = ranges.filter(|range| range.contains(&at)).min_by_key(Range::len);
    let is_in = |record: &InnerRecord<'_>| {
        let range = range_within(text, record.text);
        let (outer, inner) = innermost.as_ref().zip(range).unwrap_or((&(0..0), 0..0));
        outer.contains(&inner.start)
    };
    let is_list = innermost.as_ref().is_some_and(|range| text[range.start..].starts_with('['));
    let near = places.iter().filter(|(record, _)| !is_list && is_in(record));
    near.flat_map(|(_, noted)| uses.get(noted.clone()).unwrap_or_default()).collect()
}

/// `version_in`: the old version that a place in the text names.
fn in_json(
    text: &str,
    passes_over: &dyn Fn(usize) -> bool,
    version_in: &dyn Fn(Spot<'_>) -> Option<VersionId>,
) -> Option<FoundMarker> {
    let version = Cell::new(None);
    let finds = |spot: Spot<'_>| {
        version.set(version_in(spot));
        version.get().is_some()
    };
    let pointer = JsonSearch { passes_over, finds: &finds }.pointer_in(text)?;
    Some(unmapped(version.get()?, &pointer))
}

/// The old version that a place around records names. A value that a record reads there is read.
fn version_around(
    search: &MarkerSearch,
    spot: Spot<'_>,
    uids: &[Cow<'_, str>],
    ignored: &[String],
) -> Option<VersionId> {
    let is_read = uids.iter().any(|uid| uid == spot.text);
    (!is_read).then(|| version_in(search, spot, uids, ignored)).flatten()
}

/// The old version that a place names, besides the values that were read.
fn version_in(
    search: &MarkerSearch,
    spot: Spot<'_>,
    uids: &[Cow<'_, str>],
    ignored: &[String],
) -> Option<VersionId> {
    let rest = without_values(spot.text, uids, search);
    search.mention_in_value(spot.pointer, &rest).filter(|_| !is_below(spot.pointer, ignored))
}

/// An old marker at a pointer that no field is read as.
pub(super) fn unmapped(version: VersionId, pointer: &str) -> FoundMarker {
    let place = safe::mask_text(pointer).into_owned();
    FoundMarker { version, why: Stray::Unmapped, place, until: None }
}

/// Whether a text may be written in a record as the list of its bytes: journald does so with what is not printable.
pub(super) fn is_listed(text: &str, record: &str) -> bool {
    let bytes = record.as_bytes();
    let begins_list =
        |at: usize| bytes.get(at + 1).is_some_and(|next| next.is_ascii_digit() || *next == b' ');
    range_within(record, text).is_none() && memchr::memchr_iter(b'[', bytes).any(begins_list)
}

fn dated(marker: FoundMarker, uses: &[ReadUse]) -> Option<MarkerAround> {
    let latest = uses.iter().max_by_key(|read| read.at)?;
    Some(MarkerAround { marker, at: latest.at, stream: latest.stream.to_string() })
}

fn uids_of<'u>(uses: impl IntoIterator<Item = &'u ReadUse>) -> Vec<Cow<'u, str>> {
    let uids = uses.into_iter().flat_map(|read| &read.uids);
    uids.map(|uid| Cow::Borrowed(uid.as_str())).collect()
}

/// Whether a pointer is one of these, or leads to something inside of one.
fn is_below(pointer: &str, ignored: &[String]) -> bool {
    ignored.iter().any(|ignored| {
        let below = pointer.strip_prefix(ignored.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    })
}

/// Where a part of a text is in it; `None` if it is no part of it.
fn range_within(text: &str, part: &str) -> Option<Range<usize>> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (start + part.len() <= text.len()).then(|| start..start + part.len())
}
