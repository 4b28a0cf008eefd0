/*! The texts of the named queries: they give the rows on file, and the same rows on other engines. */

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use holdover::pipeline::{self, Answer, Question};
use holdover::query::catalog;

use crate::harness::{root, run, said, skip, status};

/// Leaves the bundle of a report as of a past instant.
fn bundle(folder: &Path, plan: &str, logs: &str, as_of: &str) {
    let output = folder.to_string_lossy();
    let found = run(&["report", "-p", plan, logs, "-o", &output, "--as-of", as_of, "--exit-zero"]);
    assert_eq!(status(&found), 0, "{}", said(&found));
}

fn sorted(answer: Answer) -> Answer {
    let mut rows = answer.rows;
    rows.sort();
    Answer { rows, ..answer }
}

fn as_text(answer: &Answer) -> String {
    let mut text = answer.columns.join(" | ");
    text.push_str("\n----\n");
    for row in &answer.rows {
        let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect();
        let _infallible = writeln!(text, "{}", cells.join(" | "));
    }
    text
}

#[test]
fn every_query_gives_the_rows_on_file() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    bundle(
        scratch.path(),
        "fixtures/queries/plan.toml",
        "fixtures/queries/logs",
        "2026-03-02T16:00:00Z",
    );
    for name in pipeline::queries().into_iter().map(|query| query.name) {
        let answer = pipeline::ask(scratch.path(), Question::Named(name)).expect(name);
        let found = as_text(&sorted(answer));
        let file = root().join(format!("fixtures/queries/{name}.rows"));
        if std::env::var_os("HOLDOVER_REWRITE").is_some() {
            std::fs::write(&file, &found).expect("rows written");
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

/// The answers of another engine, if Python has its package.
fn elsewhere(engine: &str, bundle: &Path, names: &[&str]) -> Option<serde_json::Value> {
    let python = |bundle: &str| {
        let mut python = Command::new("python3");
        python.arg(root().join("tests/engines/rows.py")).args([engine, bundle]);
        python
    };
    if !python("-").output().is_ok_and(|output| output.status.success()) {
        skip(&format!("Python does not have what the engine `{engine}` needs"));
        return None;
    }
    let mut asked = python(&bundle.to_string_lossy());
    let output = asked.arg(root().join("queries")).arg(names.join(",")).output();
    let output = output.expect("python starts");
    assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
    // A server may log to standard output before.
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().next_back().expect("answers");
    Some(serde_json::from_str(last).expect("answers"))
}

/// Do the queries give the same rows on another engine?
#[track_caller]
fn same_rows(engine: &str, names: &[&str], (plan, logs, as_of): (&str, &str, &str)) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    bundle(scratch.path(), plan, logs, as_of);
    let Some(theirs) = elsewhere(engine, scratch.path(), names) else { return };
    for name in names {
        let ours = sorted(pipeline::ask(scratch.path(), Question::Named(name)).expect(name));
        let (columns, rows): (Vec<String>, Vec<Vec<Option<String>>>) =
            serde_json::from_value(theirs[name].clone()).expect("columns and rows");
        let theirs = sorted(Answer { columns, quoted: ours.quoted.clone(), rows });
        assert_eq!(as_text(&ours), as_text(&theirs), "{name} over {logs} on {engine}");
    }
}

const FIXTURE: (&str, &str, &str) =
    ("fixtures/queries/plan.toml", "fixtures/queries/logs", "2026-03-02T16:00:00Z");
const MORNING_AFTER: (&str, &str, &str) = (
    "fixtures/scenarios/document-provider/morning-after/plan.toml",
    "fixtures/scenarios/document-provider/morning-after/logs",
    "2026-03-03T08:00:00Z",
);

/// The queries of these tiers.
fn names(tiers: &[u8]) -> Vec<&'static str> {
    let is_wanted = |text: &str| tiers.contains(&catalog::header(text).expect("a header").tier);
    let wanted = catalog::QUERIES.iter().filter(|(_, text)| is_wanted(text));
    wanted.map(|(name, _)| *name).collect()
}

#[test]
fn duckdb_gives_the_same_rows() {
    for case in [FIXTURE, MORNING_AFTER] {
        same_rows("duckdb", &names(&[1, 2]), case);
    }
}

#[test]
fn datafusion_gives_the_same_rows() {
    for case in [FIXTURE, MORNING_AFTER] {
        same_rows("datafusion", &names(&[1, 2]), case);
    }
}

/// Tier 1, which would run where evidence is too large for one machine. Tier 2 agrees too, and takes minutes more.
#[test]
fn spark_gives_the_same_rows() {
    same_rows("spark", &names(&[1]), FIXTURE);
}

#[test]
fn sail_gives_the_same_rows() {
    for case in [FIXTURE, MORNING_AFTER] {
        same_rows("sail", &names(&[1]), case);
    }
}
