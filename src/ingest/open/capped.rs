/*! Decompression with a limit: no input becomes more than memory and time allow. */

use std::cell::Cell;
use std::io::{self, Read};

use crate::limits;

use super::{Stream, broken};

/// A decoded stream that ends with an error when it grows too far beyond its stored bytes.
pub(in crate::ingest) struct Capped<'a> {
    stream: Stream<'a>,
    stored: &'a Cell<u64>,
    decoded: u64,
    pub(super) free: u64,
    pub(super) total: u64,
}

impl<'a> Capped<'a> {
    pub(in crate::ingest) fn new(stream: Stream<'a>, stored: &'a Cell<u64>) -> Self {
        let (free, total) = (limits::EXPANSION_FREE_BYTES, limits::DECODED_BYTES);
        Self { stream, stored, decoded: 0, free, total }
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
        Ok(count)
    }
}
