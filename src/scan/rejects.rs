/*! What became of records; the rejected ones listed one by one, and in runs that say where in time they may lie. */

use std::collections::{BTreeMap, BTreeSet};

use crate::limits;
use crate::model::coverage::{Reject, RejectRow, RejectRun};
use crate::model::{Place, Timestamp};
use crate::safe;

use super::part::RejectedRun;
use super::stream::StreamName;

/// The most causes that one run tells apart.
const CAUSES_MAX: usize = 32;

/// What became of a record, or of a part of one. Only `join` puts two together, and only `count` ends one, so a flaw
/// cannot be lost next to a part that is read.
#[must_use]
pub(super) enum RecordFate {
    Evidence,
    Irrelevant,
    /// No profile reads it, or it would be evidence without this flaw.
    Rejected(RejectContext, Reject),
}

impl RecordFate {
    /// The fate of what nobody understands. It may belong to any stream of its input.
    pub(super) fn not_understood(reject: Reject) -> Self {
        Self::Rejected(RejectContext::default(), reject)
    }

    /// The fate of one of several records of a text.
    pub(super) fn of_several(mut self, holds_old: impl FnOnce() -> bool) -> Self {
        if let Self::Rejected(context, _) = &mut self {
            context.holds_old.get_or_insert_with(holds_old);
        }
        self
    }
}

/// What is known of a rejected record.
#[derive(Debug, Default)]
pub(super) struct RejectContext {
    pub(super) stream: Option<StreamName>,
    pub(super) at: Option<Timestamp>,
    /// It shows an old version as its credential.
    pub(super) shows_old: bool,
    /// Whether its own text holds an old marker, where it is one of several records of a text.
    pub(super) holds_old: Option<bool>,
}

/// A record that is rejected, or a part of one.
pub(super) struct LoggedReject<'r> {
    pub(super) place: Place,
    pub(super) bytes: &'r [u8],
    pub(super) context: RejectContext,
    pub(super) reject: Reject,
    pub(super) old_marker: bool,
}

/// The rejected records of one input.
#[derive(Debug, Default)]
pub(super) struct RejectLog {
    pub(super) runs: Vec<RejectedRun>,
    pub(super) rows: Vec<RejectRow>,
    /// Rejects since the last dated record.
    open: Option<OpenRun>,
    /// When the last dated record happened.
    pub(super) last_dated: Option<Timestamp>,
}

/// Rejects without a dated record between them.
#[derive(Debug)]
struct OpenRun {
    streams: BTreeSet<StreamName>,
    /// The stream of one of them is unknown.
    unplaced: bool,
    /// The time of one of them is unknown.
    has_undated: bool,
    /// Their own first and last time.
    span: Option<(Timestamp, Timestamp)>,
    run: RejectRun,
}

impl OpenRun {
    fn new(first: Place, before: Option<Timestamp>) -> Self {
        Self {
            streams: BTreeSet::new(),
            unplaced: false,
            has_undated: false,
            span: None,
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

    fn add(&mut self, rejected: &LoggedReject<'_>) {
        self.run.count += 1;
        match &rejected.context.stream {
            Some(stream) if !self.streams.contains(stream) => {
                self.streams.insert(stream.clone());
            }
            Some(_) => {}
            None => self.unplaced = true,
        }
        match (rejected.context.at, self.span) {
            (None, _) => self.has_undated = true,
            (Some(at), None) => self.span = Some((at, at)),
            (Some(at), Some((first, last))) => self.span = Some((first.min(at), last.max(at))),
        }
        let reject = &rejected.reject;
        let cause = match reject.reason {
            // The user has to map this word, so it is part of the cause.
            "unknown-outcome" => format!("{} `{}`", reject.reason, reject.detail),
            reason => reason.to_owned(),
        };
        if self.run.reasons.len() < CAUSES_MAX || self.run.reasons.contains_key(&cause) {
            *self.run.reasons.entry(cause).or_insert(0) += 1;
        } else {
            *self.run.reasons.entry(reject.reason.to_owned()).or_insert(0) += 1;
        }
        if rejected.old_marker {
            let (count, first) = self.run.old_marker.unwrap_or((0, rejected.place));
            self.run.old_marker = Some((count + 1, first));
        }
    }

    /// Rejects that have a time lie there. If some have none, they lie anywhere between that and the neighbours.
    fn close(mut self, after: Option<Timestamp>) -> RejectedRun {
        self.run.after = after;
        if let Some((first, last)) = self.span {
            let hull = |end: Option<Timestamp>| end.filter(|_| self.has_undated);
            self.run.before = match hull(self.run.before) {
                None if self.has_undated => None,
                before => Some(before.map_or(first, |before| before.min(first))),
            };
            self.run.after = match hull(self.run.after) {
                None if self.has_undated => None,
                after => Some(after.map_or(last, |after| after.max(last))),
            };
        }
        RejectedRun { streams: self.streams, unplaced: self.unplaced, run: self.run }
    }
}

impl RejectLog {
    pub(super) fn add(&mut self, rejected: LoggedReject<'_>) {
        let before = self.last_dated;
        self.open.get_or_insert_with(|| OpenRun::new(rejected.place, before)).add(&rejected);
        if self.rows.len() < limits::REJECT_ROWS {
            let LoggedReject { place, bytes, context, reject, old_marker } = rejected;
            self.rows.push(RejectRow {
                place,
                stream: context.stream,
                reason: reject.reason.to_owned(),
                detail: reject.detail,
                before: context.at.or(before),
                after: context.at,
                old_marker,
                excerpt: excerpt(bytes),
            });
        }
    }

    /// A record with a time ends the run.
    pub(super) fn dated(&mut self, at: Timestamp) {
        self.close_run(Some(at));
        self.last_dated = Some(at);
    }

    /// The input has ended.
    pub(super) fn end(&mut self) {
        self.close_run(None);
    }

    fn close_run(&mut self, after: Option<Timestamp>) {
        let Some(open) = self.open.take() else { return };
        let count = usize::try_from(open.run.count).unwrap_or(usize::MAX);
        let rows = self.rows.iter_mut().rev().take(count);
        rows.filter(|row| row.after.is_none()).for_each(|row| row.after = after);
        self.runs.push(open.close(after));
    }
}

/// The first characters of a record. Masked before it is cut: no pattern fits half a token.
fn excerpt(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(limits::EXCERPT_BYTES)];
    let text = String::from_utf8_lossy(head);
    safe::mask_path(&text).chars().take(limits::EXCERPT_CHARS).collect()
}
