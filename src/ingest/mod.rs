/*! From paths to records: which bytes are one record, and what was not read. Knows no credential, no plan.
 *
 * `walk` finds the inputs, `open` takes off compression, `frame` cuts the stream into records, `decode` picks fields out of one.
 * Nothing that cannot be read is passed over: it is a `Reject` with its place or a `Damage` with its offset.
 */

mod archive;
pub mod decode;
pub mod frame;
mod open;
mod source;
mod trouble;
pub mod walk;

pub use decode::{DECODERS, Decode, Fields, Picks};
pub use frame::{FRAMINGS, Framing, joined, sniff};
pub use open::{CODECS, Codec};
pub use source::{Digested, digest, read, read_from};
pub use walk::{Input, Locator, walk};

use crate::limits;
use crate::model::coverage::{Damage, Reject};
use crate::model::place::{InputId, Place};

/// The bytes of one record and where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'b> {
    /// The record. Of a rejected record over `limits::RECORD_BYTES`, only its first bytes.
    pub bytes: &'b [u8],
    /// Its first byte in the uncompressed stream.
    pub offset: u64,
    /// How many bytes it has; more than `bytes` only where it was too long to hold.
    pub length: u64,
    /// Its number in the input, from 1; rejected records count too.
    pub record: u64,
    /// Was its end seen? If not, the stream ended first, and a format that does not close its records must doubt it.
    pub closed: bool,
}

impl Frame<'_> {
    /// Where the record stands.
    pub fn place(&self, input: InputId) -> Place {
        let length = u32::try_from(self.length).unwrap_or(u32::MAX);
        Place { input, record: self.record, offset: self.offset, length }
    }
}

/// Who takes the records of an input.
pub trait Visit {
    /// A member of an archive begins: what follows is its, up to its end. Members may be archives themselves.
    fn begin(&mut self, _member: &str) {}

    /// The member that began last is over: what reading it told.
    fn end(&mut self, _read: Read) {}

    /// The first bytes of the uncompressed stream, before any record; the answer overrules the framing that was sniffed.
    fn head(&mut self, _head: &[u8], _sniffed: &Framing) -> Option<Framing> {
        None
    }

    /// The next bytes of the uncompressed stream, before records are cut from them.
    fn block(&mut self, _bytes: &[u8]) {}

    /// A record, valid as UTF-8.
    fn frame(&mut self, frame: Frame<'_>);

    /// A record that could not be framed. Its bytes need not be UTF-8, and `closed` says nothing.
    fn reject(&mut self, frame: Frame<'_>, reject: Reject);

    /// Bytes that are in no frame and not in the envelope. Neighbouring pieces overlap, so each can be searched alone.
    fn skipped(&mut self, _bytes: &[u8]) {}

    /// How many stored bytes have been read so far.
    fn progress(&mut self, _stored_bytes: u64) {}
}

/// How to read an input.
#[derive(Clone, Debug)]
pub struct ReadOptions<'a> {
    /// Keys whose array may hold the records (`Records`), or JSON Pointers to it (`/hits/hits`).
    pub record_keys: &'a [&'a str],
    /// Keys under which a record tells its time: an object that has one beside such an array is itself the record.
    pub time_keys: &'a [&'a str],
    /// The framing, if it is known.
    pub framing: Option<Framing>,
    /// Is the SHA-256 of the stored bytes wanted?
    pub digest: bool,
    /// How many bytes are framed at a time; the records do not depend on it.
    pub block: usize,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            record_keys: &[],
            time_keys: &[],
            framing: None,
            digest: true,
            block: limits::BLOCK_BYTES,
        }
    }
}

/// The format of an input that could not be opened.
pub const UNREAD: &str = "unread";

/// What reading an input told, beside its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// How many stored bytes were read.
    pub bytes: u64,
    /// How many bytes they became.
    pub decoded_bytes: u64,
    /// How many records, rejected ones too; those of members are told with these.
    pub records: u64,
    /// How many members, of an archive.
    pub members: u64,
    /// The SHA-256 of the stored bytes, if it was wanted and all of them could be read.
    pub sha256: Option<String>,
    /// How it was read: `gzip, lines`.
    pub format: String,
    /// What was not read. `after` and `old_marker` are the caller's to fill.
    pub damage: Vec<Damage>,
    /// The bytes around the records of an array, up to `limits::ENVELOPE_BYTES`; the rest went to `skipped`.
    pub envelope: Vec<u8>,
}
