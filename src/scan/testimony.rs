/*! What a mapped record says about the rotation: its stream, its classes, its rows, and why it may be rejected
 * after all.
 */

use std::rc::Rc;
use std::sync::Arc;

use crate::attribute::marker_search::without_values;
use crate::attribute::{self, Attribution, MatchableRecord, RecordRows};
use crate::ingest::decode::json;
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::coverage::Reject;
use crate::model::evidence::Settle;
use crate::model::facts::Stray;
use crate::model::link::action_key;
use crate::model::{State, VersionId};
use crate::safe;

use super::interpret::InterpretedRecord;
use super::stream::{self, Folder};
use super::stream_names::StreamNames;
use super::wanted::Wanted;

/// Attributes the records of one input or member.
pub(super) struct Attributor<'a> {
    wanted: &'a Wanted,
    /// The position of the declared source in the plan.
    position: Option<usize>,
    pub(super) names: StreamNames,
}

/// An old marker in a record that does not use it: in a field that is not mapped, in one that is mapped to another
/// column, within other text, or spelled otherwise.
pub(super) struct FoundMarker {
    pub(super) version: VersionId,
    pub(super) why: Stray,
    /// The JSON Pointer to it, empty outside of JSON; or the marker as logged, where its spelling differs.
    pub(super) place: String,
}

/// What one record says about the rotation.
pub(super) struct Testimony<'m> {
    pub(super) stream: Arc<str>,
    /// The digest of its source and action, if it gives rows.
    pub(super) action: Option<String>,
    pub(super) attributed: Attribution<'m>,
    /// Why it is rejected although it would give rows.
    pub(super) flaw: Option<Reject>,
    /// Whether it is rejected depends on whether its action carries markers elsewhere.
    pub(super) awaits_markers: bool,
    pub(super) stray: Option<FoundMarker>,
}

impl Testimony<'_> {
    /// Whether nothing is made of the record, and nothing is wrong with it.
    pub(super) fn is_without_rows(&self) -> bool {
        self.attributed.kept.is_none() && self.flaw.is_none() && self.stray.is_none()
    }

    /// Whether one of its rows is of the old version.
    pub(super) fn shows_old(&self) -> bool {
        let mut rows = self.attributed.kept.iter().flat_map(|kept| &kept.rows);
        rows.any(|row| row.state == State::Old)
    }
}

impl<'a> Attributor<'a> {
    pub(super) fn new(wanted: &'a Wanted, position: Option<usize>, folder: Rc<Folder>) -> Self {
        let names = StreamNames::new(position, folder);
        Self { wanted, position, names }
    }

    /// Whether these bytes name an old version, whatever field they are in.
    pub(super) fn is_mention(&self, bytes: &[u8]) -> bool {
        self.wanted.rotation.markers.search().mention(bytes).is_some()
    }

    pub(super) fn testimony<'m>(
        &self,
        record: &'m InterpretedRecord<'_, 'm>,
        bytes: &[u8],
    ) -> Testimony<'m> {
        let (rotation, learned) = (&self.wanted.rotation, &self.wanted.learned);
        let mapped = &record.mapped;
        let seen = MatchableRecord { mapped, pointers: &record.pointers };
        let source = self.position.map(|position| &rotation.plan.sources[position]);
        let attributed = attribute::attribute(rotation, learned, source, seen);
        let source = &record.outermost.profile.name;
        let mut testimony = Testimony {
            stream: self.names.of(source, mapped.instance(), mapped.stream.as_deref()),
            action: None,
            attributed,
            flaw: None,
            awaits_markers: false,
            stray: None,
        };
        if let Some(kept) = &testimony.attributed.kept {
            let source = stream::source_name(source, self.position);
            let action = action_key(&source, mapped.text(Column::Action));
            let action = rotation.link_key.digest(&action);
            (testimony.flaw, testimony.awaits_markers) = self.flaw(mapped, kept, &action);
            testimony.action = Some(action);
        }
        if testimony.flaw.is_none() {
            let attributed = &testimony.attributed;
            let respelled = self.respelled(mapped, attributed);
            testimony.stray = respelled.or_else(|| self.unmapped(bytes, record, attributed));
        }
        testimony
    }

    /// Why a record that would give rows is rejected: its time, its count, or the word of its outcome. The second
    /// answer: the word is a flaw only if its action carries markers elsewhere.
    fn flaw(
        &self,
        mapped: &Mapped<'_>,
        kept: &RecordRows<'_>,
        action: &str,
    ) -> (Option<Reject>, bool) {
        let because = |reason| (Some(Reject::because(reason)), false);
        match mapped.time {
            RecordTime::At(_) => {}
            RecordTime::Missing => return because("no-time"),
            RecordTime::Unreadable => return because("unreadable-time"),
            RecordTime::Implausible => return because("implausible-time"),
        }
        match mapped.occurrences {
            Occurrences::Times(_)
            | Occurrences::Grown(_)
            | Occurrences::LastUse(_)
            | Occurrences::Idle(_)
            | Occurrences::State => {}
            Occurrences::Unreadable => return because("bad-count"),
            Occurrences::Unknown => return because("unknown-counter"),
        }
        // Who only asks for a marker loses no use to a word that nobody knows.
        if !self.wanted.rotation.plan.judges() {
            return (None, false);
        }
        let unknown =
            |word: &str| Some(Reject::with("unknown-outcome", safe::mask_path(word).into_owned()));
        let word = match &mapped.outcome {
            ReportedOutcome::Known(_) | ReportedOutcome::Nothing => return (None, false),
            ReportedOutcome::Unknown(word) => word,
            // A word of a field that often holds something else is no outcome, unless it may hide a refusal of the new
            // key.
            ReportedOutcome::Doubtful(word) => {
                let proves = |row: &attribute::RowSpec<'_>| {
                    row.kind.is_try() && row.state == State::New && row.binding.proves()
                };
                let hides_refusal = kept.rows.iter().any(proves);
                return (hides_refusal.then(|| unknown(word)).flatten(), false);
            }
        };
        let mut awaits_markers = false;
        let mut attempts = kept.rows.iter().filter(|row| row.kind.is_try());
        let is_flaw = attempts.any(|row| match row.settle {
            Settle::Sure => true,
            Settle::IfDerived(_) => false,
            Settle::IfCarried(_) => {
                awaits_markers = true;
                self.wanted.learned.carries.contains(action)
            }
        });
        (is_flaw.then(|| unknown(word)).flatten(), awaits_markers)
    }

    fn unmapped(
        &self,
        bytes: &[u8],
        record: &InterpretedRecord<'_, '_>,
        attributed: &Attribution<'_>,
    ) -> Option<FoundMarker> {
        let markers = &self.wanted.rotation.markers;
        let mut rows = attributed.kept.iter().flat_map(|kept| &kept.rows);
        if rows.any(|row| row.state == State::Old && row.binding.proves()) {
            return None;
        }
        let search = markers.search();
        let Some(version) = search.mention(bytes) else {
            // journald lists the bytes of what is not printable: the marker is in no byte of the record.
            let listed = record.payload().filter(|payload| is_listed(payload, bytes))?;
            let version = search.mention(listed.as_bytes())?;
            return Some(FoundMarker { version, why: Stray::Unmapped, place: String::new() });
        };
        let uids = &record.mapped.uids;
        let ignored = &record.outermost.profile.ignore;
        if json::check(std::str::from_utf8(bytes).ok()?).is_err() {
            let text = String::from_utf8_lossy(bytes);
            let version = search.mention(without_values(&text, uids, search).as_bytes())?;
            return Some(FoundMarker { version, why: Stray::Unmapped, place: String::new() });
        }
        let is_ignored = |pointer: &str| {
            ignored.iter().any(|ignored| {
                let below = pointer.strip_prefix(ignored.as_str());
                below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
            })
        };
        let mentions = |pointer: &str, text: &str| {
            let rest = without_values(text, uids, search);
            search.mention_in_value(pointer, &rest).is_some() && !is_ignored(pointer)
        };
        let pointer = json::pointer_to(bytes, &mentions)?;
        let place = safe::mask_text(&pointer).into_owned();
        Some(FoundMarker { version, why: Stray::Unmapped, place })
    }

    /// A marker that the record uses and that no version of the plan has, though an old one is spelled almost so.
    fn respelled(&self, mapped: &Mapped<'_>, attributed: &Attribution<'_>) -> Option<FoundMarker> {
        let mut rows = attributed.kept.iter().flat_map(|kept| &kept.rows);
        if rows.any(|row| row.version.is_some()) {
            return None;
        }
        let markers = &self.wanted.rotation.markers;
        mapped.uids.iter().find_map(|uid| {
            let version = markers.respelled(uid)?;
            let place = safe::mask_path(uid).into_owned();
            Some(FoundMarker { version, why: Stray::Respelled, place })
        })
    }
}

/// Whether a text may stand in a record as the list of its bytes.
fn is_listed(text: &str, record: &[u8]) -> bool {
    let is_within = record.as_ptr_range().contains(&text.as_ptr());
    let begins_list =
        |at: usize| record.get(at + 1).is_some_and(|next| next.is_ascii_digit() || *next == b' ');
    !is_within && memchr::memchr_iter(b'[', record).any(begins_list)
}
