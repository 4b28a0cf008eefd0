/*! Takes off compression: magic bytes decide, never the name. The only place that names raw decoders. */

mod capped;
mod foreign;
mod gzip;
mod parquet;
mod stored;
#[cfg(test)]
mod tests;
mod utf16;
mod zst;

use std::cell::Cell;
use std::io::{self, Cursor, Read};

use crate::limits;

use super::archive;

pub(super) use capped::Capped;
pub(super) use stored::{Stored, Tap};

/// A stream of bytes, compressed or not.
pub(in crate::ingest) type Stream<'a> = Box<dyn Read + 'a>;

/// A compression, container or encoding, known by its first bytes.
pub struct Codec {
    /// Its name in reports.
    pub name: &'static str,
    matches: fn(&[u8]) -> bool,
    open: Option<for<'a> fn(Stream<'a>) -> Stream<'a>>,
    archive: Option<archive::Kind>,
    of_rows: bool,
}

impl Codec {
    /// Is it read by this version? One that is not is refused by its name.
    pub fn is_read(&self) -> bool {
        self.open.is_some() || self.archive.is_some()
    }

    /// Does it hold rows of columns, which are given as lines of JSON?
    pub fn is_of_rows(&self) -> bool {
        self.of_rows
    }

    /// Does it hold members?
    pub fn is_archive(&self) -> bool {
        self.archive.is_some()
    }
}

const fn taken_off(
    name: &'static str,
    matches: fn(&[u8]) -> bool,
    open: for<'a> fn(Stream<'a>) -> Stream<'a>,
) -> Codec {
    Codec { name, matches, open: Some(open), archive: None, of_rows: false }
}

const fn of_rows(
    name: &'static str,
    matches: fn(&[u8]) -> bool,
    open: for<'a> fn(Stream<'a>) -> Stream<'a>,
) -> Codec {
    Codec { of_rows: true, ..taken_off(name, matches, open) }
}

const fn unpacked(name: &'static str, matches: fn(&[u8]) -> bool, archive: archive::Kind) -> Codec {
    Codec { name, matches, open: None, archive: Some(archive), of_rows: false }
}

const fn refused(name: &'static str, matches: fn(&[u8]) -> bool) -> Codec {
    Codec { name, matches, open: None, archive: None, of_rows: false }
}

/// All that are recognised; the first that matches counts.
pub const CODECS: &[Codec] = &[
    taken_off("gzip", |head| head.starts_with(b"\x1f\x8b"), gzip::open),
    taken_off("zstd", zst::is_frame, zst::open),
    taken_off("bzip2", is_bzip2, foreign::bzip2),
    taken_off("xz", |head| head.starts_with(b"\xfd7zX"), foreign::xz),
    of_rows("Parquet", |head| head.starts_with(b"PAR1"), parquet::open),
    unpacked("zip", is_zip, archive::Kind::Zip),
    unpacked("tar", is_tar, archive::Kind::Tar),
    refused("lzip", |head| head.starts_with(b"LZIP\x01") || head.starts_with(b"LZIP\0")),
    refused("lzma", |head| head.starts_with(b"\x5d\0\0") && head.get(3).is_some()),
    refused("lz4", |head| head.starts_with(b"\x04\x22\x4d\x18")),
    refused("7z", |head| head.starts_with(b"7z\xbc\xaf\x27\x1c")),
    refused("UTF-32 text", |head| {
        head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff")
    }),
    taken_off("UTF-16 text", is_utf16, utf16::open),
];

/// By its mark, or by four bytes in which every other one is zero.
fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || matches!(head, [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..])
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// By its mark, or, in archives older than that, by the sum of its first header.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    let Some(header) = head.get(..512) else { return false };
    let digits = header[148..156].iter().filter(|byte| byte.is_ascii_digit());
    let told = digits.fold(0_u64, |sum, digit| sum * 8 + u64::from(digit - b'0'));
    let blanked = |at: usize| if (148..156).contains(&at) { b' ' } else { header[at] };
    let sum: u64 = (0..512).map(|at| u64::from(blanked(at))).sum();
    told > 0 && sum == told && header[0] != 0
}

fn is_bzip2(head: &[u8]) -> bool {
    let [b'B', b'Z', b'h', b'1'..=b'9', block @ ..] = head else { return false };
    // A file may be cut before the mark of its first block is whole.
    let marks: [&[u8]; 2] = [b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"];
    marks.iter().any(|mark| block.iter().zip(*mark).all(|(byte, own)| byte == own))
}

/// A stream with its compression taken off.
pub(super) struct Opened<'a> {
    /// The names of what was taken off, outermost first; the last may be refused.
    pub(super) names: Vec<&'static str>,
    /// The bytes inside.
    pub(super) stream: Stream<'a>,
    /// Why they are not read, if they are not.
    pub(super) refused: Option<String>,
    /// The archive that they are, if they are one.
    pub(super) archive: Option<archive::Kind>,
}

/// Takes off every compression of a stream. `stored` counts the bytes that were read from outside.
pub(super) fn open<'a>(outside: Stream<'a>, stored: &'a Cell<u64>) -> Opened<'a> {
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
        let Some(take_off) = codec.open else {
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
        opened.stream = Box::new(capped::Capped::new(take_off(opened.stream), stored));
    }
    opened
}

/// The first bytes of a stream, and the stream from its start.
pub(super) fn peek(mut stream: Stream<'_>, wanted: usize) -> (Vec<u8>, Stream<'_>) {
    let mut head = Vec::new();
    let failed = stream.by_ref().take(wanted as u64).read_to_end(&mut head).err();
    let again = Cursor::new(head.clone());
    match failed {
        None => (head, Box::new(again.chain(stream))),
        Some(error) => (head, Box::new(again.chain(Failed(Some(error))))),
    }
}

/// A stream that has failed once and then is over.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _out: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Bytes that cannot be decoded: what is wrong with them.
fn broken(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
