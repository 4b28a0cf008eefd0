/*! Decoded streams, capped, so that no input becomes more than memory and time allow. */

use std::cell::Cell;
use std::io::{self, Read};

use crate::limits;

use super::budget::Budget;
use super::stream::{ByteStream, broken};

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
