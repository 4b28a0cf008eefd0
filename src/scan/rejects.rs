/*! Rejected records that follow each other: what is known of each, and where they may lie in time. */

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::Frame;
use crate::limits;
use crate::model::coverage::{Reject, RejectRow, RejectRun};
use crate::model::{Place, Timestamp};

use super::StreamName;
use super::part::RejectedRun;
use super::reader::Reader;
use super::rows;

/// What is known of a record although it is rejected.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Its stream.
    pub(super) stream: Option<StreamName>,
    /// When it happened.
    pub(super) at: Option<Timestamp>,
    /// It shows an old version.
    pub(super) shows_old: bool,
}

/// Rejects since the last record that was understood.
#[derive(Debug)]
pub(super) struct OpenRun {
    streams: BTreeSet<StreamName>,
    /// Is there one whose stream is not known?
    unplaced: bool,
    /// Is there one whose time is not known?
    has_undated: bool,
    /// The first and the last time that they tell themselves.
    own: Option<(Timestamp, Timestamp)>,
    run: RejectRun,
}

impl OpenRun {
    fn new(first: Place, before: Option<Timestamp>) -> Self {
        Self {
            streams: BTreeSet::new(),
            unplaced: false,
            has_undated: false,
            own: None,
            run: RejectRun {
                input: first.input,
                streams: Vec::new(),
                count: 0,
                reasons: BTreeMap::new(),
                before,
                after: None,
                old_marker: None,
                first,
            },
        }
    }

    fn add(&mut self, place: Place, known: &Known, reject: &Reject, old_marker: bool) {
        self.run.count += 1;
        match &known.stream {
            Some(stream) if !self.streams.contains(stream) => {
                self.streams.insert(stream.clone());
            }
            Some(_) => {}
            None => self.unplaced = true,
        }
        match (known.at, self.own) {
            (None, _) => self.has_undated = true,
            (Some(at), None) => self.own = Some((at, at)),
            (Some(at), Some((first, last))) => self.own = Some((first.min(at), last.max(at))),
        }
        let cause = match reject.reason {
            // A word is what the user has to map: name it.
            "unknown-outcome" => format!("{} `{}`", reject.reason, reject.detail),
            reason => reason.to_owned(),
        };
        if self.run.reasons.len() < CAUSES_MAX || self.run.reasons.contains_key(&cause) {
            *self.run.reasons.entry(cause).or_insert(0) += 1;
        } else {
            *self.run.reasons.entry(reject.reason.to_owned()).or_insert(0) += 1;
        }
        if old_marker {
            let (count, first) = self.run.old_marker.unwrap_or((0, place));
            self.run.old_marker = Some((count + 1, first));
        }
    }

    fn into_part(self) -> RejectedRun {
        RejectedRun { streams: self.streams, unplaced: self.unplaced, run: self.run }
    }
}

/// So many causes of a run are told apart.
const CAUSES_MAX: usize = 32;

impl Reader<'_> {
    /// Rejects that follow each other end with a record that is understood, or with the input.
    pub(super) fn close_run(&mut self, after: Option<Timestamp>) {
        let Some(mut open) = self.run.take() else { return };
        let count = usize::try_from(open.run.count).unwrap_or(usize::MAX);
        let own = self.part.reject_rows.iter_mut().rev().take(count);
        own.filter(|row| row.after.is_none()).for_each(|row| row.after = after);
        open.run.after = after;
        if let Some((first, last)) = open.own {
            // Rejects that tell their time lie there; where some tell none, anywhere between that and the neighbours.
            let hull = |end: Option<Timestamp>| end.filter(|_| open.has_undated);
            open.run.before = match hull(open.run.before) {
                None if open.has_undated => None,
                before => Some(before.map_or(first, |before| before.min(first))),
            };
            open.run.after = match hull(open.run.after) {
                None if open.has_undated => None,
                after => Some(after.map_or(last, |after| after.max(last))),
            };
        }
        self.part.rejects.push(open.into_part());
    }

    /// A record that is rejected.
    pub(super) fn reject_one(&mut self, frame: &Frame<'_>, known: Known, reject: Reject) {
        self.part.tally.rejected += 1;
        self.note_flaw(frame, known, reject);
    }

    /// A flaw of a record; one that holds others may be evidence all the same.
    pub(super) fn note_flaw(&mut self, frame: &Frame<'_>, known: Known, reject: Reject) {
        let place = self.place(frame);
        let old_marker = std::mem::take(&mut self.skipped_old)
            || known.shows_old
            || self.wanted.rotation.markers.holds_old(frame.bytes);
        let before = self.last;
        let open = self.run.get_or_insert_with(|| OpenRun::new(place, before));
        open.add(place, &known, &reject, old_marker);
        if self.part.reject_rows.len() < limits::REJECT_ROWS {
            self.part.reject_rows.push(RejectRow {
                place,
                stream: known.stream,
                reason: reject.reason.to_owned(),
                detail: reject.detail,
                before: known.at.or(before),
                after: known.at,
                old_marker,
                excerpt: rows::excerpt(frame.bytes),
            });
        }
    }
}
