/*! Records begin and end at the same places for every size of block. */

use crate::ingest::visit::{Frame, Visit};
use crate::model::coverage::Reject;

use super::*;

/// The records as text.
#[derive(Default)]
struct FramedText {
    lines: Vec<String>,
    skipped: Vec<u8>,
}

impl Visit for FramedText {
    fn frame(&mut self, frame: Frame<'_>) {
        let text = std::str::from_utf8(frame.bytes).unwrap();
        let open = if frame.closed { "" } else { " (open)" };
        assert_eq!(frame.record, self.lines.len() as u64 + 1);
        self.lines.push(format!("{} {text}{open}", frame.offset));
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        assert_eq!(frame.record, self.lines.len() as u64 + 1);
        self.lines.push(format!("{} +{} {}", frame.offset, frame.length, reject.reason));
    }

    fn skipped(&mut self, bytes: &[u8]) {
        self.skipped.extend_from_slice(bytes);
    }
}

const CAP: usize = 24;

fn framed(framing: &Framing, text: &[u8], block: usize) -> (FramedText, Totals) {
    let mut seen = FramedText::default();
    let mut out = Out::new(&mut seen);
    let mut cutter = cutter(framing, CAP);
    for block in text.chunks(block) {
        cutter.push(block, &mut out);
    }
    cutter.finish(&mut out);
    let totals = out.finish();
    (seen, totals)
}

/// The records, then the damage; the same for every block size.
fn check(framing: &Framing, text: impl AsRef<[u8]>, expected: &[&str]) {
    let text = text.as_ref();
    let whole = records_and_damage(framing, text, text.len().max(1));
    assert_eq!(whole, expected, "{framing}");
    for block in 1..text.len() {
        assert_eq!(
            records_and_damage(framing, text, block),
            whole,
            "{framing} in blocks of {block}"
        );
    }
}

fn records_and_damage(framing: &Framing, text: &[u8], block: usize) -> Vec<String> {
    let (seen, totals) = framed(framing, text, block);
    let damage = totals.damage.iter().map(|damage| format!("{}! {}", damage.offset, damage.what));
    seen.lines.into_iter().chain(damage).collect()
}

fn array(key: Option<&str>) -> Framing {
    Framing::Array { key: key.map(str::to_owned) }
}

#[test]
fn lines() {
    let check = |text: &[u8], expected: &[&str]| check(&Framing::Lines, text, expected);
    check(b"", &[]);
    check(b"\n \r\n\t\n", &[]);
    check(b"{}\n{}\r\n\n{}", &["0 {}", "3 {}", "8 {} (open)"]);
    check(b"\xef\xbb\xbf\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n\xef\xbb\xbf\n", &["6 {}", "12 {}"]);
    check(b"a\xff\nb\n", &["0 +2 not-utf8", "3 b"]);
    check(b"a\0b\n\0\nc\n", &["0 a\0b", "4 \0", "6 c"]);
}

#[test]
fn a_slice_of_an_array_is_its_objects() {
    let check = |text: &[u8], expected: &[&str]| check(&Framing::Lines, text, expected);
    check(b"{\"a\":1},\n{\"a\":2} ,\r\n", &["0 {\"a\":1}", "9 {\"a\":2}"]);
    check(b"{\"a\":1},\n{\"a\":2}\n]\n", &["0 {\"a\":1}", "9 {\"a\":2}"]);
    check(b"{\"a\":1},", &["0 {\"a\":1} (open)"]);
    // Neither a bracket alone nor a comma behind other text.
    check(b"{}\n]\n", &["0 {}", "3 ]"]);
    check(b"a,\n{a,\n", &["0 a,", "3 {a,"]);
}

#[test]
fn holes_in_lines() {
    let zeros = [0; 9];
    let hole = [b"a\nb".as_slice(), &zeros, b"c\n"].concat();
    check(&Framing::Lines, hole, &["0 a", "2 b (open)", "3 +9 nul-run", "12 c"]);
    let tail = [b"a\n".as_slice(), &zeros].concat();
    check(&Framing::Lines, tail, &["0 a", "2 +9 nul-run"]);
    check(&Framing::Lines, [0; 200], &["0 +200 nul-run"]);
}

#[test]
fn too_long_records_are_skipped_and_shown_to_a_search() {
    let long = format!("a\n{}AKIA{}\nb\n", "x".repeat(30), "y".repeat(9));
    check(&Framing::Lines, &long, &["0 a", "2 +43 too-long", "46 b"]);
    let long = format!("[1,\"{}AKIA{}\",2]", "x".repeat(30), "y".repeat(9));
    check(&array(None), &long, &["1 1", "3 +45 too-long", "49 2"]);
    let long = format!("{{}}\n{{\"{}AKIA\":1}}{{}}", "x".repeat(30));
    check(&Framing::Documents, &long, &["0 {}", "3 +40 too-long", "43 {}"]);
    for block in 1..50 {
        let (seen, _) = framed(&Framing::Documents, long.as_bytes(), block);
        assert!(seen.skipped.windows(4).any(|bytes| bytes == b"AKIA"), "blocks of {block}");
    }
}

#[test]
fn documents() {
    let check = |text: &str, expected: &[&str]| check(&Framing::Documents, text, expected);
    check(" ", &[]);
    check("{}{}", &["0 {}", "2 {}"]);
    check(
        "{\n \"a\": [\"}\\\"{\"]\n}\n[1]\n7\nnull",
        &["0 {\n \"a\": [\"}\\\"{\"]\n}", "19 [1]", "23 7", "25 null"],
    );
    check("\u{feff}{}\n\u{1e}{}", &["3 {}", "7 {}"]);
    check("{\"a\":\n{}", &["0 +8 truncated-json"]);
    check("{a}\n{}", &["0 +4 bad-json", "4 {}"]);
    check("{\"a\":1,\n{}\n{}", &["0 +8 bad-json", "8 {}", "11 {}"]);
    check("{},\n{},\n", &["0 {}", "2 +2 bad-json", "4 {}", "6 +2 bad-json"]);
    check("{\"a\":\"b\n{}\n", &["0 +8 bad-json", "8 {}"]);
    check("what?", &["0 +5 bad-json"]);
}

#[test]
fn arrays() {
    let check = |text: &str, expected: &[&str]| check(&array(None), text, expected);
    check("[]", &[]);
    check("\u{feff}[ {\"a\":[{}]} ,\n7, \"]\" ]\n", &["5 {\"a\":[{}]}", "18 7", "21 \"]\""]);
    check("[{}][{}]\n[]", &["1 {}", "5 {}"]);
    check("[{},{\"a\"", &["1 {}", "4 +4 truncated-json", "8! the JSON array ends early"]);
    check("[{}", &["1 {}", "3! the JSON array ends early"]);
    check("[{},]", &["1 {}", "4! a fault in the JSON around the records"]);
    check("[{},{bad},{}]", &["1 {}", "4 +9 bad-json", "5! a fault in a record of the array"]);
    check("[{}]\nERROR {}", &["1 {}", "5 +8 trailing-data", "5! bytes after the end of the array"]);
    check("oops", &["0 +4 trailing-data", "0! not a JSON array"]);
    check("[{}]{\"e\":1}", &["1 {}", "4 +7 no-record-array"]);
}

#[test]
fn arrays_under_a_key() {
    let records = array(Some("Records"));
    let text = r#"{"a":{"Records":[0]},"R\u0065cords":[{},1],"b":[2]}"#;
    check(&records, text, &["37 {}", "40 1"]);
    let (_, totals) = framed(&records, text.as_bytes(), 3);
    let envelope = r#"{"a":{"Records":[0]},"R\u0065cords":[],"b":[2]}"#;
    assert_eq!(String::from_utf8(totals.envelope).unwrap(), envelope);
    check(&records, "{\"Records\":[1]}\n{\"Records\":[2]}\n", &["12 1", "28 2"]);
    check(&records, "{\"e\":1}{\"Records\":[2]}", &["0 +7 no-record-array", "19 2"]);
    check(&records, "[1]", &["1 1"]);
    check(&records, "{\"a\":1", &["6! the JSON array ends early"]);
    let hits = array(Some("/hits/hits"));
    check(&hits, r#"{"hits":{"t":{"hits":[0]},"hits":[1]},"hits":[2]}"#, &["34 1"]);
    check(&hits, r#"{"hits":[0]}"#, &["0 +12 no-record-array"]);
}

#[test]
fn depth_is_bounded_and_counted() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let text = format!("{}{}", deep(300), "{}");
    check(&Framing::Documents, &text, &["0 +600 too-long", "600 {}"]);
    let text = format!("[{},{{}}]", deep(200));
    check(&array(None), &text, &["1 +400 too-long", "402 {}"]);
}

#[test]
fn sniffing() {
    let keys = ["items", "Records", "/hits/hits"].map(str::to_owned);
    let check = |head: &str, expected: &str| {
        let framing = sniff(head.as_bytes(), &keys, &["timestamp".to_owned()]);
        assert_eq!(framing.to_string(), expected, "{head}");
    };
    check("", "lines");
    check("2026-03-02 ok", "lines");
    check("{\"a\":1}\n{\"a\":2}\n", "lines");
    check("{\"a\":1}", "lines");
    check("{\"a\":1} x\n{\"a\":2}\n", "lines");
    check("{\"a\":1}{\"a\":2}", "documents");
    check("{\n\"a\":1\n}\n", "documents");
    check("{\n\"a\":1,", "documents");
    check("{\"a\":1,\n{\"a\":2}\n{\"a\":3}\n", "lines");
    check("{\"a\":\n{\"a\":2}\n{\"a\":3}", "lines");
    check("[2026-03-02] ok\n", "lines");
    check("[error] no\n", "lines");
    check("[1,2]\n[3,4]\n", "lines");
    check("[\n1\n]", "array");
    check("[]", "array");
    check("\u{feff} [ {\"a\":1}", "array");
    check(&"[".repeat(200), "lines");
    check("{\"a\":1,\"Records\":[{\"b\":2},{", "array Records");
    check("{\"Records\":[]}", "array Records");
    check("{\"Records\":[{}]}\n{\"Records\":[{}]}\n", "array Records");
    check("{\"Records\":[{}]}\n{\"a\":1}\n", "lines");
    check("{\"Records\":[{}]}\n{\"torn\n{\"a\":1}\n", "lines");
    check("{\"Records\":[{}]}\nERROR", "array Records");
    check("{\"Records\":[7]}", "lines");
    check("{\"items\":[],\"Records\":[{}]}", "array Records");
    check("{\"hits\":{\"total\":1,\"hits\":[{}]}}", "array /hits/hits");
    check("{\"timestamp\":\"x\",\"items\":[{}]}\n{\"timestamp\":\"y\",\"items\":[]}", "lines");
    check("{\"items\":[{}],\"timestamp\" : 1", "lines");
    check("{\"a\":{\"timestamp\":1},\"items\":[{\"timestamp\":2}]}", "array items");
}

/// Pieces of lines of a Docker log, each of its own stream.
fn piece(stream: &str, bytes: usize) -> String {
    let log = "a".repeat(bytes);
    format!(r#"{{"log":"{log}","stream":"{stream}","time":"2026-03-08T08:00:00Z"}}"#)
}

#[test]
fn lines_that_never_end_are_held_up_to_a_limit_and_none_is_lost() {
    let held = |pieces: u64, bytes: usize| {
        let mut lines = DockerLines::default();
        let mut torn = 0;
        for record in 1..=pieces {
            let text = piece(&format!("s{record}"), bytes);
            let (bytes, length) = (text.as_bytes(), text.len() as u64);
            let frame = crate::ingest::Frame { bytes, offset: 0, length, record, closed: true };
            let DockerLine::GoesOn(displaced) = lines.take(&frame, &text) else {
                panic!("piece {record} has its end")
            };
            // The oldest goes first.
            for line in displaced {
                torn += 1;
                assert_eq!(line.frame(false).record, torn);
            }
        }
        (torn, lines.end().len() as u64)
    };
    assert_eq!(held(2, 16 << 10), (0, 2));
    assert_eq!(held(64, 16 << 10), (0, 64));
    assert_eq!(held(100, 16 << 10), (36, 64));
    assert_eq!(held(5, 10 << 20), (2, 3));
}
