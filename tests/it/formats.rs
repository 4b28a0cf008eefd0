/*! Each profile against a small export in its shape, with the evidence that somebody worked out by hand. */

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

/// The exports of a fixture: whatever is neither the plan nor the expectation.
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

struct Found {
    evidence: PlainTable,
    paths: Vec<String>,
    accounting: [(&'static str, u64); 5],
    profiles: BTreeSet<String>,
}

fn read(folder: &Path) -> Found {
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
    Found {
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

/// Does the row say all that is expected of it?
fn fits(found: &Found, row: usize, expected: &Map<String, Value>) -> bool {
    expected.iter().all(|(column, value)| {
        if column == "file" {
            let input = found.evidence.column("input").and_then(|values| values.int(row));
            let path = found.paths.get(usize::try_from(input.unwrap_or(0)).unwrap_or(0));
            return path.is_some_and(|path| path.ends_with(value.as_str().unwrap_or_default()));
        }
        let shown = found.evidence.column(column).and_then(|values| values.show(row));
        match value {
            Value::Null => shown.is_none(),
            Value::String(text) => shown.as_deref() == Some(text),
            other => shown == Some(other.to_string()),
        }
    })
}

/// What is wrong with one fixture.
fn check(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(folder.join("expected.jsonl")).expect("expected evidence");
    let found = read(folder);
    let mut wrong = Vec::new();
    let mut free: Vec<usize> = (0..found.evidence.height()).collect();
    let mut columns: BTreeSet<String> = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let expected: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
        let expected = expected.as_object().expect("an object");
        if let Some(sums) = expected.get("accounting") {
            let same = found.accounting.iter().all(|(key, n)| sums[*key].as_u64() == Some(*n));
            if !same {
                wrong.push(format!("{name}: {:?}, expected {sums}", found.accounting));
            }
            continue;
        }
        columns.extend(expected.keys().cloned());
        match free.iter().position(|row| fits(&found, *row, expected)) {
            Some(at) => {
                free.remove(at);
            }
            None => wrong.push(format!("{name}: no row is {line}")),
        }
    }
    for row in free {
        let shown = |column: &String| {
            let value = found.evidence.column(column).and_then(|values| values.show(row));
            format!("{column}={}", value.unwrap_or_else(|| "-".to_owned()))
        };
        let all: Vec<String> = columns.iter().map(shown).collect();
        wrong.push(format!("{name}: a row nobody expects: {}", all.join(" ")));
    }
    if !found.profiles.contains(&name) {
        wrong.push(format!("{name}: read as {:?}", found.profiles));
    }
    wrong
}

#[test]
fn each_fixture_gives_the_evidence_that_was_worked_out() {
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
fn each_profile_has_its_fixture() {
    let folders = folders();
    let missing: Vec<&str> = builtin::PROFILES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !folders.iter().any(|folder| folder.ends_with(name)))
        .collect();
    assert!(missing.is_empty(), "no fixture for {missing:?}");
}
