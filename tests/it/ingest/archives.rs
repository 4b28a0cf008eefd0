/*! Each member of an archive is an input of its own, and none is skipped. */

use std::io::{Cursor, Write};

use holdover::ingest::{CODECS, Frame, Framing, ReadOptions, ReadReport, Visit, read_from};
use holdover::model::coverage::Reject;
use zip::write::SimpleFileOptions;

use super::containers::gzip;

/// The members of an archive with their records and reports.
#[derive(Default)]
pub(super) struct Members {
    open: Vec<(String, Vec<String>)>,
    pub(super) done: Vec<(String, Vec<String>, ReadReport)>,
}

impl Visit for Members {
    fn begin(&mut self, member: &str) {
        self.open.push((member.to_owned(), Vec::new()));
    }

    fn end(&mut self, read: ReadReport) {
        let (name, records) = self.open.pop().unwrap();
        self.done.push((name, records, read));
    }

    fn head(&mut self, _head: &[u8], sniffed: &Framing) -> Option<Framing> {
        assert!(!self.open.is_empty(), "an archive itself has no records: {sniffed:?}");
        None
    }

    fn frame(&mut self, frame: Frame<'_>) {
        let text = String::from_utf8(frame.bytes.to_vec()).unwrap();
        self.open.last_mut().unwrap().1.push(text);
    }

    fn reject(&mut self, _frame: Frame<'_>, _reject: Reject) {}
}

pub(super) fn unpack(stored: &[u8]) -> (Members, ReadReport) {
    let mut members = Members::default();
    let read = read_from(Cursor::new(stored), &ReadOptions::default(), &mut members);
    assert!(members.open.is_empty(), "each member that begins ends");
    (members, read)
}

type Member<'m> = (&'m str, &'m [u8]);

pub(crate) fn tar(members: &[Member<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn zip(members: &[Member<'_>], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn stored(members: &[Member<'_>]) -> Vec<u8> {
    zip(members, zip::CompressionMethod::Stored)
}

fn deflated(members: &[Member<'_>]) -> Vec<u8> {
    zip(members, zip::CompressionMethod::Deflated)
}

type Pack = fn(&[Member<'_>]) -> Vec<u8>;

const ONE: &[u8] = b"{\"n\":1}\n{\"n\":2}\n";
const TWO: &[u8] = b"[{\"n\":3}]";

pub(super) fn damage(read: &ReadReport) -> Vec<&str> {
    read.damage.iter().map(|damage| damage.what.as_str()).collect()
}

#[test]
fn every_member_is_read_by_its_name() {
    let archives: [(&str, Pack); 3] = [("tar", tar), ("zip", stored), ("zip", deflated)];
    for codec in CODECS.iter().filter(|codec| codec.is_archive()) {
        assert!(archives.iter().any(|(name, _)| *name == codec.name), "{}", codec.name);
    }
    for (name, pack) in archives {
        let packed = pack(&[("app/one.jsonl", ONE), ("two.json.gz", &gzip(TWO)), ("empty", b"")]);
        for (outside, packed) in [("", packed.clone()), ("gzip, ", gzip(&packed))] {
            let (members, read) = unpack(&packed);
            assert_eq!(read.format, format!("{outside}{name}, 3 members"));
            assert_eq!((read.members, read.records, damage(&read)), (3, 0, vec![]));
            assert_eq!(read.bytes, packed.len() as u64);
            let told: Vec<_> = members
                .done
                .iter()
                .map(|(name, records, read)| (name.as_str(), records.len(), read.format.as_str()))
                .collect();
            let expected = [
                ("app/one.jsonl", 2, "lines"),
                ("two.json.gz", 1, "gzip, array"),
                ("empty", 0, "lines"),
            ];
            assert_eq!(told, expected, "{outside}{name}");
            assert_eq!(damage(&members.done[2].2), ["no records"], "{name}");
        }
    }
}

#[test]
fn nested_archives_are_read_up_to_the_limit() {
    let inner = tar(&[("one.jsonl", ONE)]);
    let (members, read) = unpack(&stored(&[("inner.tar.gz", &gzip(&inner)), ("two", TWO)]));
    let names: Vec<&str> = members.done.iter().map(|(name, _, _)| name.as_str()).collect();
    assert_eq!(names, ["one.jsonl", "inner.tar.gz", "two"]);
    assert_eq!((read.members, damage(&read)), (2, vec![]));

    let mut nested = tar(&[("one.jsonl", ONE)]);
    for _ in 0..4 {
        nested = tar(&[("more.tar", &nested)]);
    }
    let (members, _) = unpack(&nested);
    let said = members.done.iter().flat_map(|(_, _, read)| damage(read)).collect::<Vec<_>>();
    assert_eq!(said, ["more than 3 archives in each other"]);
}

#[test]
fn a_tar_that_is_cut_anywhere_is_damaged() {
    let long = ONE.repeat(100);
    let whole = tar(&[("one.jsonl", &long), ("two.json", TWO)]);
    for cut in (512..whole.len()).step_by(97) {
        let (members, read) = unpack(&whole[..cut]);
        let is_said = !read.damage.is_empty()
            || members.done.iter().any(|(_, _, read)| !read.damage.is_empty());
        assert!(is_said, "cut at {cut} of {}", whole.len());
    }
    let (members, read) = unpack(&whole);
    assert_eq!((members.done.len(), damage(&read)), (2, vec![]));
}

#[test]
fn a_zip_that_is_cut_or_ambiguous_is_not_read() {
    let long = ONE.repeat(100);
    let whole = stored(&[("one.jsonl", &long), ("two.json", TWO)]);
    for cut in (8..whole.len() - 1).step_by(53) {
        let (_, read) = unpack(&whole[..cut]);
        assert!(!read.damage.is_empty(), "cut at {cut}");
    }
    // The second member gets the name of the first.
    let twice = stored(&[("aaa", ONE), ("bbb", TWO)]);
    let mut same = twice.clone();
    for at in memchr::memmem::find_iter(&twice, b"bbb") {
        same[at..at + 3].copy_from_slice(b"aaa");
    }
    let (members, read) = unpack(&same);
    assert_eq!(members.done.len(), 0);
    assert_eq!(
        damage(&read),
        ["the zip names a member twice, so that readers may differ: unpack it first"]
    );
    // One flipped byte of a member: the failed checksum is damage of the member.
    let mut flipped = stored(&[("one.jsonl", ONE)]);
    let at = memchr::memmem::find(&flipped, b"{\"n\":2}").unwrap();
    flipped[at + 5] = b'9';
    let (members, _) = unpack(&flipped);
    assert_eq!(damage(&members.done[0].2).len(), 1, "{:?}", members.done[0].2.damage);
}

#[test]
fn concatenated_archives_are_all_read() {
    let two = [tar(&[("one.jsonl", ONE)]), tar(&[("two.json", TWO)])].concat();
    let (members, read) = unpack(&two);
    assert_eq!((members.done.len(), damage(&read)), (2, vec![]));
}
