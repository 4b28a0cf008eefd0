/*! What reading an input gives: its records one by one, and a report at its end. */

use crate::model::coverage::Reject;
use crate::model::damage::Damage;
use crate::model::place::{InputId, Place};

use super::frame::Framing;

/// The bytes of one record and where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'b> {
    /// The record. Of a rejected record over `limits::RECORD_BYTES`, only its first bytes.
    pub bytes: &'b [u8],
    /// Its first byte in the uncompressed stream.
    pub offset: u64,
    /// Its length in bytes. Only a record that was too long to hold is longer than `bytes`.
    pub length: u64,
    /// Its number in the input, from 1. Rejected records are numbered too.
    pub record: u64,
    /// Its end was seen. If not, the stream ended first, and a format without end marks cannot trust the last value.
    pub closed: bool,
}

impl Frame<'_> {
    /// The place of the record in this input.
    pub fn place(&self, input: InputId) -> Place {
        let length = u32::try_from(self.length).unwrap_or(u32::MAX);
        Place { input, record: self.record, offset: self.offset, length }
    }
}

/// Receives the records of an input.
pub trait Visit {
    /// A member of an archive begins: everything up to its end belongs to it. Members may be archives themselves.
    fn begin(&mut self, _member: &str) {}

    /// The member that began last has ended.
    fn end(&mut self, _report: ReadReport) {}

    /// The first bytes of the uncompressed stream, before any record. The answer overrules the sniffed framing.
    fn head(&mut self, _head: &[u8], _sniffed: &Framing) -> Option<Framing> {
        None
    }

    /// The next bytes of the uncompressed stream, before records are cut from them.
    fn block(&mut self, _bytes: &[u8]) {}

    /// A record, valid as UTF-8.
    fn frame(&mut self, frame: Frame<'_>);

    /// A record that could not be framed. Its bytes need not be UTF-8, and `closed` means nothing.
    fn reject(&mut self, frame: Frame<'_>, reject: Reject);

    /// Bytes that are in no frame and not in the envelope. Neighbouring pieces overlap, so each can be searched alone.
    fn skipped(&mut self, _bytes: &[u8]) {}

    /// The number of stored bytes read so far.
    fn progress(&mut self, _stored_bytes: u64) {}
}

/// The format of an input that could not be opened.
pub const UNREAD: &str = "unread";

/// What reading an input found besides its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// How many stored bytes were read.
    pub bytes: u64,
    /// How many bytes they became.
    pub decoded_bytes: u64,
    /// How many records there were, rejected ones included. Those of members are in the reports of the members.
    pub records: u64,
    /// How many members the archive had.
    pub members: u64,
    /// The digest of the stored bytes, if it was wanted and all of them could be read.
    pub digest: Option<String>,
    /// Container and framing: `gzip, lines`.
    pub format: String,
    /// What was not read. The caller fills in `after` and `old_marker`.
    pub damage: Vec<Damage>,
    /// The bytes around the records of an array, up to `limits::ENVELOPE_BYTES`; the rest went to `skipped`.
    pub envelope: Vec<u8>,
}
