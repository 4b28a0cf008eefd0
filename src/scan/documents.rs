/*! Texts that hold records: documents with several, and envelopes around one. What they hold besides their records is
 * searched for old markers once, when these were read.
 */

use super::interpret::{Envelope, InterpretedRecord, UndecodedRecords};
use super::reader::Reader;
use super::rejects::{RecordFate, RejectContext};
use super::unread_markers::{MarkerAround, around_payload, around_records, is_listed};
use crate::ingest::Frame;
use crate::model::coverage::Reject;

impl<'a> Reader<'a> {
    /// The records of a document, and what is around them.
    pub(super) fn document(
        &mut self,
        frame: &Frame<'_>,
        records: UndecodedRecords<'a, '_>,
        envelope: Option<Envelope<'_>>,
    ) -> RecordFate {
        let (text, reading) = (records.text, records.reading);
        let profile = &reading.profile;
        let mention = || self.attributor.is_mention(text.as_bytes());
        let enclosing = self.surroundings.enter(mention, (&profile.ignore, &profile.each));
        let mut noted = Vec::new();
        let mut last = enclosing.first;
        let whole = self.each_record(frame, records, envelope, &mut |surroundings| {
            let next = surroundings.noted();
            noted.push(last - enclosing.first..next - enclosing.first);
            last = next;
        });
        let uses = self.surroundings.to_search(&enclosing);
        let found = uses.and_then(|uses| {
            let document = (text, reading.each.as_slice());
            around_records(self.attributor.search(), document, (uses, &noted), &profile.ignore)
        });
        self.surroundings.leave(&enclosing);
        self.with_marker_around(frame, whole, found)
    }

    /// The fate of a record with what was found around the records in it.
    fn with_marker_around(
        &mut self,
        frame: &Frame<'_>,
        whole: RecordFate,
        found: Option<MarkerAround>,
    ) -> RecordFate {
        let Some(MarkerAround { marker, at, stream }) = found else { return whole };
        if let Some(at) = at {
            self.builder.add_stray(frame, (&stream, at), marker);
            return whole;
        }
        let context = RejectContext { stream: Some(stream), ..RejectContext::default() };
        let undated = RecordFate::Rejected(context, Reject::because("no-time"));
        self.builder.join(frame, whole, undated)
    }

    /// What an envelope wraps, and the rest of the envelope. `text`: all of it.
    pub(super) fn wrapped(
        &mut self,
        frame: &Frame<'_>,
        text: &str,
        records: UndecodedRecords<'a, '_>,
        envelope: &InterpretedRecord<'a, '_>,
    ) -> RecordFate {
        let payload = envelope.payload().unwrap_or_default();
        let profile = &envelope.reading.profile;
        let mention = || self.attributor.is_mention(text.as_bytes()) || is_listed(payload, text);
        let fields = (profile.ignore.as_slice(), profile.payload.as_slice());
        let enclosing = self.surroundings.enter(mention, fields);
        let whole = self.records(frame, records, Some(envelope.as_envelope()));
        let uses = self.surroundings.to_search(&enclosing);
        let found = uses.and_then(|uses| {
            around_payload(self.attributor.search(), (text, payload), uses, &profile.ignore)
        });
        self.surroundings.leave(&enclosing);
        self.with_marker_around(frame, whole, found)
    }
}
