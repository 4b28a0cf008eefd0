/*! `holdover replay`: what a revocation at another time would have cost. */

use serde_json::{Value, json};

use crate::harness::{printed, root, run, said, status};

fn replay(state: &str, more: &[&str]) -> (i32, String) {
    let folder = root().join("fixtures/scenarios/document-provider").join(state);
    let (plan, logs) = (folder.join("plan.toml"), folder.join("logs"));
    let (plan, logs) = (plan.to_string_lossy(), logs.to_string_lossy());
    let output = run(&[&["replay", "-p", &plan, &logs], more].concat());
    (status(&output), printed(&output) + &said(&output))
}

/// A replay of the base fixture, in which `worker` used the old version until 09:05 and `replay` until 03:20.
fn base(at: &str, more: &[&str]) -> Value {
    let folder = root().join("fixtures/rules/base");
    let (plan, log) = (folder.join("plan.toml"), folder.join("logs.jsonl"));
    let (plan, log) = (plan.to_string_lossy(), log.to_string_lossy());
    let args = [&["replay", "-p", &plan, &log, "--revoke-at", at, "-f", "json"], more].concat();
    let output = run(&args);
    assert_eq!(status(&output), 0, "{}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn uses_at_or_after_the_revocation_would_have_failed() {
    let replayed = base("2026-03-02T02:20:00Z", &[]);
    let expected = json!({
        "revoke_at": "2026-03-02T02:20:00Z",
        "events": 8,
        "classes": [
            {"class": "worker", "events": 7, "instances": 1, "effects": [], "first": "2026-03-02T03:05:00Z",
             "delay": "0h45m", "hidden": true},
            {"class": "replay", "events": 1, "instances": 1, "effects": [], "first": "2026-03-02T03:20:00Z",
             "delay": "1h0m", "hidden": false},
        ],
    });
    assert_eq!(replayed, expected);
}

#[test]
fn a_use_at_the_instant_of_the_revocation_counts() {
    let events = |at: &str| base(at, &[])["events"].clone();
    assert_eq!(events("2026-03-02T09:05:00Z"), 1);
    assert_eq!(events("2026-03-02T09:05:00.000001Z"), 0);
    assert_eq!(base("2026-03-02T10:00:00Z", &[])["classes"], json!([]));
}

#[test]
fn the_curve_falls_to_zero() {
    let replayed = base("2026-03-02T09:00:00Z", &["--curve"]);
    let expected = json!([
        {"revoke_at": "2026-03-02T09:00:00Z", "events": 1, "classes": 1},
        {"revoke_at": "2026-03-02T10:00:00Z", "events": 0, "classes": 0},
    ]);
    assert_eq!(replayed["curve"], expected);
    assert_eq!(replayed["events"], 1);
}

#[test]
fn the_text_names_the_first_to_fail_and_the_effects_at_risk() {
    let (exit, text) = replay("morning-after", &["--revoke-at", "2026-03-02T12:00:00Z"]);
    assert_eq!(exit, 0, "{text}");
    for line in [
        "revoked at 2026-03-02T12:00:00Z, ",
        "  retry-worker: ",
        "    at risk    failed-job recovery",
        "  undeclared consumers: ",
        "attempts that show no version are not counted, so there may be more",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let (exit, text) = replay("ready", &["--curve", "--ascii"]);
    assert_eq!(exit, 0, "{text}");
    assert!(
        text.starts_with("revoked at            uses  classes\n2026-03-02T09:00:00Z"),
        "{text}"
    );
    assert!(text.contains("  ####") && text.trim_end().ends_with("0        0"), "{text}");
}

/// The verdict at an earlier instant is that of a report over the records up to it.
#[test]
fn readiness_equals_the_verdict_of_a_report_at_that_instant() {
    let replayed = base("2026-03-02T09:00:00Z", &["--readiness"]);
    let points = replayed["readiness"].as_array().expect("points");
    assert!(points.len() > 3, "{replayed}");
    let folder = root().join("fixtures/rules/base");
    let log = std::fs::read_to_string(folder.join("logs.jsonl")).expect("the log");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let part = scratch.path().join("logs.jsonl");
    let (plan, input) = (folder.join("plan.toml"), part.to_string_lossy().into_owned());
    let mut verdicts = std::collections::BTreeSet::new();
    for point in points {
        let at = point["as_of"].as_str().expect("an instant");
        let time = |line: &str| line.split('"').nth(3).map(str::to_owned).expect("a time");
        let known = log.lines().filter(|line| time(line).as_str() <= at);
        let known = known.fold(String::new(), |text, line| text + line + "\n");
        std::fs::write(&part, known).expect("a part of the log");
        let plan = plan.to_string_lossy();
        let output = run(&["report", "-f", "json", "-p", &plan, "--as-of", at, &input]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["verdict"], point["verdict"], "{at}");
        let open = |severity: &str| {
            let findings = report["findings"].as_array().expect("findings");
            let open = findings.iter().filter(|finding| finding["waived"].is_null());
            open.filter(|finding| finding["severity"] == severity).count()
        };
        assert_eq!(point["blocks"], open("blocks"), "{at}");
        assert_eq!(point["withholds"], open("withholds"), "{at}");
        verdicts.insert(point["verdict"].to_string());
    }
    assert!(verdicts.len() > 1, "the verdict changes over time: {verdicts:?}");
}

#[test]
fn an_instant_is_required() {
    let (exit, _) = replay("ready", &[]);
    assert_eq!(exit, 2);
    let (exit, text) = replay("ready", &["--revoke-at", "yesterday"]);
    assert_eq!(exit, 2);
    assert!(text.contains("'--revoke-at <TIME>': expected RFC 3339"), "{text}");
}
