/*! Each profile reads a small export in its format and must give the evidence that was worked out by hand. */

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use holdover::model::Timestamp;
use holdover::pipeline::{self, Progress, Request};
use holdover::profile::builtin;
use holdover::table::{self, PlainTable, PlanNames};
use serde_json::{Map, Value};

use crate::harness::root;

fn folders() -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join("fixtures/formats")).min_depth(1).max_depth(1);
    let folders = entries.sort_by_file_name().into_iter().filter_map(Result::ok);
    folders.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

/// The exports of a fixture: all files but the plan, the expectation and the README.
fn exports(folder: &Path) -> Vec<String> {
    let entries =
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files =
        entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    let is_export = |path: &PathBuf| {
        !["plan.toml", "expected.jsonl", "README.md"].iter().any(|name| path.ends_with(name))
    };
    files.filter(is_export).map(|path| path.to_string_lossy().into_owned()).collect()
}

/// What a run over a fixture gives.
struct FixtureRun {
    evidence: PlainTable,
    paths: Vec<String>,
    accounting: [(&'static str, u64); 5],
    profiles: BTreeSet<String>,
}

fn read(folder: &Path) -> FixtureRun {
    let loaded = pipeline::load_plan(&folder.join("plan.toml"));
    let plan = loaded.unwrap_or_else(|error| panic!("{}: {error:?}", folder.display())).plan;
    let names = PlanNames {
        classes: plan.consumers.iter().map(|consumer| consumer.class.clone()).collect(),
        versions: plan.versions.iter().map(|version| version.name.clone()).collect(),
    };
    let request = Request {
        threads: Some(1),
        ..Request::new(exports(folder), Timestamp(4_000_000_000_000_000))
    };
    let collected = pipeline::collect(plan, &request, &Progress::default());
    let sealed = collected.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).sealed;
    let of = sealed.accounting;
    let used = sealed.inputs.iter().flat_map(|input| input.profile.split(", "));
    FixtureRun {
        evidence: table::evidence(&sealed, &names),
        paths: sealed.inputs.iter().map(|input| input.path.clone()).collect(),
        accounting: [
            ("records", of.records),
            ("evidence", of.evidence),
            ("irrelevant", of.irrelevant),
            ("rejected", of.rejected),
            ("duplicate", of.duplicate),
        ],
        profiles: used.map(str::to_owned).collect(),
    }
}

/// Does the row have all expected values?
fn fits(run: &FixtureRun, row: usize, expected: &Map<String, Value>) -> bool {
    expected.iter().all(|(column, value)| {
        if column == "file" {
            let input = run.evidence.column("input").and_then(|values| values.int(row));
            let path = run.paths.get(usize::try_from(input.unwrap_or(0)).unwrap_or(0));
            return path.is_some_and(|path| path.ends_with(value.as_str().unwrap_or_default()));
        }
        let shown = run.evidence.column(column).and_then(|values| values.show(row));
        match value {
            Value::Null => shown.is_none(),
            Value::String(text) => shown.as_deref() == Some(text),
            other => shown == Some(other.to_string()),
        }
    })
}

/// Where the evidence of a fixture differs from the expected.
fn check(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(folder.join("expected.jsonl")).expect("expected evidence");
    let run = read(folder);
    let mut wrong = Vec::new();
    let mut free: Vec<usize> = (0..run.evidence.height()).collect();
    let mut columns: BTreeSet<String> = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let expected: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
        let expected = expected.as_object().expect("an object");
        if let Some(sums) = expected.get("accounting") {
            let same = run.accounting.iter().all(|(key, n)| sums[*key].as_u64() == Some(*n));
            if !same {
                wrong.push(format!("{name}: {:?}, expected {sums}", run.accounting));
            }
            continue;
        }
        columns.extend(expected.keys().cloned());
        match free.iter().position(|row| fits(&run, *row, expected)) {
            Some(at) => {
                free.remove(at);
            }
            None => wrong.push(format!("{name}: no row matches {line}")),
        }
    }
    for row in free {
        let shown = |column: &String| {
            let value = run.evidence.column(column).and_then(|values| values.show(row));
            format!("{column}={}", value.unwrap_or_else(|| "-".to_owned()))
        };
        let values: Vec<String> = columns.iter().map(shown).collect();
        wrong.push(format!("{name}: unexpected row: {}", values.join(" ")));
    }
    if !run.profiles.contains(&name) {
        wrong.push(format!("{name}: read as {:?}", run.profiles));
    }
    wrong
}

#[test]
fn every_fixture_gives_the_expected_evidence() {
    let only = std::env::var("HOLDOVER_FORMAT").unwrap_or_default();
    let folders = folders();
    let wrong: Vec<String> = folders
        .iter()
        .filter(|folder| only.is_empty() || folder.ends_with(&only))
        .flat_map(|folder| check(folder))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_profile_has_a_fixture() {
    let folders = folders();
    let missing: Vec<&str> = builtin::PROFILES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !folders.iter().any(|folder| folder.ends_with(name)))
        .collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}
