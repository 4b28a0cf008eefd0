/*! Streams of bytes: looked into, and failed. */

use std::io::{self, Cursor, Read};

/// A stream of bytes, compressed or not.
pub(super) type ByteStream<'a> = Box<dyn Read + 'a>;

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
