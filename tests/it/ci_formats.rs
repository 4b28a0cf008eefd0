/*! The formats of CI systems and monitors: each carries the verdict, and text of a log breaks none. */

use std::fs;

use serde_json::Value;

use crate::harness::{printed, run, said, status};

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

#[test]
fn text_of_a_log_begins_no_command_no_element_and_no_sample() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let hostile = "\\\"/><x>&%0A\\n::error::owned";
    let record = format!(
        "{{\"time\":\"2026-03-02T10:00:00Z\",\"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\",\"service\":\"{hostile}\"}}\n"
    );
    let log = scratch.path().join("a.jsonl");
    fs::write(&log, record).expect("a log");
    let log = log.to_string_lossy();
    let plan = "fixtures/scenarios/document-provider/ready/plan.toml";
    let written = |format: &str| {
        let output = run(&["report", "-p", plan, &log, "-f", format]);
        assert_eq!(status(&output), 10, "{}", said(&output));
        printed(&output)
    };
    assert!(!written("github").lines().any(|line| line.starts_with("::error::owned")));
    let xml = written("junit");
    assert!(!xml.contains("<x>") && xml.contains("&lt;x&gt;"), "{xml}");
    assert!(serde_json::from_str::<Value>(&written("sarif")).is_ok());
    let metrics = written("openmetrics");
    assert!(metrics.lines().all(|line| line.starts_with("holdover_") || line.starts_with("# ")));
}
