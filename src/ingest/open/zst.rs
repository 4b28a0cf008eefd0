/*! zstd: every frame, including skippable ones, with checksums and a capped window. */

use std::io::{self, BufRead, BufReader, Read};

use zstd::stream::raw::{DParameter, Decoder, Operation};

use crate::limits;

use crate::ingest::budget::{Budget, Held};
use crate::ingest::stream::{ByteStream, broken};

/// How many bytes a decoder needs to see first.
const FIRST_BYTES: usize = 5;

/// Whether a frame or a skippable frame starts here.
pub(super) fn is_frame(head: &[u8]) -> bool {
    head.starts_with(b"\x28\xb5\x2f\xfd")
        || matches!(head, [first, 0x2a, 0x4d, 0x18, ..] if first & 0xf0 == 0x50)
}

/// The decoded bytes of all frames.
pub(super) fn open<'a>(stream: ByteStream<'a>, budget: &Budget) -> ByteStream<'a> {
    let capacity = limits::BLOCK_BYTES;
    let window = budget.window(1 << limits::ZSTD_WINDOW_LOG);
    let window_log = window.bytes.checked_ilog2().unwrap_or_default();
    Box::new(Unzstd {
        input: BufReader::with_capacity(capacity, stream),
        decoder: decoder(window_log),
        window_log,
        _window: window,
        wanted: FIRST_BYTES,
        frames: 0,
        in_frame: false,
        over: false,
    })
}

fn decoder(window_log: u32) -> io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(DParameter::WindowLogMax(window_log))?;
    Ok(decoder)
}

struct Unzstd<'a> {
    input: BufReader<ByteStream<'a>>,
    decoder: io::Result<Decoder<'static>>,
    window_log: u32,
    _window: Held,
    /// How many bytes complete the current block. Fed no more than that, the decoder returns each good block before a
    /// bad one.
    wanted: usize,
    frames: u64,
    in_frame: bool,
    over: bool,
}

impl Read for Unzstd<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.over {
            return Ok(0);
        }
        self.advance(out).inspect_err(|_| self.over = true)
    }
}

impl Unzstd<'_> {
    fn advance(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Ok(decoder) = &mut self.decoder else { return Err(broken("zstd cannot be set up")) };
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() && !self.in_frame {
                return Ok(0);
            }
            let is_over = input.is_empty();
            let fed = &input[..input.len().min(self.wanted.max(1))];
            let status = decoder
                .run_on_buffers(fed, out)
                .map_err(|error| broken(named(&error.to_string(), self.window_log, self.frames)))?;
            self.input.consume(status.bytes_read);
            self.in_frame = status.remaining > 0;
            self.wanted = if self.in_frame { status.remaining } else { FIRST_BYTES };
            self.frames += u64::from(!self.in_frame);
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if is_over && self.in_frame {
                return Err(broken("zstd stream ends early"));
            }
        }
    }
}

/// The words of the library, unless ours are plainer.
fn named(error: &str, window_log: u32, frames: u64) -> String {
    let error = error.to_lowercase();
    if error.contains("too much memory") {
        let mib = (1_u64 << window_log) >> 20;
        format!("zstd window is over the limit of {mib} MiB")
    } else if error.contains("checksum") {
        String::from("zstd checksum does not match")
    } else if error.contains("unknown frame") && frames > 0 {
        String::from("bytes after the end of the zstd stream")
    } else {
        format!("zstd data is corrupt: {error}")
    }
}
