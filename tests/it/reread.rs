/*! The raw records behind citations: read again by place, from whatever container, and only from the bytes reported. */

use std::fs;
use std::path::Path;

use holdover::ingest::walk;
use holdover::model::record::{Lost, Record, Records};
use holdover::pipeline::{Collected, Extent};
use holdover::quote::{Files, reread};
use holdover::wording;
use zip::CompressionMethod;

use crate::harness::collect;
use crate::ingest::archives::zip;
use crate::ingest::columns::parquet;
use crate::ingest::combinations::{NEW, OLD, PLAN, number, read, write};
use crate::ingest::containers::gzip;

const AROUND: Extent = Extent { chars: 4_000, neighbours: 2 };

/// The records of all rows, read again from a folder.
fn records(collected: &Collected, folder: &Path, extent: Extent) -> Records {
    let found = walk(&[folder.to_string_lossy().into_owned()]);
    let files = Files::find(&collected.sealed.inputs, &found);
    reread(&files, collected.sealed.rows.iter().map(|row| row.place), extent)
}

fn only(records: &Records) -> &Result<Record, Lost> {
    assert_eq!(records.0.len(), 1, "{records:?}");
    records.0.values().next().expect("one record")
}

fn shown(records: &Records) -> Vec<&Record> {
    records.0.values().map(|record| record.as_ref().expect("a record")).collect()
}

fn line(hour: u32, uid: &str, more: &str) -> String {
    format!(
        "{{\"time\":\"2026-03-02T{hour:02}:00:00Z\",\"service\":\"app\",\"credential_uid\":\"{uid}\",\
         \"outcome\":\"success\"{more}}}\n"
    )
}

/// An old use among records that say nothing.
fn among(around: usize) -> String {
    let other = |n: usize| format!("{{\"time\":\"2026-03-02T07:00:00Z\",\"n\":{n}}}\n");
    let before: String = (0..around).map(other).collect();
    let after: String = (around..2 * around).map(other).collect();
    before + &line(8, OLD, "") + &after
}

#[test]
fn a_record_is_found_again_in_every_codec_framing_and_container() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let cases = write(&scratch.path().join("in"));
    let collected = read(scratch.path());
    let again = records(&collected, scratch.path(), AROUND);
    assert_eq!(again.0.len(), 3 * cases.len());
    for row in &collected.sealed.rows {
        let input = &collected.sealed.inputs[row.place.input.0 as usize];
        let case = &cases[number(&input.path)].0;
        let record = again.0[&row.place].as_ref().unwrap_or_else(|lost| panic!("{case}: {lost:?}"));
        let uid = collected.sealed.text(row.uid).expect("a marker");
        let time = row.when.at.rfc3339();
        let (_, clock) = time.trim_end_matches('Z').split_once('T').expect("a time");
        assert!(record.text.contains(uid) && record.text.contains(clock), "{case}: {record:?}");
        let header = "time,service,action,credential_uid,outcome";
        assert_eq!(record.header.as_deref().unwrap_or(header), header, "{case}");
        assert_eq!(record.header.is_some(), case.starts_with("rows"), "{case}");
        let lines = !case.starts_with("text");
        let others = record.before.len() + record.after.len();
        assert!(!lines || others == 2, "{case}: three records, this one and two: {record:?}");
        assert!(!record.is_checked, "no digest was asked for");
    }
}

#[test]
fn a_row_of_columns_is_found_again() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let names = ["time", "service", "credential_uid", "outcome"];
    let rows: Vec<[&str; 4]> = vec![
        ["2026-03-02T08:00:00Z", "app", NEW, "success"],
        ["2026-03-02T08:30:00Z", "app", OLD, "success"],
    ];
    let bytes = parquet(&names, &rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
    fs::write(scratch.path().join("a.parquet"), bytes).expect("a file");
    let collected = collect(PLAN, scratch.path(), true);
    let again = records(&collected, scratch.path(), AROUND);
    let shown = shown(&again);
    assert_eq!(shown.len(), 2);
    assert!(shown[0].text.contains(NEW) && shown[1].text.contains(OLD), "{shown:?}");
    assert_eq!(shown[1].before, [shown[0].text.clone()]);
    assert!(shown[1].is_checked);
}

#[test]
fn neighbours_are_the_nearest_records() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    for (name, around, wanted) in [("none.jsonl", 0, 0), ("some.jsonl", 5, 2)] {
        fs::write(scratch.path().join(name), among(around)).expect("a file");
        let collected = collect(PLAN, &scratch.path().join(name), true);
        let again = records(&collected, scratch.path(), AROUND);
        let record = only(&again).as_ref().expect("a record");
        assert_eq!((record.before.len(), record.after.len()), (wanted, wanted), "{name}");
        if wanted > 0 {
            assert!(record.before[1].ends_with("\"n\":4}"), "{record:?}");
            assert!(record.after[0].ends_with("\"n\":5}"), "{record:?}");
        }
    }
}

#[test]
fn a_secret_is_masked_before_the_text_is_cut() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let secret = "Zk9xQ2vT7bLm4Rw8Yd1Hs6Jc3Nf5Pg0A";
    let text = line(8, OLD, &format!(",\"note\":\"x\",\"password\":\"{secret}\""));
    let beside = format!("{{\"time\":\"2026-03-02T07:00:00Z\",\"password\":\"{secret}\"}}\n");
    fs::write(scratch.path().join("a.jsonl"), beside + &text).expect("a file");
    let collected = collect(PLAN, scratch.path(), true);
    for chars in 1..text.len() + 4 {
        let again = records(&collected, scratch.path(), Extent { chars, neighbours: 1 });
        let record = only(&again).as_ref().expect("a record");
        let all = format!("{}{}", record.text, record.before[0]);
        assert!(!all.contains(&secret[..3]), "{chars}: {all}");
        assert!(record.text.chars().count() <= chars);
        assert_eq!(record.is_cut, record.text.ends_with('…'), "{record:?}");
    }
    let whole = records(&collected, scratch.path(), AROUND);
    assert!(only(&whole).as_ref().expect("a record").text.contains("\"password\":\"fp:"));
}

#[test]
fn an_input_that_is_gone_or_another_is_said_to_be() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("a.jsonl.gz");
    fs::write(&path, gzip(among(3).as_bytes())).expect("a file");
    let collected = collect(PLAN, scratch.path(), true);
    let lost = |why: &str| {
        let again = records(&collected, scratch.path(), AROUND);
        let lost = only(&again).as_ref().expect_err(why);
        let words = wording::lost(lost);
        assert!(words.contains(why), "{words}");
    };
    let found = records(&collected, scratch.path(), AROUND);
    assert!(only(&found).as_ref().expect("a record").is_checked);
    let mut bytes = fs::read(&path).expect("a file");
    bytes[4] ^= 1;
    fs::write(&path, &bytes).expect("a file");
    lost("its digest is not the one in the report");
    fs::write(&path, &bytes[..bytes.len() - 1]).expect("a file");
    lost("the report says");
    fs::remove_file(&path).expect("gone");
    lost("cannot be read");
}

#[test]
fn without_a_digest_a_place_that_holds_no_record_is_said_to_hold_none() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("a.jsonl");
    fs::write(&path, among(1)).expect("a file");
    let collected = collect(PLAN, scratch.path(), false);
    let blank = " ".repeat(among(1).len() - 1) + "\n";
    fs::write(&path, blank).expect("a file");
    let again = records(&collected, scratch.path(), AROUND);
    assert_eq!(only(&again), &Err(Lost::NoRecord));
}

#[test]
fn a_member_that_is_another_is_said_to_be_and_its_neighbour_is_not() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("a.zip");
    let pack = |two: &str| {
        let (one, three) = (line(8, OLD, ""), line(10, NEW, ""));
        let members = [("one", one.as_bytes()), ("two", two.as_bytes()), ("six", three.as_bytes())];
        fs::write(&path, zip(&members, CompressionMethod::Stored)).expect("a file");
    };
    pack(&line(9, NEW, ""));
    let collected = collect(PLAN, scratch.path(), true);
    pack(&line(9, OLD, ""));
    let again = records(&collected, scratch.path(), AROUND);
    let found: Vec<bool> = again.0.values().map(Result::is_ok).collect();
    assert_eq!(found, [true, false, true], "{again:?}");
}

#[test]
fn an_input_that_was_moved_is_found_by_its_name_and_digest() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (old, new) = (scratch.path().join("old/x"), scratch.path().join("new/x"));
    fs::create_dir_all(&old).expect("a folder");
    fs::create_dir_all(&new).expect("a folder");
    fs::write(old.join("a.jsonl"), among(1)).expect("a file");
    let collected = collect(PLAN, &old, true);
    fs::rename(old.join("a.jsonl"), new.join("a.jsonl")).expect("moved");
    assert!(only(&records(&collected, &new, AROUND)).is_ok());
    fs::rename(new.join("a.jsonl"), new.join("b.jsonl")).expect("renamed");
    assert!(only(&records(&collected, &new, AROUND)).is_err(), "another name is another file");
}
