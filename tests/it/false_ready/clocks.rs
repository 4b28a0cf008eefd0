/*! Clocks that were reset, between records of a clock that is right. */

use std::fs::File;

use serde_json::{Value, json};

use super::{World, old};
use crate::harness::holdover;

/// Lines of a host at about five past six in the evening, with this record among them.
fn lines(record: &str) -> [String; 5] {
    let tick = |minute: u32| {
        let at = format!("2026-03-02T18:{minute:02}:00Z");
        json!({"timestamp": at, "host_name": "h9", "message": "tick"}).to_string()
    };
    [tick(1), tick(4), record.to_owned(), tick(6), tick(9)]
}

fn report(record: &str) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("other/a.jsonl", &lines(record)).report(folder.path())
}

fn names_rejects(report: &Value) -> bool {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().any(|finding| finding["rule"] == "rejected-records")
}

#[test]
fn an_old_use_by_a_clock_that_was_reset_is_not_from_before_the_change() {
    let worker =
        json!({"timestamp": "2001-01-01T00:00:07Z", "service_name": "worker", "host_name": "h9"});
    let told = report(&old(&worker));
    assert_ne!(told["verdict"], "ready", "it counts as no time");
    assert!(names_rejects(&told), "{told}");
}

#[test]
fn a_tick_by_a_clock_that_was_reset_moves_nothing() {
    let tick = json!({"timestamp": "2001-01-01T00:00:07Z", "host_name": "h9", "message": "tick"});
    let told = report(&tick.to_string());
    assert_eq!((&told["verdict"], names_rejects(&told)), (&json!("ready"), false));
}

#[test]
fn standard_input_is_read_once_and_keeps_its_records() {
    let record = json!({"timestamp": "2001-01-01T00:00:07Z", "host_name": "h9", "message": "tick"});
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("other/a.jsonl", &lines(&record.to_string())).write(folder.path());
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (plan, main) = (at("plan.toml"), at("in/main"));
    let piped = File::open(at("in/other/a.jsonl")).expect("it was written");
    let args = ["report", "-p", &plan, &main, "-", "-f", "json", "--as-of", "2026-03-02T21:00:00Z"];
    let output = holdover(&args).stdin(piped).output().expect("it ends");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["verdict"], "inconclusive");
    let mut inputs = report["inputs"].as_array().expect("inputs").iter();
    let piped = inputs.find(|input| input["path"] == "-").expect("it is listed");
    assert_eq!(piped["records"], 5, "{piped}");
    assert!(piped["damage"].to_string().contains("a clock was reset"), "{piped}");
}
