/*! `holdover query`: all formats give the same answer, and hostile values stay values in each. */

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use crate::harness::{printed, run, said, status};

const HOSTILE: [&str; 5] =
    ["=cmd|' /C calc'!A0", "\u{1b}[31mred\u{202e}", "two\nlines", "a,\"b\";c", "@SUM(1)"];

struct Bundle {
    folder: tempfile::TempDir,
    path: String,
}

/// A bundle of the base fixture, with uses by callers that have hostile names.
fn bundle() -> Bundle {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let base = crate::harness::root().join("fixtures/rules/base");
    let lines: Vec<String> = (HOSTILE.iter().enumerate())
        .map(|(n, name)| {
            json!({
                "timestamp": format!("2026-03-02T10:0{n}:00Z"), "service_name": "stranger", "user_agent": name,
                "credential_uid": "doc-key-2024", "outcome": "success", "action": "call",
            })
            .to_string()
        })
        .collect();
    let logs = folder.path().join("hostile.jsonl");
    fs::write(&logs, lines.join("\n")).expect("a log");
    let path = folder.path().join("bundle").to_string_lossy().into_owned();
    let plan = base.join("plan.toml").to_string_lossy().into_owned();
    let base_logs = base.join("logs.jsonl").to_string_lossy().into_owned();
    let output = run(&["report", "-p", &plan, &base_logs, &logs.to_string_lossy(), "-o", &path]);
    assert_eq!(status(&output), 10, "{}", said(&output));
    Bundle { folder, path }
}

impl Bundle {
    fn ask(&self, more: &[&str]) -> Output {
        run(&[&["query", &self.path], more].concat())
    }
}

const AGENTS: [&str; 2] = [
    "--sql",
    "SELECT user_agent, count, degraded, event_time, duration_ms FROM evidence WHERE service_name = 'stranger' ORDER BY event_time",
];

#[test]
fn all_formats_give_the_answer_and_escape_hostile_values() {
    let bundle = bundle();
    let json = bundle.ask(&[&AGENTS[..], &["-f", "json"]].concat());
    let rows: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, name) in rows.iter().zip(HOSTILE) {
        assert_eq!(row["user_agent"], name, "JSON holds the value itself");
    }
    assert_eq!((&rows[0]["count"], &rows[0]["degraded"]), (&json!(1), &json!(false)));
    assert_eq!(rows[0]["event_time"], "2026-03-02T10:00:00Z");
    assert_eq!(rows[0]["duration_ms"], json!(null));

    let csv = printed(&bundle.ask(&[&AGENTS[..], &["-f", "csv"]].concat()));
    assert_eq!(csv.lines().count(), HOSTILE.len() + 1, "one line for each row: {csv}");
    assert!(
        csv.starts_with("\"user_agent\",\"count\",\"degraded\",\"event_time\",\"duration_ms\"\r\n")
    );
    for cell in ["\"'=cmd", "\"'@SUM", "\"a,\"\"b\"\";c\""] {
        assert!(csv.contains(cell), "{cell} is not in {csv}");
    }
    let table = printed(&bundle.ask(&AGENTS));
    assert_eq!(table.lines().count(), HOSTILE.len() + 1, "{table}");
    for text in [csv, table] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn an_answer_is_written_to_a_new_file_and_overwrites_none() {
    let bundle = bundle();
    let path = |name: &str| bundle.folder.path().join(name).to_string_lossy().into_owned();
    let (parquet, csv) = (path("answer.parquet"), path("answer.csv"));
    let ask = |format: &str, file: &str| bundle.ask(&["old_use", "-f", format, "-o", file]);
    for (format, file) in [("parquet", &parquet), ("csv", &csv)] {
        let output = ask(format, file);
        assert_eq!((status(&output), output.stdout.len()), (0, 0), "{}", said(&output));
        let before = fs::read(file).expect("the answer");
        assert_eq!(status(&ask(format, file)), 1, "an existing file is not overwritten");
        assert_eq!(fs::read(file).expect("the answer"), before);
    }
    assert_eq!(fs::read(&parquet).expect("the answer")[..4], *b"PAR1");
    assert_eq!(
        fs::read_to_string(&csv).expect("the answer"),
        printed(&bundle.ask(&["old_use", "-f", "csv"]))
    );
    let output = bundle.ask(&["old_use", "-f", "parquet"]);
    assert_eq!(status(&output), 2, "Parquet is not written to standard output");
    assert!(output.stdout.is_empty());
}

#[test]
fn the_list_of_queries_names_columns_and_needs_no_bundle() {
    let output = run(&["query", "--list"]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let text = printed(&output);
    assert!(text.contains("old_use ") && text.contains("consumer_class"), "{text}");
    assert_eq!(status(&run(&["query"])), 2);
}
