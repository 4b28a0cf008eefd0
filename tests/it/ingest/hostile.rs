/*! Files made to be misread: each is read without panic, and what is not read is said. */

use std::path::Path;
use std::process::Command;

use holdover::ingest::{Frame, Input, ReadOptions, Visit, read, walk};
use holdover::model::coverage::Reject;
use serde_json::Value;

use super::{Records, keys};
use crate::harness::{shared, skip};

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn hostile_corpora_are_read_without_panic() {
    let folder = shared("bad-input");
    let inputs = walk(&[folder.to_str().unwrap().to_owned()]);
    assert!(inputs.len() > 600, "{} files", inputs.len());
    for input in &inputs {
        let (records, damage) = read_input(input);
        let name = Path::new(&input.path).file_name().unwrap().to_str().unwrap();
        let said = !damage.is_empty() || !records.rejected.is_empty();
        let rejected = records.rejected.iter().all(|reason| *reason == "not-an-object");
        if input.path.contains("test_parsing/") && name.starts_with("y_") {
            assert!(rejected, "{}: {:?}", input.path, records.rejected);
        }
        if input.path.contains("test_parsing/n_structure") {
            assert!(said, "{}", input.path);
        }
        if input.path.contains("xz-files/") && name.contains(".xz") {
            let is_bad = damage.iter().any(|what| what.starts_with("xz "));
            assert_eq!(is_bad, !name.starts_with("good"), "{}: {damage:?}", input.path);
        }
    }
}

fn read_input(input: &Input) -> (Records, Vec<String>) {
    let options = ReadOptions { record_keys: &keys(), ..ReadOptions::default() };
    let mut records = Records::default();
    let mut read = read(input, &options, &mut records);
    for member in std::mem::take(&mut records.members) {
        read.records += member.records;
        read.damage.extend(member.damage);
    }
    assert_eq!(read.records, records.numbers.len() as u64, "{}", input.path);
    assert!(read.records > 0 || !read.damage.is_empty(), "{}: nothing said", input.path);
    (records, read.damage.into_iter().map(|damage| damage.what).collect())
}

/// Cases that are read differently from the table of the generator, which its notes allow or a later stage decides.
const OTHERWISE: &[(&str, usize, usize)] = &[
    // The hole is a reject of its own, and the record after it is read.
    ("jsonl/nul_hole_4096.jsonl", 10, 1),
    // Has no mark, but is recognised by its zeros.
    ("encoding/utf16le_nobom.jsonl", 10, 0),
    ("encoding/utf16be_nobom.jsonl", 10, 0),
    // The last line end is cut in half, which is damage, but the record is whole.
    ("encoding/utf16le_odd_byte.jsonl", 10, 0),
    // Values are read one after the other, whatever separates them.
    ("jsonl/cr_only.jsonl", 10, 0),
    // They are objects. The mapping decides that they are not evidence.
    ("array/prom_error.json", 1, 0),
    ("array/api_error_body.json", 1, 0),
    // The junk before it hides the mark of the zip, and nothing in it is text.
    ("archive/zip_prefix_junk.zip", 0, 19),
    // A name occurs twice, so readers may differ: refused.
    ("archive/zip_duplicate_names.zip", 0, 0),
    // Only zeros.
    ("archive/tar_empty.tar", 0, 1),
];

/// Faults of the exporter in the envelope, which the caller has to find.
const IN_ENVELOPE: &[&str] = &["PARTIAL_RESULT", "MORE_PAGES", "UPSTREAM_ERROR"];

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn generated_hostile_files_are_counted_as_expected() {
    let folder = shared("bad-input");
    let root = tempfile::tempdir().unwrap();
    let mut generator = Command::new("python3");
    generator.arg(folder.join("gen_bad.py")).arg(root.path()).arg("--no-bombs");
    if !generator.output().is_ok_and(|made| made.status.success()) {
        skip("python3 cannot generate the hostile files");
        return;
    }
    let expected = std::fs::read(root.path().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let mut counted = 0;
    for case in expected["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap().strip_prefix("gen/").unwrap();
        let path = root.path().join("gen").join(file);
        if !path.exists() {
            continue;
        }
        let inputs = walk(&[path.to_str().unwrap().to_owned()]);
        let (records, damage) = read_input(&inputs[0]);
        // Text of other formats is read as lines that are not JSON.
        if ["jsonl/", "array/", "encoding/", "compress/", "archive/"]
            .iter()
            .any(|group| file.starts_with(group))
        {
            check_case(file, case, &records, &damage);
            counted += 1;
        }
    }
    assert!(counted > 130, "{counted} cases");
}

fn check_case(file: &str, case: &Value, records: &Records, damage: &[String]) {
    let found = (records.accepted.len(), records.rejected.len());
    let note = format!("{file}: {found:?}, {damage:?}, {:?}", records.rejected.first());
    let is_refused = |damage: &String| damage.ends_with("is not read by this version");
    // One refused member of an archive says nothing about the others.
    if !file.starts_with("archive/") && damage.iter().any(is_refused) {
        assert_eq!(found, (0, 0), "{note}");
        return;
    }
    let otherwise = OTHERWISE.iter().find(|(name, _, _)| *name == file);
    if let Some((_, accepted, rejected)) = otherwise {
        assert_eq!(found, (*accepted, *rejected), "{note}");
        return;
    }
    let count = |name: &str| case[name].as_u64().and_then(|count| usize::try_from(count).ok());
    assert_eq!(count("accepted").unwrap_or(found.0), found.0, "{note}");
    assert_eq!(count("rejected").unwrap_or(found.1), found.1, "{note}");
    let failed = matches!(case["outcome"].as_str(), Some("source_error" | "limit" | "unsupported"));
    let is_ours = !IN_ENVELOPE.contains(&case["reason"].as_str().unwrap_or_default());
    let said = !damage.is_empty() || found.1 > 0;
    assert!(said || !failed || !is_ours, "{note}");
}

#[test]
#[ignore = "decodes gigabytes"]
fn bombs_are_refused_or_read_to_their_end() {
    let folder = shared("bad-input");
    let root = tempfile::tempdir().unwrap();
    let made = Command::new("python3").arg(folder.join("gen_bad.py")).arg(root.path()).output();
    assert!(made.is_ok_and(|made| made.status.success()));
    for input in &walk(&[root.path().join("gen/bombs").to_str().unwrap().to_owned()]) {
        let mut counted = Occurrences::default();
        let read = read(input, &ReadOptions::default(), &mut counted);
        let (frames, rejects) = (counted.frames, counted.rejects);
        println!("{}: {frames} {rejects} {:?}", input.path, read.damage);
        let is_honest = input.path.ends_with("gz_jsonl_3gib_single.jsonl.gz");
        assert_eq!(frames, if is_honest { 26_836_992 } else { 0 }, "{}", input.path);
        assert_eq!(read.damage.is_empty(), is_honest, "{}", input.path);
    }
}

/// Counts records without decoding them.
#[derive(Default)]
struct Occurrences {
    frames: u64,
    rejects: u64,
}

impl Visit for Occurrences {
    fn frame(&mut self, _frame: Frame<'_>) {
        self.frames += 1;
    }

    fn reject(&mut self, _frame: Frame<'_>, _reject: Reject) {
        self.rejects += 1;
    }
}
