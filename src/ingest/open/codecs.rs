/*! Compressions, containers and encodings, each recognised by its first bytes and never by the name of a file. */

use crate::ingest::archive::ArchiveKind;
use crate::ingest::budget::Budget;
use crate::ingest::stream::ByteStream;

use super::{foreign, gzip, parquet, utf16, zst};

/// Decompresses a stream with memory from the budget of its input.
type Decompress = for<'a> fn(ByteStream<'a>, &Budget) -> ByteStream<'a>;

/// A compression, container or encoding, known by its first bytes.
pub struct Codec {
    /// The name in reports.
    pub name: &'static str,
    pub(super) matches: fn(&[u8]) -> bool,
    pub(super) open: Option<Decompress>,
    pub(super) archive: Option<ArchiveKind>,
    of_rows: bool,
}

impl Codec {
    /// Whether this version reads it. Others are refused by name.
    pub fn is_read(&self) -> bool {
        self.open.is_some() || self.archive.is_some()
    }

    /// Whether it holds rows of columns, which become lines of JSON.
    pub fn is_of_rows(&self) -> bool {
        self.of_rows
    }

    /// Whether it holds members.
    pub fn is_archive(&self) -> bool {
        self.archive.is_some()
    }
}

const fn compression(name: &'static str, matches: fn(&[u8]) -> bool, open: Decompress) -> Codec {
    Codec { name, matches, open: Some(open), archive: None, of_rows: false }
}

const fn columnar(name: &'static str, matches: fn(&[u8]) -> bool, open: Decompress) -> Codec {
    Codec { of_rows: true, ..compression(name, matches, open) }
}

const fn archive(name: &'static str, matches: fn(&[u8]) -> bool, archive: ArchiveKind) -> Codec {
    Codec { name, matches, open: None, archive: Some(archive), of_rows: false }
}

const fn unsupported(name: &'static str, matches: fn(&[u8]) -> bool) -> Codec {
    Codec { name, matches, open: None, archive: None, of_rows: false }
}

/// Everything that is recognised. The first that matches decides.
pub const CODECS: &[Codec] = &[
    compression("gzip", |head| head.starts_with(b"\x1f\x8b"), |stream, _| gzip::open(stream)),
    compression("zstd", zst::is_frame, zst::open),
    compression("bzip2", is_bzip2, |stream, _| foreign::bzip2(stream)),
    compression("xz", |head| head.starts_with(b"\xfd7zX"), foreign::xz),
    columnar("Parquet", |head| head.starts_with(b"PAR1"), parquet::open),
    archive("zip", is_zip, ArchiveKind::Zip),
    archive("tar", is_tar, ArchiveKind::Tar),
    unsupported("lzip", |head| head.starts_with(b"LZIP\x01") || head.starts_with(b"LZIP\0")),
    unsupported("lzma", |head| head.starts_with(b"\x5d\0\0") && head.get(3).is_some()),
    unsupported("lz4", |head| head.starts_with(b"\x04\x22\x4d\x18")),
    unsupported("7z", |head| head.starts_with(b"7z\xbc\xaf\x27\x1c")),
    unsupported("UTF-32 text", |head| {
        head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff")
    }),
    compression("UTF-16 text", is_utf16, |stream, _| utf16::open(stream)),
];

/// Has the byte order mark, or four bytes in which every other one is zero.
fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe")
        || head.starts_with(b"\xfe\xff")
        || matches!(head, [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..])
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Has the mark or, in archives older than the mark, the right sum of the first header.
fn is_tar(head: &[u8]) -> bool {
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    let Some(header) = head.get(..512) else { return false };
    let digits = header[148..156].iter().filter(|byte| byte.is_ascii_digit());
    let stated = digits.fold(0_u64, |sum, digit| sum * 8 + u64::from(digit - b'0'));
    let blanked = |at: usize| if (148..156).contains(&at) { b' ' } else { header[at] };
    let sum: u64 = (0..512).map(|at| u64::from(blanked(at))).sum();
    stated > 0 && sum == stated && header[0] != 0
}

fn is_bzip2(head: &[u8]) -> bool {
    let [b'B', b'Z', b'h', b'1'..=b'9', block @ ..] = head else { return false };
    // A file may be cut within the mark of its first block.
    let marks: [&[u8]; 2] = [b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90"];
    marks.iter().any(|mark| block.iter().zip(*mark).all(|(byte, expected)| byte == expected))
}
