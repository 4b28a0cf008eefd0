/*! What a mapped record says about the rotation: its stream, its classes, its rows, and why it may be rejected
 * after all.
 */

use std::rc::Rc;
use std::sync::Arc;

use crate::attribute::marker_search::MarkerSearch;
use crate::attribute::{self, Attribution, MatchableRecord, RecordRows};
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::columns::Column;
use crate::model::coverage::Reject;
use crate::model::evidence::Settle;
use crate::model::facts::Stray;
use crate::model::link::action_key;
use crate::model::{State, When};
use crate::safe;

use super::interpret::InterpretedRecord;
use super::stream::{self, Folder};
use super::stream_names::StreamNames;
use super::unread_markers::{FoundMarker, ReadUse, in_record, is_listed, unmapped};
use super::wanted::Wanted;

/// Attributes the records of one input or member.
pub(super) struct Attributor<'a> {
    wanted: &'a Wanted,
    /// The position of the declared source in the plan.
    position: Option<usize>,
    pub(super) names: StreamNames,
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

    /// What the record reads as its credential, for what is around it.
    pub(super) fn read_use(&self, mapped: &Mapped<'_>) -> ReadUse {
        let mut rows = self.attributed.kept.iter().flat_map(|kept| &kept.rows);
        ReadUse {
            uids: mapped.uids.iter().map(|uid| uid.clone().into_owned()).collect(),
            shows_old: rows.any(|row| row.state == State::Old && row.binding.proves()),
            at: mapped.time.when().map(When::latest_in_any_zone).max(mapped.late_arrival()),
            stream: Arc::clone(&self.stream),
        }
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

    /// The searches for the markers of the plan.
    pub(super) fn search(&self) -> &'a MarkerSearch {
        self.wanted.rotation.markers.search()
    }

    /// `text`: that of the record. `mention`: whether it may mention an old version, where that is known.
    pub(super) fn testimony<'m>(
        &self,
        record: &'m InterpretedRecord<'_, 'm>,
        text: &str,
        mention: Option<bool>,
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
            let unmapped = || self.unmapped(text, record, attributed);
            let is_searched = mention != Some(false);
            testimony.stray = respelled.or_else(|| is_searched.then(unmapped).flatten());
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
        text: &str,
        record: &InterpretedRecord<'_, '_>,
        attributed: &Attribution<'_>,
    ) -> Option<FoundMarker> {
        let mut rows = attributed.kept.iter().flat_map(|kept| &kept.rows);
        if rows.any(|row| row.state == State::Old && row.binding.proves()) {
            return None;
        }
        let search = self.search();
        if search.mention(text.as_bytes()).is_none() {
            let listed = record.payload().filter(|payload| is_listed(payload, text))?;
            return Some(unmapped(search.mention(listed.as_bytes())?, ""));
        }
        in_record(search, text, &record.mapped.uids, &record.reading.profile.ignore)
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
            Some(FoundMarker { version, why: Stray::Respelled, place, until: None })
        })
    }
}
