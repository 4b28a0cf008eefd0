//! Records that another thread reads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use holdover::ingest::{Frame, Framing, ReadOptions, Visit, read, read_ahead, walk};
use holdover::model::coverage::Reject;

/// Notes each call, and panics at the record of a number.
#[derive(Default)]
struct Calls {
    calls: Vec<String>,
    fatal: Option<u64>,
}

impl Visit for Calls {
    fn head(&mut self, head: &[u8], sniffed: &Framing) -> Option<Framing> {
        self.calls.push(format!("head of {} bytes, {sniffed}", head.len()));
        None
    }

    fn frame(&mut self, frame: Frame<'_>) {
        assert_ne!(Some(frame.record), self.fatal, "as the test wants it");
        self.calls.push(format!("{frame:?}"));
    }

    fn reject(&mut self, frame: Frame<'_>, reject: Reject) {
        self.calls.push(format!("{frame:?} {reject:?}"));
    }

    fn progress(&mut self, stored_bytes: u64) {
        self.calls.push(format!("{stored_bytes} bytes"));
    }
}

/// A file of more batches than may wait, and with a line that is no text.
fn large_file(folder: &tempfile::TempDir) -> String {
    let mut bytes = Vec::new();
    for number in 0..20_000 {
        let line = format!("{{\"number\":{number},\"text\":\"{}\"}}\n", "x".repeat(number % 97));
        bytes.extend_from_slice(line.as_bytes());
    }
    bytes.extend_from_slice(b"\xff\xfe\n{\"torn\":");
    let path = folder.path().join("large.jsonl");
    std::fs::write(&path, bytes).expect("written");
    path.to_string_lossy().into_owned()
}

#[test]
fn the_visitor_sees_the_same_in_the_same_order() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let input = walk(&[large_file(&folder)]).remove(0);
    let (mut here, mut ahead) = (Calls::default(), Calls::default());
    let options = ReadOptions::default();
    assert_eq!(read(&input, &options, &mut here), read_ahead(&input, &options, &mut ahead));
    assert_eq!(here.calls, ahead.calls);
    assert!(here.calls.len() > 20_000);
}

#[test]
fn a_visitor_that_panics_ends_the_reading() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let input = walk(&[large_file(&folder)]).remove(0);
    let mut visit = Calls { fatal: Some(7), ..Calls::default() };
    let ended = catch_unwind(AssertUnwindSafe(|| {
        read_ahead(&input, &ReadOptions::default(), &mut visit);
    }));
    assert!(ended.is_err());
}
