/*! Archives made to hide something or to take too much: what is not read is named in few words, at a bounded cost. */

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::archives::{damage, tar, unpack, zip as zipped};
use super::containers::gzip;

const ONE: &[u8] = b"{\"n\":1}\n{\"n\":2}\n";
const TWO: &[u8] = b"[{\"n\":3}]";

/// A tar entry of any type.
fn entry(kind: tar::EntryType, name: &str, target: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(bytes.len() as u64);
    header.set_path(name).unwrap();
    if !target.is_empty() {
        header.set_link_name(target).unwrap();
    }
    header.set_cksum();
    let padding = vec![0; bytes.len().next_multiple_of(512) - bytes.len()];
    [header.as_bytes().as_slice(), bytes, &padding].concat()
}

fn file(name: &str) -> Vec<u8> {
    entry(tar::EntryType::Regular, name, "", ONE)
}

fn pax(kind: tar::EntryType, records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while length.to_string().len() + rest != length {
            length += 1;
        }
        write!(bytes, "{length} {key}=").unwrap();
        bytes.extend_from_slice(value);
        bytes.push(b'\n');
    }
    entry(kind, "pax", "", &bytes)
}

/// A tar of these entries, and what is said of it.
fn told(entries: &[Vec<u8>]) -> (Vec<String>, Vec<String>) {
    let whole = [entries.concat(), vec![0; 1024]].concat();
    let (members, read) = unpack(&whole);
    for what in damage(&read) {
        assert!(what.chars().count() < 600, "{} characters", what.chars().count());
    }
    let names = members.done.iter().map(|(name, ..)| name.clone()).collect();
    (names, damage(&read).into_iter().map(str::to_owned).collect())
}

const XHEADER: tar::EntryType = tar::EntryType::XHeader;
const GLOBAL: tar::EntryType = tar::EntryType::XGlobalHeader;
const LONG_NAME: tar::EntryType = tar::EntryType::GNULongName;

#[test]
fn a_link_out_of_a_tar_is_damage_and_a_link_within_is_not() {
    use tar::EntryType::{Directory, Link, Symlink};
    let pods = file("var/log/pods/a/0.log");
    let within = [
        entry(Symlink, "var/log/containers/a.log", "/var/log/pods/a/0.log", b""),
        entry(Symlink, "var/log/latest", "containers/a.log", b""),
        entry(Symlink, "var/log/now", "pods", b""),
        entry(Symlink, "old", "empty", b""),
        entry(Directory, "empty/", "", b""),
        entry(Link, "copy.log", "var/log/pods/a/0.log", b""),
    ];
    let (names, said) = told(&[within.concat(), pods.clone()]);
    assert_eq!((names, said), (vec!["var/log/pods/a/0.log".to_owned()], vec![]));

    let out = [
        (entry(Symlink, "b.log", "/var/log/pods/b/0.log", b""), "/var/log/pods/b/0.log"),
        (entry(Symlink, "b.log", "../pods/a/0.log", b""), "../pods/a/0.log"),
        (entry(Link, "b.log", "pods/b.log", b""), "pods/b.log"),
        (entry(Link, "b.log", "b.log", b""), "b.log"),
        (entry(Symlink, "b.log", "", b""), ""),
    ];
    for (link, target) in out {
        let (names, said) = told(&[pods.clone(), link]);
        assert_eq!(names.len(), 1);
        let expected = format!("link `b.log` leads to `{target}`, which is not in the archive");
        assert_eq!(said, [expected]);
    }
    let many: Vec<Vec<u8>> =
        (0..2_000).map(|n| entry(Symlink, &format!("l{n}"), "gone", b"")).collect();
    let (_, said) = told(&many);
    assert_eq!((said.len(), &*said[50]), (51, "more faults of members: 1950"));
}

#[test]
fn a_link_out_of_a_zip_is_damage_and_a_link_within_is_not() {
    let pack = |target: &str| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("pods/a.log", SimpleFileOptions::default()).unwrap();
        writer.write_all(ONE).unwrap();
        writer.add_symlink("containers/a.log", target, SimpleFileOptions::default()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    for target in ["../pods/a.log", "/pods/a.log", "../pods"] {
        let (members, read) = unpack(&pack(target));
        assert_eq!((members.done.len(), damage(&read)), (1, vec![]), "{target}");
    }
    let long = "x/".repeat(5_000);
    for target in ["pods/a.log", "../../pods/a.log", "/var/log/a.log", &long] {
        let (members, read) = unpack(&pack(target));
        let [said] = damage(&read)[..] else { panic!("{target}: {:?}", read.damage) };
        assert!(said.starts_with("link `containers/a.log` leads to `"), "{said}");
        assert!(said.ends_with("`, which is not in the archive") && said.len() < 600, "{said}");
        assert_eq!(members.done.len(), 1);
    }
}

#[test]
fn a_long_name_is_read_up_to_the_limit_and_never_printed_whole() {
    let with_name = |length: usize| {
        let name = format!("{}.log", "n".repeat(length - 4));
        [entry(LONG_NAME, "././@LongLink", "", format!("{name}\0").as_bytes()), file("short")]
            .concat()
    };
    let (names, said) = told(&[with_name(4_096), file("next")]);
    assert_eq!((names[0].len(), &*names[1], said), (4_096, "next", vec![]));
    let (names, said) = told(&[with_name(4_097), file("next")]);
    assert_eq!(names, ["next"]);
    assert!(said[0].starts_with("a member has a name of 4097 bytes, more than the limit of 4096"));
    // Beyond the limit of all headers nothing can be said about what follows.
    let (names, said) = told(&[file("before"), with_name(2 << 20), file("next")]);
    assert_eq!(names, ["before"]);
    let expected =
        "the tar is corrupt after 1 members: the headers of a member are over the limit of 1 MiB";
    assert_eq!(said, [expected]);
    let zeros = entry(LONG_NAME, "././@LongLink", "", &vec![0; 2 << 20]);
    assert_eq!(told(&[zeros, file("short")]).1, [expected.replace("after 1", "after 0")]);
}

#[test]
fn attributes_are_read_up_to_the_limit() {
    let path = ("path", &b"by/attribute.log"[..]);
    let big = vec![b'a'; 100 << 10];
    let (names, said) =
        told(&[pax(XHEADER, &[path, ("SCHILY.xattr.user.note", &big)]), file("x"), file("y")]);
    assert_eq!((names, said), (vec!["by/attribute.log".to_owned(), "y".to_owned()], vec![]));
    let huge = vec![b'a'; 2 << 20];
    let (names, said) = told(&[pax(XHEADER, &[path, ("comment", &huge)]), file("x"), file("y")]);
    assert_eq!(names, Vec::<String>::new());
    assert!(said[0].ends_with("the headers of a member are over the limit of 1 MiB"), "{said:?}");
    let torn = entry(XHEADER, "pax", "", b"nothing of the kind");
    let (names, said) = told(&[torn, file("x"), file("y")]);
    assert_eq!(names, ["y"]);
    assert_eq!(said, ["member `x` has attributes that cannot be read, and is not read"]);
    let (names, said) = told(&[pax(XHEADER, &[("GNU.sparse.major", b"1")]), file("x"), file("y")]);
    assert_eq!(names, ["y"]);
    assert_eq!(said, ["member `x` is a sparse file, which is not read"]);
}

#[test]
fn attributes_of_all_members_are_read_only_if_they_are_a_note() {
    let (names, said) = told(&[pax(GLOBAL, &[("comment", b"8a4f")]), file("x")]);
    assert_eq!((names, said), (vec!["x".to_owned()], vec![]));
    let (_, said) = told(&[pax(GLOBAL, &[("path", b"other")]), file("x")]);
    assert_eq!(said, ["member `pax` changes all members after it, which is not read"]);
}

#[test]
fn what_stands_before_a_header_does_not_count_as_a_header() {
    use tar::EntryType::{Directory, Fifo, Symlink};
    let bytes = vec![b'x'; 3 << 20];
    let entries = [
        entry(Fifo, "pipe", "", &bytes),
        entry(Directory, "folder", "", &bytes),
        entry(Symlink, "link", "folder", &bytes),
        vec![0; 4 << 20],
        file("x"),
    ];
    let (names, said) = told(&entries);
    assert_eq!(names, ["x"]);
    assert_eq!(said, ["member `pipe` is a Fifo, which is not read"]);
}

fn ranges(stored: &[u8]) -> (usize, Vec<String>) {
    let (members, read) = unpack(stored);
    (members.done.len(), damage(&read).into_iter().map(str::to_owned).collect())
}

fn unowned(from: usize, to: usize) -> String {
    format!("bytes {from} to {to} of the zip belong to none of its members and are not read")
}

#[test]
fn bytes_of_a_zip_that_no_member_owns_are_damage() {
    let first = zipped(&[("one.jsonl", ONE)], CompressionMethod::Deflated);
    let second = zipped(&[("two.json", TWO)], CompressionMethod::Stored);
    let two = [first.clone(), second.clone()].concat();
    assert_eq!(ranges(&two), (1, vec![unowned(0, first.len())]));
    let three = [first.clone(), first.clone(), second].concat();
    assert_eq!(ranges(&three), (1, vec![unowned(0, 2 * first.len())]));
    let behind = [first.clone(), ONE.to_vec()].concat();
    assert_eq!(ranges(&behind), (1, vec![unowned(first.len(), behind.len())]));

    // A member that the list does not name: its place stays, and the list loses an entry.
    let both = zipped(&[("one.jsonl", ONE), ("two.json", TWO)], CompressionMethod::Stored);
    let at = |mark: &[u8], nth: usize| memchr::memmem::find_iter(&both, mark).nth(nth).unwrap();
    let (member, list, entry, end) =
        (at(b"PK\x03\x04", 1), at(b"PK\x01\x02", 0), at(b"PK\x01\x02", 1), at(b"PK\x05\x06", 0));
    let mut hidden = [&both[..entry], &both[end..]].concat();
    let size = u32::try_from(entry - list).unwrap().to_le_bytes();
    let end = entry;
    hidden[end + 8..end + 12].copy_from_slice(&[1, 0, 1, 0]);
    hidden[end + 12..end + 16].copy_from_slice(&size);
    assert_eq!(ranges(&hidden), (1, vec![unowned(member, list)]));
}

#[test]
fn a_zip_as_programs_write_it_has_no_bytes_without_an_owner() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        for large in [false, true] {
            let options = SimpleFileOptions::default().compression_method(method).large_file(large);
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let mut stream = zip::ZipWriter::new_stream(Vec::new());
            writer.set_comment("taken by the night shift").unwrap();
            for (name, bytes) in [("one.jsonl", ONE), ("empty.jsonl", b""), ("two.json", TWO)] {
                writer.start_file(name, options.with_alignment(64)).unwrap();
                writer.write_all(bytes).unwrap();
                stream.start_file(name, options).unwrap();
                stream.write_all(bytes).unwrap();
            }
            writer.add_directory("folder", options).unwrap();
            let written = writer.finish().unwrap().into_inner();
            let streamed = stream.finish().unwrap().into_inner();
            for packed in [written, streamed] {
                assert_eq!(ranges(&packed), (3, vec![]), "{method:?} {large}");
            }
        }
    }
}

#[test]
fn a_zip_with_too_many_members_is_refused_before_they_are_listed() {
    let mut zip = zipped(&[("one.jsonl", ONE)], CompressionMethod::Stored);
    let end = memchr::memmem::rfind(&zip, b"PK\x05\x06").unwrap();
    let number = |number: u64| number.to_le_bytes();
    let (size, offset) = (number(46 + 9), number(zip.len() as u64));
    let locator = [&b"PK\x06\x07\0\0\0\0"[..], &offset, b"\x01\0\0\0"].concat();
    let record = [
        b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0".to_vec(),
        number(2_000_000).to_vec(),
        number(2_000_000).to_vec(),
        size.to_vec(),
        number(end as u64 - 55).to_vec(),
    ];
    let last = zip.split_off(end);
    let large = [zip.clone(), record.concat(), locator, last.clone()].concat();
    let limit = "the zip has more than the limit of 100000 members: unpack it first";
    assert_eq!(ranges(&large), (0, vec![limit.to_owned()]));

    // A list that is longer or shorter than it says.
    for stated in [0_u8, 2] {
        let mut lying = last.clone();
        (lying[8], lying[10]) = (stated, stated);
        let (members, said) = ranges(&[zip.clone(), lying].concat());
        assert_eq!((members, said.len()), (0, 1), "{stated}: {said:?}");
    }
}

#[test]
fn members_of_archives_in_archives_count_together() {
    let names: Vec<String> = (0..40_000).map(|number| format!("{number}")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), ONE)).collect();
    let inner = gzip(&tar(&members));
    let outer =
        tar(&[("a.tar.gz", &inner), ("b.tar.gz", &inner), ("c.tar.gz", &inner), ("d", ONE)]);
    let (members, read) = unpack(&outer);
    let limit = "more than the limit of 100000 members";
    assert_eq!(damage(&read), [limit]);
    let (last, _, report) = members.done.last().unwrap();
    assert_eq!((last.as_str(), damage(report)), ("c.tar.gz", vec![limit]));
    assert_eq!(members.done.len(), 100_000);
}
