/*! Streams of bytes: looked into, failed, and capped, so that no input becomes more than memory and time allow. */

use std::cell::Cell;
use std::io::{self, Cursor, Read};

use crate::limits;

use super::budget::Budget;

/// A stream of bytes, compressed or not.
pub(super) type ByteStream<'a> = Box<dyn Read + 'a>;

/// A decoded stream that ends with an error when it grows too far beyond its stored bytes.
pub(super) struct Capped<'a> {
    stream: ByteStream<'a>,
    stored: &'a Cell<u64>,
    budget: Budget,
    decoded: u64,
    pub(super) free: u64,
    pub(super) total: u64,
}

impl<'a> Capped<'a> {
    pub(super) fn new(stream: ByteStream<'a>, stored: &'a Cell<u64>, budget: Budget) -> Self {
        let (free, total) = (limits::EXPANSION_FREE_BYTES, limits::DECODED_BYTES);
        Self { stream, stored, budget, decoded: 0, free, total }
    }
}

impl Read for Capped<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(out)?;
        self.decoded += count as u64;
        if self.decoded > self.total {
            let limit = self.total;
            return Err(broken(format!(
                "decompression stopped: more than the limit of {limit} bytes"
            )));
        }
        let ratio = limits::EXPANSION_RATIO;
        if self.decoded > self.free && self.decoded / ratio > self.stored.get() {
            return Err(broken(format!(
                "decompression stopped: more than the limit of {ratio} bytes from one"
            )));
        }
        self.budget.add_decoded(count as u64)?;
        Ok(count)
    }
}

/// The first bytes of a stream, and the stream from its start.
pub(super) fn peek(mut stream: ByteStream<'_>, wanted: usize) -> (Vec<u8>, ByteStream<'_>) {
    let mut head = Vec::new();
    let failed = stream.by_ref().take(wanted as u64).read_to_end(&mut head).err();
    let again = Cursor::new(head.clone());
    match failed {
        None => (head, Box::new(again.chain(stream))),
        Some(error) => (head, Box::new(again.chain(FailedStream(Some(error))))),
    }
}

/// A stream that fails once and then ends.
pub(super) struct FailedStream(pub(super) Option<io::Error>);

impl Read for FailedStream {
    fn read(&mut self, _out: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The error of bytes that cannot be decoded.
pub(super) fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
