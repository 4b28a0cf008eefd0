/*! Compression: what comes out of good, cut, broken and hostile streams. */

use std::cell::Cell;
use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::ingest::budget::Budget;
use crate::ingest::capped::Capped;

use super::*;

const TEXT: &[u8] = b"{\"a\":1}\n{\"a\":2}\n";

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Names, bytes, and what is wrong.
fn opened(stored: &[u8]) -> (String, Vec<u8>, Option<String>) {
    let count = Cell::new(stored.len() as u64);
    let mut opened = open(Box::new(Cursor::new(stored.to_vec())), &count, &Budget::new());
    let names = opened.names.join(", ");
    if opened.refused.is_some() {
        return (names, Vec::new(), opened.refused);
    }
    let mut bytes = Vec::new();
    let failed = opened.stream.read_to_end(&mut bytes).err();
    (names, bytes, failed.map(|error| error.to_string()))
}

fn check(stored: &[u8], names: &str, bytes: &[u8], failed: Option<&str>) {
    let expected = (names.to_owned(), bytes.to_vec(), failed.map(str::to_owned));
    assert_eq!(opened(stored), expected);
}

#[test]
fn all_members_and_frames_are_read() {
    check(TEXT, "", TEXT, None);
    check(b"", "", b"", None);
    check(&gz(TEXT), "gzip", TEXT, None);
    check(&[gz(TEXT), gz(b""), gz(TEXT)].concat(), "gzip", &TEXT.repeat(2), None);
    check(&[gz(TEXT), vec![0; 700_000]].concat(), "gzip", TEXT, None);
    check(&zst(TEXT), "zstd", TEXT, None);
    check(&[bz2(TEXT), bz2(TEXT)].concat(), "bzip2", &TEXT.repeat(2), None);
    check(&[xz(TEXT), vec![0; 8], xz(TEXT)].concat(), "xz", &TEXT.repeat(2), None);
    check(&gz(&xz(&bz2(TEXT))), "gzip, xz, bzip2", TEXT, None);
    let skipped = b"\x52\x2a\x4d\x18\x03\0\0\0abc".to_vec();
    check(
        &[skipped.clone(), zst(TEXT), skipped, zst(TEXT)].concat(),
        "zstd",
        &TEXT.repeat(2),
        None,
    );
    check(&gz(&zst(&gz(TEXT))), "gzip, zstd, gzip", TEXT, None);
}

#[test]
fn what_follows_a_stream_is_said() {
    let after = Some("bytes after the end of the gzip stream");
    check(&[gz(TEXT), b"junk".to_vec()].concat(), "gzip", TEXT, after);
    check(&[gz(TEXT), vec![0; 9], gz(TEXT)].concat(), "gzip", TEXT, after);
    let after = Some("bytes after the end of the zstd stream");
    check(&[zst(TEXT), b"junk, junk".to_vec()].concat(), "zstd", TEXT, after);
    let after = Some("bytes after the end of the bzip2 stream");
    check(&[bz2(TEXT), b"junk, junk".to_vec()].concat(), "bzip2", TEXT, after);
    let after = Some("xz data is corrupt or followed by other bytes");
    check(&[xz(TEXT), b"junk, junk, junk".to_vec()].concat(), "xz", TEXT, after);
}

#[test]
fn a_cut_anywhere_is_said_and_what_came_before_is_kept() {
    let text: Vec<u8> =
        (0..40_000_u32).flat_map(|n| format!("{{\"n\":{}}}\n", n * 7919).into_bytes()).collect();
    for stored in [gz(&text), zst(&text), bz2(&text), xz(&text)] {
        let mut longest = 0;
        for cut in [4, 9, stored.len() / 2, stored.len() - 9, stored.len() - 1] {
            let (name, bytes, failed) = opened(&stored[..cut]);
            assert!(text.starts_with(&bytes), "{name} cut at {cut}");
            assert!(failed.unwrap().ends_with("stream ends early"), "{name} cut at {cut}");
            longest = bytes.len();
        }
        assert_eq!(longest, text.len());
    }
}

#[test]
fn a_flipped_byte_never_passes() {
    let text: Vec<u8> =
        (0..3_000_u32).flat_map(|n| format!("{{\"n\":{}}}\n", n * 7919).into_bytes()).collect();
    for stored in [gz(&text), zst(&text), bz2(&text), xz(&text)] {
        let mut kept = 0;
        for position in (10..stored.len()).step_by(97) {
            let mut stored = stored.clone();
            stored[position] ^= 0x10;
            let (name, bytes, failed) = opened(&stored);
            assert!(failed.is_some(), "{name} flipped at {position}");
            kept += usize::from(!bytes.is_empty());
        }
        assert!(kept > 0, "what comes before the fault is kept");
    }
}

#[test]
fn utf_16_of_either_order_is_read_and_what_is_no_character_is_no_text() {
    let name = "UTF-16 text";
    check(b"\xff\xfe{\0}\0", name, b"{}", None);
    check(b"\xfe\xff\0{\0}", name, b"{}", None);
    check(b"{\0\"\0", name, b"{\"", None);
    check(b"\0{\0\"", name, b"{\"", None);
    check(&gz(b"\xff\xfe{\0}\0"), "gzip, UTF-16 text", b"{}", None);
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let text = "{\"k\":\"\u{e9}\u{1f511}\"}\n".repeat(9_000);
    check(&units(&text), name, text.as_bytes(), None);
    // The first of a pair without its second, before another character and at the end.
    check(b"a\0b\0\x3d\xd8c\0", name, b"ab\xffc", None);
    check(b"a\0b\0\x3d\xd8\x3d\xd8\x11\xdd", name, b"ab\xff\xf0\x9f\x94\x91", None);
    check(b"a\0b\0\x11\xdd", name, b"ab\xff", None);
    check(b"a\0b\0\x3d\xd8", name, b"ab\xff", None);
    check(b"a\0b\0c", name, b"ab", Some("UTF-16 text ends in half a character"));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let heads: [(&[u8], &str); 2] =
        [(b"LZIP\x01....", "lzip"), (b"\xff\xfe\0\0{\0\0\0", "UTF-32 text")];
    for (head, name) in heads {
        check(head, name, b"", Some(&format!("{name} is not read by this version")));
        let inside = format!("gzip, {name}");
        check(&gz(head), &inside, b"", Some(&format!("{name} is not read by this version")));
    }
    check(b"BZh, said the log\n", "", b"BZh, said the log\n", None);
}

#[test]
fn limits_speak() {
    let nested = gz(&gz(&gz(&gz(TEXT))));
    check(&nested, "gzip, gzip, gzip", b"", Some("more than 3 compressions around each other"));
    let (_, bytes, failed) = opened(b"\x28\xb5\x2f\xfd\x00\xa8\x00\x00\x00");
    assert_eq!(
        (bytes, failed.as_deref()),
        (vec![], Some("zstd window is over the limit of 128 MiB"))
    );

    let grown = |free, total| {
        let stored = Cell::new(10);
        let mut capped =
            Capped::new(Box::new(std::io::repeat(b'x').take(20_000)), &stored, Budget::new());
        (capped.free, capped.total) = (free, total);
        std::io::copy(&mut capped, &mut std::io::sink()).map_err(|error| error.to_string())
    };
    assert_eq!(grown(30_000, 30_000), Ok(20_000));
    let ratio = "decompression stopped: more than the limit of 500 bytes from one";
    assert_eq!(grown(1_000, 30_000), Err(ratio.into()));
    let total = "decompression stopped: more than the limit of 9000 bytes";
    assert_eq!(grown(30_000, 9_000), Err(total.into()));
}
