/*! From stored bytes to records: every framing in every container, failing readers, hostile files. */

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod ahead;
pub(crate) mod archives;
pub(crate) mod columns;
pub(crate) mod combinations;
pub(crate) mod containers;
mod hostile;
mod hostile_archives;
mod laws;

use std::io::{self, Cursor, Read as _, Write};
use std::path::PathBuf;

use holdover::ingest::decode::json;
use holdover::ingest::{
    CODECS, Codec, Decode, FRAMINGS, Fields, Frame, Framing, Picks, ReadOptions, ReadReport, Visit,
    read, read_from, walk,
};
use holdover::model::coverage::Reject;

use containers::{bzip2, gzip, utf16, xz, zstd};

/// Decodes every record as a caller would and keeps the result.
#[derive(Default)]
struct Records {
    /// The picked id, offset and length of each record that decodes.
    accepted: Vec<(String, u64, u64)>,
    rejected: Vec<&'static str>,
    numbers: Vec<u64>,
    /// The reports of members.
    members: Vec<ReadReport>,
}

impl Visit for Records {
    fn end(&mut self, read: ReadReport) {
        self.members.push(read);
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.numbers.push(frame.record);
        match id(frame.bytes) {
            Ok(id) => self.accepted.push((id, frame.offset, frame.length)),
            Err(reject) => self.rejected.push(reject.reason),
        }
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.numbers.push(frame.record);
        self.rejected.push(reject.reason);
    }
}

fn id(frame: &[u8]) -> Result<String, Reject> {
    let mut fields = Fields::new();
    let pointers = ["/id", "/consumer", "/cred_version"].map(str::to_owned);
    json::Json.pick(frame, &Picks::new(&pointers), &mut fields)?;
    Ok(fields.get(0).unwrap_or_default().to_owned())
}

fn keys() -> [String; 4] {
    ["Records", "events", "/hits/hits", "/data/result"].map(str::to_owned)
}

fn read_bytes(stored: &[u8], block: usize) -> (Records, ReadReport) {
    read_stream(Cursor::new(stored), block)
}

fn read_stream(stream: impl io::Read, block: usize) -> (Records, ReadReport) {
    let options = ReadOptions { record_keys: &keys(), block, ..ReadOptions::default() };
    let mut records = Records::default();
    let read = read_from(stream, &options, &mut records);
    let count = records.numbers.len() as u64;
    assert!(records.numbers.iter().copied().eq(1..=count), "records are numbered without gaps");
    assert_eq!(read.records, count);
    assert!(count > 0 || !read.damage.is_empty(), "nothing read and nothing said");
    (records, read)
}

/// Halves as two members or frames; a record may span them.
fn halves(bytes: &[u8], compress: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (one, two) = bytes.split_at(bytes.len() / 2);
    [compress(one), compress(two)].concat()
}

/// A layout of records and the framing that must read it.
type Layout = (&'static str, fn(&[String]) -> String);
/// A container and how bytes are put into it.
type Container = (&'static str, fn(&[u8]) -> Vec<u8>);

const LAYOUTS: &[Layout] = &[
    ("lines", |records| records.join("\n") + "\n"),
    ("lines", |records| records.join("\r\n")),
    ("documents", |records| records.concat()),
    ("documents", |records| {
        records.iter().map(|record| record.replace(',', ",\n  ") + "\n").collect()
    }),
    ("array", |records| format!("[{}]", records.join(","))),
    ("array", |records| format!("[\n  {}\n]\n", records.join(",\n  "))),
    ("array Records", |records| {
        format!("{{\"n\":1,\"Records\":[{}],\"m\":[]}}", records.join(","))
    }),
    ("array Records", |records| {
        format!("{{\"Records\":[{}]}}\n", records.join("]}\n{\"Records\":["))
    }),
    ("array /hits/hits", |records| {
        format!("{{\"hits\":{{\"total\":9,\"hits\":[{}]}}}}", records.join(","))
    }),
];

const CONTAINERS: &[Container] = &[
    ("", <[u8]>::to_vec),
    ("gzip, ", gzip),
    ("gzip, ", |bytes| halves(bytes, gzip)),
    ("zstd, ", zstd),
    ("zstd, ", |bytes| halves(bytes, zstd)),
    ("UTF-16 text, ", utf16),
    ("gzip, UTF-16 text, ", |bytes| gzip(&utf16(bytes))),
    ("bzip2, ", bzip2),
    ("bzip2, ", |bytes| halves(bytes, bzip2)),
    ("xz, ", xz),
    ("xz, ", |bytes| halves(bytes, xz)),
    ("gzip, zstd, ", |bytes| gzip(&zstd(bytes))),
];

fn records(count: usize, marked: usize) -> Vec<String> {
    let record = |n: usize| {
        let id = if n == marked { String::from("the one") } else { format!("r-{n}") };
        format!(r#"{{"id":"{id}","text":"}} ] \" \\ é [{{","deep":[[{{"n":{n}}}]]}}"#)
    };
    (0..count).map(record).collect()
}

#[test]
fn one_record_is_found_in_every_framing_and_container() {
    for framing in FRAMINGS {
        let laid_out = LAYOUTS.iter().any(|(name, _)| name.starts_with(framing.name))
            || TEXTS.iter().any(|(name, _, _)| *name == framing.name);
        assert!(laid_out, "{}", framing.name);
    }
    let taken_off = |codec: &&Codec| codec.is_read() && !codec.is_archive() && !codec.is_of_rows();
    for codec in CODECS.iter().filter(taken_off) {
        assert!(CONTAINERS.iter().any(|(name, _)| name.starts_with(codec.name)), "{}", codec.name);
    }
    for (framing, lay_out) in LAYOUTS {
        for (container, put_in) in CONTAINERS {
            for marked in [0, 20, 39] {
                let text = lay_out(&records(40, marked));
                let (records, read) = read_bytes(&put_in(text.as_bytes()), 64);
                let case = format!("{container}{framing}, record {marked}");
                assert_eq!(read.format, format!("{container}{framing}"), "{case}");
                assert_eq!((read.damage, records.rejected), (vec![], vec![]), "{case}");
                assert_eq!(records.accepted.len(), 40, "{case}");
                let (id, offset, length) = &records.accepted[marked];
                assert_eq!(id, "the one", "{case}");
                let start = usize::try_from(*offset).unwrap();
                let span = &text.as_bytes()[start..start + usize::try_from(*length).unwrap()];
                assert_eq!(self::id(span).unwrap(), "the one", "{case}: its span alone");
            }
        }
    }
}

/// A framing of text, its key, and a layout of ids. Each id ends the first line or value of its record.
type TextLayout = (&'static str, Option<&'static str>, fn(&[String]) -> String);

const TEXTS: &[TextLayout] = &[
    ("rows", Some(";"), |ids| {
        let row = |id: &String| format!("{id};\"two \"\"lines\"\";\n of text\"\n");
        format!("id;text\r\n{}", ids.iter().map(row).collect::<Vec<_>>().concat())
    }),
    ("text", Some("^20\\d\\d-"), |ids| {
        let record = |id: &String| format!("2026-03-02 {id}\n  at a.b(c)\n\n  at d\n");
        ids.iter().map(record).collect::<Vec<_>>().concat()
    }),
    ("partial", None, |ids| {
        let time = "2026-03-02T10:00:00Z stdout";
        let lines = |id: &String| format!("{time} P {id}\n{time} P ,\n{time} F end\n");
        ids.iter().map(lines).collect::<Vec<_>>().concat()
    }),
];

/// Keeps the bytes of each record.
#[derive(Default)]
struct Bytes(Vec<(Vec<u8>, u64)>, Vec<&'static str>);

impl Visit for Bytes {
    fn frame(&mut self, frame: Frame<'_>) {
        self.0.push((frame.bytes.to_vec(), frame.offset));
    }

    fn reject(&mut self, _frame: Frame<'_>, reject: Reject) {
        self.1.push(reject.reason);
    }
}

#[test]
fn records_of_text_are_found_in_every_container_and_block_size() {
    let ids: Vec<String> = (0..20).map(|n| format!("id-{n}")).collect();
    for (name, key, lay_out) in TEXTS {
        let framing = Framing::named(name, key.map(str::to_owned));
        let text = lay_out(&ids);
        for (container, put_in) in CONTAINERS {
            let stored = put_in(text.as_bytes());
            for block in [1, 2, 3, 7, 64, 1 << 20] {
                let options =
                    ReadOptions { framing: framing.clone(), block, ..ReadOptions::default() };
                let mut found = Bytes::default();
                let read = read_from(Cursor::new(&stored), &options, &mut found);
                let case = format!("{container}{name} in blocks of {block}");
                assert_eq!((read.damage, found.1), (vec![], vec![]), "{case}");
                assert_eq!(found.0.len(), ids.len(), "{case}");
                for ((bytes, offset), id) in found.0.iter().zip(&ids) {
                    let start = usize::try_from(*offset).unwrap();
                    assert_eq!(&text.as_bytes()[start..start + bytes.len()], bytes, "{case}");
                    let record = String::from_utf8_lossy(bytes);
                    assert!(
                        record.contains(&format!("{id}\n"))
                            || record.starts_with(&format!("{id};")),
                        "{case}: {record}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_row_whose_quote_is_never_closed_is_damage() {
    let options = ReadOptions { framing: Framing::named("rows", None), ..ReadOptions::default() };
    let mut found = Bytes::default();
    let read = read_from(Cursor::new("a,b\n1,2\n3,\"4\n5,6\n"), &options, &mut found);
    assert_eq!((found.0.len(), found.1), (1, vec!["unclosed-quote"]));
    assert_eq!(read.damage.len(), 1);
}

#[test]
fn blocks_of_any_size_give_the_same_records() {
    for (_, lay_out) in LAYOUTS {
        let text = lay_out(&records(7, 3));
        for cut in [text.len(), text.len() - 9] {
            let text = &text.as_bytes()[..cut];
            let (whole, read) = read_bytes(text, 1 << 20);
            for block in (1..80).chain([text.len() - 1]) {
                let (records, again) = read_bytes(text, block);
                assert_eq!(
                    records.accepted, whole.accepted,
                    "{} in blocks of {block}",
                    read.format
                );
                assert_eq!(
                    records.rejected, whole.rejected,
                    "{} in blocks of {block}",
                    read.format
                );
                assert_eq!(again, read);
            }
        }
    }
}

#[test]
fn the_digest_is_of_the_whole_file() {
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(read_bytes(b"abc", 1).1.digest.as_deref(), Some(sha256));
    let broken = [gzip(b"{}\n"), vec![b'x'; 3 << 20]].concat();
    let (_, read) = read_bytes(&broken, 100);
    assert_eq!(read.bytes, broken.len() as u64);
    assert_eq!(read.damage[0].what, "bytes after the end of the gzip stream");
    let (_, plain) = read_stream(Cursor::new(&broken).chain(io::empty()), 1 << 20);
    assert_eq!(read.digest, plain.digest);
    let options = ReadOptions { digest: None, ..ReadOptions::default() };
    assert_eq!(read_from(Cursor::new("{}"), &options, &mut Records::default()).digest, None);
}

/// Returns few bytes at a time, is interrupted before each read, and fails at the n-th.
struct Failing<'b> {
    rest: &'b [u8],
    reads: usize,
    interrupt: bool,
}

impl io::Read for Failing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.reads == 0 {
            return Err(io::Error::other("the disk is gone"));
        }
        self.reads -= 1;
        let count = out.len().min(self.rest.len()).min(50);
        out[..count].copy_from_slice(&self.rest[..count]);
        self.rest = &self.rest[count..];
        Ok(count)
    }
}

#[test]
fn records_before_a_failed_read_are_kept() {
    for (framing, lay_out) in LAYOUTS {
        for (container, put_in) in CONTAINERS {
            let stored = put_in(lay_out(&records(30, 0)).as_bytes());
            let (whole, _) = read_bytes(&stored, 64);
            let mut most = 0;
            for reads in 0..=stored.len() / 50 {
                let stream = Failing { rest: &stored, reads, interrupt: false };
                let (records, read) = read_stream(stream, 64);
                let case = format!("{container}{framing}, read {reads}");
                assert!(whole.accepted.starts_with(&records.accepted), "{case}");
                assert!(records.rejected.len() <= 1, "{case}");
                assert_eq!(read.damage[0].what, "reading failed: the disk is gone", "{case}");
                assert_eq!(read.digest, None, "{case}");
                assert!(records.accepted.len() >= most, "{case}");
                most = records.accepted.len();
            }
            assert!(most > 0 || !container.is_empty(), "{container}{framing}");
        }
    }
}

#[test]
fn an_input_that_cannot_be_read_is_damaged() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("empty"), "").unwrap();
    std::fs::write(path("blank"), "\n\n").unwrap();
    std::fs::write(path("bare"), "[]").unwrap();
    let inputs = walk(&[path("empty"), path("blank"), path("bare"), path("gone")]);
    let what: Vec<String> = inputs
        .iter()
        .map(|input| {
            let read = read(input, &ReadOptions::default(), &mut Records::default());
            let damage: Vec<&str> = read.damage.iter().map(|damage| damage.what.as_str()).collect();
            format!("{}: {}", read.format, damage.join(", "))
        })
        .collect();
    assert_eq!(
        what,
        [
            "array: no records",
            "lines: no records",
            "lines: no records",
            "unread: no such file or directory",
        ]
    );
}

/// Writes to the file while it is read, once.
struct Writer(Option<PathBuf>);

impl Visit for Writer {
    fn frame(&mut self, _frame: Frame<'_>) {
        if let Some(path) = self.0.take() {
            let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(b"{}\n").unwrap();
        }
    }

    fn reject(&mut self, _frame: Frame<'_>, _reject: Reject) {}
}

#[test]
fn a_file_that_changes_while_it_is_read_is_damaged() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("grows.jsonl");
    std::fs::write(&path, "{}\n").unwrap();
    let inputs = walk(&[path.to_str().unwrap().to_owned()]);
    let options = ReadOptions::default();
    let still = read(&inputs[0], &options, &mut Records::default());
    assert_eq!(still.damage, vec![]);
    let read = read(&inputs[0], &options, &mut Writer(Some(path)));
    assert_eq!(read.damage[0].what, "changed while being read");
}

#[test]
fn a_long_line_is_read_in_bounded_memory() {
    let line =
        |id: &str, pad: usize| format!("{{\"id\":\"{id}\",\"pad\":\"{}\"}}\n", "x".repeat(pad));
    let text = [line("a", 1 << 20), line("b", 20 << 20), line("c", 0)].concat();
    let (records, _) = read_bytes(&gzip(text.as_bytes()), 1 << 18);
    let ids: Vec<&str> = records.accepted.iter().map(|(id, _, _)| id.as_str()).collect();
    assert_eq!((ids, records.rejected), (vec!["a", "c"], vec!["too-long"]));
}
