/*! bzip2 and xz: every stream of a file, checked by the libraries. The bytes before a fault are returned first. */

use std::io::{self, BufRead, BufReader, Read};

use bzip2::{Decompress, Error as BzError, Status as BzStatus};
use liblzma::stream::{
    Action, CONCATENATED, Error as XzError, Status as XzStatus, Stream as Lzma,
    TELL_UNSUPPORTED_CHECK,
};

use crate::limits;

use crate::ingest::budget::{Budget, Held};
use crate::ingest::stream::{ByteStream, FailedStream, broken};

/// The decoded bytes of all bzip2 streams.
pub(super) fn bzip2(stream: ByteStream<'_>) -> ByteStream<'_> {
    Box::new(Stepped::new(
        stream,
        Bzip2 { inner: Decompress::new(false), streams: 0, is_fresh: true },
    ))
}

/// The decoded bytes of all xz streams, with padding between them.
pub(super) fn xz<'a>(stream: ByteStream<'a>, budget: &Budget) -> ByteStream<'a> {
    let held = budget.window(limits::XZ_MEMORY_BYTES);
    match Lzma::new_stream_decoder(held.bytes, CONCATENATED | TELL_UNSUPPORTED_CHECK) {
        Ok(inner) => Box::new(Stepped::new(stream, Xz { inner, held })),
        Err(_) => Box::new(FailedStream(Some(broken("xz cannot be set up")))),
    }
}

/// What one step of a decoder did.
struct DecodedStep {
    read: usize,
    wrote: usize,
    state: StreamState,
}

enum StreamState {
    Going,
    /// A stream ended; another may follow.
    Next,
    /// Everything is decoded, and nothing may follow.
    Over,
    Failed(String),
}

trait Decoder {
    const NAME: &'static str;

    /// Decodes some bytes. Empty input is the end of the file.
    fn step(&mut self, input: &[u8], out: &mut [u8]) -> DecodedStep;
}

/// A decoder fed from a stream. It reports a fault after all bytes before it were taken.
struct Stepped<'a, D> {
    stream: BufReader<ByteStream<'a>>,
    decoder: D,
    fault: Option<io::Error>,
    is_over: bool,
}

impl<'a, D> Stepped<'a, D> {
    fn new(stream: ByteStream<'a>, decoder: D) -> Self {
        let stream = BufReader::with_capacity(limits::BLOCK_BYTES, stream);
        Self { stream, decoder, fault: None, is_over: false }
    }
}

impl<D: Decoder> Read for Stepped<'_, D> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.is_over && !out.is_empty() {
            let input = match self.stream.fill_buf() {
                Ok(input) => input,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => {
                    self.is_over = true;
                    return Err(error);
                }
            };
            let is_last = input.is_empty();
            let DecodedStep { read, wrote, state } = self.decoder.step(input, out);
            self.stream.consume(read);
            match state {
                StreamState::Going if is_last && wrote == 0 => {
                    self.is_over = true;
                    self.fault = Some(broken(format!("{} stream ends early", D::NAME)));
                }
                StreamState::Going | StreamState::Next => {}
                StreamState::Over => self.is_over = true,
                StreamState::Failed(what) => {
                    self.is_over = true;
                    self.fault = Some(broken(what));
                }
            }
            if wrote > 0 {
                return Ok(wrote);
            }
        }
        self.fault.take().map_or(Ok(0), Err)
    }
}

/// How far a counter advanced.
fn moved(before: u64, after: u64) -> usize {
    usize::try_from(after - before).unwrap_or(usize::MAX)
}

struct Bzip2 {
    inner: Decompress,
    /// How many streams ended.
    streams: u64,
    /// The current stream has no byte yet.
    is_fresh: bool,
}

impl Decoder for Bzip2 {
    const NAME: &'static str = "bzip2";

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> DecodedStep {
        if input.is_empty() && self.is_fresh && self.streams > 0 {
            return DecodedStep { read: 0, wrote: 0, state: StreamState::Over };
        }
        let before = (self.inner.total_in(), self.inner.total_out());
        let status = self.inner.decompress(input, out);
        let read = moved(before.0, self.inner.total_in());
        let wrote = moved(before.1, self.inner.total_out());
        self.is_fresh &= read == 0;
        let state = match status {
            Ok(BzStatus::StreamEnd) => {
                self.inner = Decompress::new(false);
                (self.streams, self.is_fresh) = (self.streams + 1, true);
                StreamState::Next
            }
            Ok(_) => StreamState::Going,
            Err(BzError::DataMagic) if self.streams > 0 => {
                StreamState::Failed("bytes after the end of the bzip2 stream".to_owned())
            }
            Err(_) => StreamState::Failed("bzip2 data is corrupt".to_owned()),
        };
        DecodedStep { read, wrote, state }
    }
}

struct Xz {
    inner: Lzma,
    held: Held,
}

impl Decoder for Xz {
    const NAME: &'static str = "xz";

    fn step(&mut self, input: &[u8], out: &mut [u8]) -> DecodedStep {
        let before = (self.inner.total_in(), self.inner.total_out());
        let action = if input.is_empty() { Action::Finish } else { Action::Run };
        let status = self.inner.process(input, out, action);
        let read = moved(before.0, self.inner.total_in());
        let wrote = moved(before.1, self.inner.total_out());
        let state = match status {
            Ok(XzStatus::StreamEnd) => StreamState::Over,
            Ok(_) => StreamState::Going,
            Err(XzError::MemLimit) => {
                let mib = self.held.bytes >> 20;
                StreamState::Failed(format!("xz needs more memory than the limit of {mib} MiB"))
            }
            Err(XzError::UnsupportedCheck) => {
                StreamState::Failed("xz data has a check that is not known".to_owned())
            }
            Err(_) => {
                StreamState::Failed("xz data is corrupt or followed by other bytes".to_owned())
            }
        };
        DecodedStep { read, wrote, state }
    }
}
