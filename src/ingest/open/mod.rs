/*! Decompresses inputs. The only place that names raw decoders. */

mod codecs;
mod foreign;
mod gzip;
mod parquet;
mod parquet_shape;
mod stored;
#[cfg(test)]
mod tests;
mod thrift;
mod utf16;
mod zst;

use std::cell::Cell;

use crate::limits;

use super::archive::ArchiveKind;
use super::budget::Budget;
use super::capped::Capped;
use super::stream::{ByteStream, peek};

pub use codecs::{CODECS, Codec};
pub(super) use stored::{Stored, Tap};

/// A decompressed stream.
pub(super) struct Opened<'a> {
    /// The names of its compressions and containers, outermost first. The last may be refused.
    pub(super) names: Vec<&'static str>,
    /// The decompressed bytes.
    pub(super) stream: ByteStream<'a>,
    /// Why it is not read.
    pub(super) refused: Option<String>,
    /// The kind of archive that it is.
    pub(super) archive: Option<ArchiveKind>,
}

/// Decompresses a stream, layer by layer. `stored` counts the bytes that were read from outside.
pub(super) fn open<'a>(
    outside: ByteStream<'a>,
    stored: &'a Cell<u64>,
    budget: &Budget,
) -> Opened<'a> {
    let mut opened = Opened { names: Vec::new(), stream: outside, refused: None, archive: None };
    loop {
        let head;
        (head, opened.stream) = peek(opened.stream, limits::MAGIC_BYTES);
        let Some(codec) = CODECS.iter().find(|codec| (codec.matches)(&head)) else { break };
        if codec.archive.is_some() {
            opened.archive = codec.archive;
            opened.names.push(codec.name);
            break;
        }
        let Some(decompress) = codec.open else {
            opened.refused = Some(format!("{} is not read by this version", codec.name));
            opened.names.push(codec.name);
            break;
        };
        if opened.names.len() == limits::NESTING {
            let nesting = limits::NESTING;
            opened.refused = Some(format!("more than {nesting} compressions around each other"));
            break;
        }
        opened.names.push(codec.name);
        opened.stream =
            Box::new(Capped::new(decompress(opened.stream, budget), stored, budget.clone()));
    }
    opened
}
