/*! The formats of CI systems and monitors: each carries the verdict, and text of a log breaks none. */

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{printed, run, said, skip, status};

fn of(state: &str, format: &str) -> (i32, String) {
    let scenario = format!("fixtures/scenarios/document-provider/{state}");
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    let output = run(&["report", "-p", &plan, &logs, "-f", format]);
    (status(&output), printed(&output))
}

#[test]
fn sarif_names_the_file_and_line_of_each_finding() {
    let (exit, text) = of("morning-after", "sarif");
    assert_eq!(exit, 10);
    let log: Value = serde_json::from_str(&text).expect("JSON");
    let run = &log["runs"][0];
    assert_eq!(
        (&log["version"], &run["properties"]["verdict"]),
        (&"2.1.0".into(), &"not_ready".into())
    );
    let results = run["results"].as_array().expect("results");
    let first = &results[0]["locations"][0]["physicalLocation"];
    let uri = first["artifactLocation"]["uri"].as_str().expect("a path");
    assert!(uri.ends_with("retry-worker/retry-worker.jsonl.gz"), "{uri}");
    assert_eq!(first["region"]["startLine"], 1387);
    let rules: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    for result in results {
        let rule = result["ruleId"].as_str().expect("a rule");
        assert!(rules.contains(&rule), "{rule}");
        assert!(
            ["error", "warning", "note"].contains(&result["level"].as_str().unwrap_or_default())
        );
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    }
    let errors = results.iter().filter(|result| result["level"] == "error").count();
    assert_eq!(errors, 7);
}

#[test]
fn a_consumer_that_is_not_ready_fails_its_test() {
    let (_, text) = of("morning-after", "junit");
    assert!(text.contains("tests=\"7\" failures=\"6\""), "{text}");
    assert!(text.contains("name=\"queue-worker\"/>"), "{text}");
    assert_eq!(text.matches("<failure type=\"not_ready\"").count(), 4);
    assert_eq!(text.matches("<failure type=\"inconclusive\"").count(), 2);
    let (exit, ready) = of("ready", "junit");
    assert_eq!((exit, ready.contains("<failure")), (0, false));
    assert!(ready.contains("name=\"rotation\"/>"), "{ready}");
}

#[test]
fn gauges_say_who_is_ready() {
    let (_, text) = of("morning-after", "openmetrics");
    let credential = "credential=\"document_provider_api_token\"";
    for line in [
        format!("holdover_ready{{{credential}}} 0"),
        format!("holdover_findings{{{credential},severity=\"blocks\"}} 7"),
        format!(
            "holdover_consumer_ready{{{credential},consumer=\"queue-worker\",verdict=\"ready\"}} 1"
        ),
        format!("holdover_report_as_of_seconds{{{credential}}} 1772524800"),
    ] {
        assert!(text.lines().any(|printed| printed == line), "{line} in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
    assert!(of("ready", "openmetrics").1.contains(&format!("holdover_ready{{{credential}}} 1")));
}

#[test]
fn annotations_stand_at_the_record_and_end_with_the_verdict() {
    let (_, text) = of("morning-after", "github");
    assert_eq!(text.lines().filter(|line| line.starts_with("::error file=")).count(), 7);
    let last = text.lines().last().expect("the verdict");
    assert!(last.starts_with("::error title=holdover not_ready::do not revoke"), "{last}");
    let (_, ready) = of("ready", "github");
    assert!(
        ready
            .lines()
            .last()
            .is_some_and(|line| line.starts_with("::notice title=holdover ready::"))
    );
}

/// Reports on a log whose text tries to be markup in each format.
fn hostile_reports() -> impl Fn(&str) -> String {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let hostile = "\\\"/><x>&%0A\\n::error::owned";
    let record = format!(
        "{{\"time\":\"2026-03-02T10:00:00Z\",\"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\",\"service\":\"{hostile}\"}}\n"
    );
    let log = scratch.path().join("a.jsonl");
    fs::write(&log, record).expect("a log");
    let log = log.to_string_lossy().into_owned();
    let plan = "fixtures/scenarios/document-provider/ready/plan.toml";
    move |format: &str| {
        // The log is there as long as this asks for it.
        assert!(scratch.path().is_dir());
        let output = run(&["report", "-p", plan, &log, "-f", format]);
        assert_eq!(status(&output), 10, "{}", said(&output));
        printed(&output)
    }
}

#[test]
fn text_of_a_log_begins_no_command_no_element_and_no_sample() {
    let written = hostile_reports();
    assert!(!written("github").lines().any(|line| line.starts_with("::error::owned")));
    let xml = written("junit");
    assert!(!xml.contains("<x>") && xml.contains("&lt;x&gt;"), "{xml}");
    assert!(serde_json::from_str::<Value>(&written("sarif")).is_ok());
    let metrics = written("openmetrics");
    assert!(metrics.lines().all(|line| line.starts_with("holdover_") || line.starts_with("# ")));
}

/// What the library of its readers finds in a format: one fact a line.
fn read_by_its_library(format: &str, text: &str) -> Result<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = root.join(SARIF_SCHEMA);
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let file = scratch.path().join(format);
    fs::write(&file, text).expect("a report");
    let done = Command::new("python3")
        .arg(root.join("tests/engines/formats.py"))
        .args([Path::new(format), &file, &schema])
        .output()
        .expect("python3 starts");
    let error = String::from_utf8_lossy(&done.stderr);
    let last = error.lines().last().unwrap_or_default().to_owned();
    if done.status.success() { Ok(printed(&done)) } else { Err(last) }
}

/// From the package `@microsoft/jest-sarif`, which carries the schema of SARIF 2.1.0.
const SARIF_SCHEMA: &str =
    "tests/browser/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";

fn has_libraries() -> bool {
    let imports = ["-c", "import jsonschema, junitparser, prometheus_client"];
    let python = Command::new("python3").args(imports).output();
    python.is_ok_and(|done| done.status.success())
        && Path::new(env!("CARGO_MANIFEST_DIR")).join(SARIF_SCHEMA).is_file()
}

#[test]
fn the_libraries_of_their_readers_accept_each_format() {
    if !has_libraries() {
        skip(
            "jsonschema, junitparser, prometheus_client or the schema of SARIF; .ci/run installs them",
        );
        return;
    }
    let hostile = hostile_reports();
    for (format, first) in
        [("sarif", "results 25"), ("junit", "tests 7"), ("openmetrics", "holdover_ready gauge 1")]
    {
        let found = read_by_its_library(format, &of("morning-after", format).1);
        let found = found.unwrap_or_else(|error| panic!("{format}: {error}"));
        assert_eq!(found.lines().next(), Some(first), "{format}: {found}");
        let ready = read_by_its_library(format, &of("ready", format).1);
        assert!(ready.is_ok(), "{format}: {ready:?}");
        let text = hostile(format);
        let read = read_by_its_library(format, &text);
        assert!(read.is_ok(), "{format}: {read:?} in\n{text}");
    }
    // They refuse what is not valid.
    let broken = [
        ("sarif", "{\"version\": \"2.1.0\", \"runs\": [{\"results\": []}]}"),
        ("junit", "<testsuites><testsuite></testsuites>"),
        ("openmetrics", "# TYPE a gauge\na{b=\"c} 1\n# EOF\n"),
    ];
    for (format, text) in broken {
        assert!(read_by_its_library(format, text).is_err(), "{format}");
    }
}
