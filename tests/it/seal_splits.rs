/*! The evidence table does not depend on how rows were passed on: in batches of any length, with texts numbered in any
 * order, as they were scanned or as a bundle keeps them, the inputs in any order.
 */

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use holdover::attribute::CompiledRotation;
use holdover::ingest::walk;
use holdover::model::bounds::TimeBounds;
use holdover::model::link::Learned;
use holdover::model::{InputId, Timestamp};
use holdover::pipeline;
use holdover::profile::builtin;
use holdover::scan::{Batch, Interner, Part, Row, ScanOptions, Sym, Wanted, scan};
use holdover::table::parts::{PackedBatch, SealBatch};
use holdover::table::{PlainTable, Sealed, evidence_by_id, seal};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const PLAN: &str = r#"
credential.name = "c"
credential.version = [
  { name = "v1", state = "old", markers = ["doc-key-2024"] },
  { name = "v2", state = "new", markers = ["doc-key-2026"] },
]
rotation = { introduced = 2026-03-02T09:00:00Z, window = "1h" }
consumer = [{ class = "worker", match = [{ service_name = ["worker", "batch"] }] }]
"#;

/// A record, by picks from few values: then ids are shared, records are delivered twice, and times are equal.
fn line() -> impl Strategy<Value = String> {
    let picks = prop::array::uniform7(0..5_usize);
    picks.prop_map(|[second, id, trace, instance, key, outcome, service]| {
        let of = |name: &str, values: [&str; 5], pick: usize| match values[pick] {
            "" => String::new(),
            value => format!(r#","{name}":"{value}""#),
        };
        let fields = [
            of("service_name", ["worker", "batch", "worker", "other", ""], service),
            of("event_id", ["", "", "e-1", "e-2", "e-3"], id),
            of("trace_id", ["", "t-1", "t-2", "t-3", "t-4"], trace),
            of("service_instance_id", ["", "w-1", "w-2", "w-3", "t-1"], instance),
            of("credential_uid", ["doc-key-2024", "doc-key-2026", "", "e-1", "doc-key-2024"], key),
            of("outcome", ["success", "failure", "denied", "", "auth_failure"], outcome),
        ];
        format!(r#"{{"timestamp":"2026-03-02T09:00:0{second}Z"{}}}"#, fields.concat()) + "\n"
    })
}

/// The records of each input, and random numbers by which batches are cut.
fn inputs() -> impl Strategy<Value = (Vec<Vec<String>>, Vec<u8>)> {
    let inputs = prop::collection::vec(prop::collection::vec(line(), 1..40), 3);
    // Records of the first input are delivered again in the last: by chance alone few would be.
    let again = inputs.prop_map(|mut inputs| {
        let first: Vec<String> = inputs[0].iter().step_by(3).cloned().collect();
        inputs[2].extend(first);
        inputs
    });
    (again, prop::collection::vec(any::<u8>(), 160))
}

fn scanned(folder: &Path, inputs: &[Vec<String>]) -> Vec<(Vec<Part>, Vec<Batch>)> {
    fs::write(folder.join("plan.toml"), PLAN).expect("written");
    let plan = pipeline::load_plan(&folder.join("plan.toml")).expect("a plan that holds").plan;
    let latest = Timestamp(4_000_000_000_000_000);
    let bounds = TimeBounds { latest, ..TimeBounds::around(plan.rotation.introduced) };
    let rotation = CompiledRotation::new(plan.reading());
    let wanted = Wanted::new(rotation, builtin::profiles(), &[], bounds);
    let options = ScanOptions { digest: None, strict: false, ahead: false, progress: &|_| {} };
    let one = |(number, lines): (u32, &Vec<String>)| {
        let path = folder.join(format!("{number}.jsonl"));
        fs::write(&path, lines.concat()).expect("written");
        let mut batches: Vec<Batch> = Vec::new();
        let walked = walk(&[path.to_string_lossy().into_owned()]);
        let mut parts = scan(&walked[0], &wanted, &options, &mut batches).expect("rows are kept");
        for part in &mut parts {
            part.renumber(InputId(number));
        }
        for batch in &mut batches {
            batch.renumber(InputId(number));
        }
        (parts, batches)
    };
    (0..).zip(inputs).map(one).collect()
}

/// The rows as a batch of their own, whose texts have other numbers.
fn batch_of(rows: &[Row], from: &Batch, noise: u8) -> Batch {
    let mut texts = Interner::default();
    for unused in 0..noise % 5 {
        texts.intern(&format!("t-{unused}"));
    }
    let mut moved = |sym: Sym| texts.intern_some(from.texts.text(sym));
    let mut rows = rows.to_vec();
    for row in rows.iter_mut().rev() {
        row.texts = row.texts.map(&mut moved);
        for sym in [&mut row.stream, &mut row.uid_digest, &mut row.uid, &mut row.action_key] {
            *sym = moved(*sym);
        }
    }
    Batch { rows, texts, ..*from }
}

/// Cuts a batch between records, by these numbers.
fn cut(batch: &Batch, cuts: &mut impl Iterator<Item = u8>) -> Vec<SealBatch> {
    let records = batch.rows.chunk_by(|one, other| one.place.record == other.place.record);
    let mut pieces: Vec<Vec<Row>> = vec![Vec::new()];
    for record in records {
        if cuts.next().is_some_and(|cut| cut % 3 == 0) {
            pieces.push(Vec::new());
        }
        pieces.last_mut().expect("at least one").extend_from_slice(record);
    }
    let sealed = |rows: Vec<Row>| {
        let noise = cuts.next().unwrap_or(1);
        let batch = batch_of(&rows, batch, noise);
        match noise % 2 {
            0 => SealBatch::Kept(batch.input, PackedBatch::of(&batch)),
            _ => SealBatch::Scanned(batch),
        }
    };
    pieces.into_iter().map(sealed).collect()
}

/// All that the table has of the rows, and the sums.
fn table(sealed: &Sealed) -> (PlainTable, String) {
    let tallies: Vec<_> = sealed.inputs.iter().map(|input| input.tally).collect();
    (evidence_by_id(sealed), format!("{:?} {tallies:?}", sealed.accounting))
}

#[test]
fn the_table_is_the_same_however_rows_were_passed_on() {
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(48) });
    let seen = RefCell::new(BTreeSet::new());
    let check = |(inputs, cuts): (Vec<Vec<String>>, Vec<u8>)| {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let scans = scanned(folder.path(), &inputs);
        let parts = || scans.iter().flat_map(|(parts, _)| parts.clone()).collect::<Vec<_>>();
        let as_scanned = scans.iter().flat_map(|(_, batches)| batches.clone());
        let learned = Learned::default();
        let whole = seal(parts(), as_scanned.map(SealBatch::Scanned).collect(), &learned);
        let mut cuts = cuts.into_iter();
        // Those of the last input come first.
        let cut = scans
            .iter()
            .rev()
            .flat_map(|(_, batches)| batches)
            .flat_map(|batch| cut(batch, &mut cuts));
        let cut = seal(parts(), cut.collect(), &learned);
        prop_assert_eq!(table(&cut), table(&whole));
        let rows: usize = whole.rows.len();
        let records: u64 = whole.accounting.records;
        prop_assert_eq!(records, inputs.iter().map(|lines| lines.len() as u64).sum::<u64>());
        seen.borrow_mut().insert((rows > 0, whole.accounting.duplicate > 0));
        Ok(())
    };
    runner.run(&inputs(), check).expect("the same table");
    let seen = seen.into_inner();
    assert!(seen.contains(&(true, true)), "no table had rows and duplicates: {seen:?}");
}
