/*! Clocks that were reset, between records of a clock that is right. */

use serde_json::{Value, json};

use super::{World, old};

/// The worker's old use as this record dates it, among lines of the same host at five past six in the evening.
fn report(record: &str) -> Value {
    let tick = |minute: u32| {
        let at = format!("2026-03-02T18:{minute:02}:00Z");
        json!({"timestamp": at, "host_name": "h9", "message": "tick"}).to_string()
    };
    let folder = tempfile::tempdir().expect("a scratch folder");
    let lines = [tick(1), tick(4), record.to_owned(), tick(6), tick(9)];
    World::ready().input("other/a.jsonl", &lines).report(folder.path())
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
