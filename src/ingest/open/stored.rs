/*! The stored bytes of an input: counted and hashed as they are read. */

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use crate::ingest::hash::InputHash;
use crate::limits;
use crate::model::DigestKind;

/// A reader whose bytes are counted and hashed.
pub(crate) struct Stored<'a, R> {
    reader: R,
    bytes: &'a Cell<u64>,
    digest: Option<InputHash>,
    failed: bool,
}

impl<'a, R: Read> Stored<'a, R> {
    pub(crate) fn new(reader: R, bytes: &'a Cell<u64>, digest: Option<DigestKind>) -> Self {
        Self { reader, bytes, digest: digest.map(InputHash::new), failed: false }
    }

    /// Reads the rest and returns the digest; `None` if it is not wanted or a byte could not be read.
    pub(crate) fn finish(mut self) -> Option<String> {
        // Mostly nothing is left.
        let mut scratch = vec![0; FEW_BYTES];
        while self.digest.is_some() && !self.failed && self.next(&mut scratch).is_ok_and(|n| n > 0)
        {
            scratch.resize(limits::BLOCK_BYTES, 0);
        }
        self.digest.filter(|_| !self.failed).map(InputHash::text)
    }

    fn next(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.reader.read(out) {
                Ok(count) => {
                    self.bytes.set(self.bytes.get() + count as u64);
                    if let Some(digest) = &mut self.digest {
                        digest.update(&out[..count]);
                    }
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = true;
                    return Err(error);
                }
            }
        }
    }
}

const FEW_BYTES: usize = 512;

/// Reads stored bytes while their owner keeps the digest.
pub(crate) struct Tap<'s, 'a, R>(pub(crate) &'s RefCell<Stored<'a, R>>);

impl<R: Read> Read for Tap<'_, '_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().next(out)
    }
}
