/*! How to read an input. */

use crate::limits;
use crate::model::DigestKind;

use super::frame::Framing;

/// How to read an input.
#[derive(Clone, Debug)]
pub struct ReadOptions<'a> {
    /// Keys whose array may hold the records (`Records`), or JSON Pointers to it (`/hits/hits`).
    pub record_keys: &'a [String],
    /// Keys of a record's time: an object that has one of them next to such an array is itself the record.
    pub time_keys: &'a [String],
    /// The framing, if it is known.
    pub framing: Option<Framing>,
    /// The digest to compute of the stored bytes, if any.
    pub digest: Option<DigestKind>,
    /// How many bytes are framed at a time. The records do not depend on it.
    pub block: usize,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            record_keys: &[],
            time_keys: &[],
            framing: None,
            digest: Some(DigestKind::Sha256),
            block: limits::BLOCK_BYTES,
        }
    }
}
