/*! `holdover during`: the night of a rotation, and the emergency of a leaked key. */

use std::fs;

use serde_json::{Value, json};

use crate::harness::{printed, run, said, status};
use crate::schemas::is_an_answer_of_during;

const SCENARIOS: &str = "fixtures/scenarios/document-provider";

fn args(state: &str) -> [String; 3] {
    ["-p".to_owned(), format!("{SCENARIOS}/{state}/plan.toml"), format!("{SCENARIOS}/{state}/logs")]
}

fn answer(state: &str, more: &[&str]) -> Value {
    let [p, plan, logs] = args(state);
    let output = run(&[&["during", &p, &plan, &logs, "-f", "json"], more].concat());
    assert_eq!(status(&output), 0, "{}", said(&output));
    let answer = serde_json::from_slice(&output.stdout).expect("JSON");
    is_an_answer_of_during(&answer);
    answer
}

fn text(state: &str, more: &[&str]) -> String {
    let [p, plan, logs] = args(state);
    let output = run(&[&["during", &p, &plan, &logs], more].concat());
    assert_eq!(status(&output), 0, "{}", said(&output));
    printed(&output)
}

#[test]
fn the_night_names_what_to_restart_in_the_order_of_urgency() {
    let night = answer("split-brain", &[]);
    let instances = night["instances"].as_array().expect("instances");
    let restart: Vec<&str> = (instances.iter())
        .filter(|of| of["restart"] == true)
        .filter_map(|of| of["instance"].as_str())
        .collect();
    let expected = [
        "queue-worker-66b4d8f5c9-m4hsz",
        "retry-worker-5fd7c9b864-9dgkl",
        "retry-worker-5fd7c9b864-wz5tn",
        "legacy-conv-01",
        "replay-admin-0",
    ];
    assert_eq!(restart, expected);
    assert_eq!(instances[0]["recent"]["old"], 1);
    let text = text("split-brain", &[]);
    let pasted = text.lines().filter(|line| line.contains("  # ")).count();
    assert_eq!(pasted, expected.len(), "{text}");
}

#[test]
fn a_longer_stretch_shows_more_attempts() {
    let recent =
        |more: &[&str]| answer("split-brain", more)["instances"][0]["recent"]["old"].clone();
    assert_eq!(recent(&["--last", "15m"]), 1);
    assert!(recent(&["--last", "6h"]).as_u64() > Some(1));
}

#[test]
fn a_leak_says_who_breaks_in_which_order_and_how_soon_a_fix_shows() {
    assert_eq!(answer("morning-after", &[])["leaked"], Value::Null);
    let leaked = answer("morning-after", &["--leaked"])["leaked"].take();
    let breaks = leaked["breaks"].as_array().expect("who breaks");
    let names: Vec<&str> = breaks.iter().filter_map(|of| of["consumer"].as_str()).collect();
    let expected = [
        "retry-worker",
        "oversized-fallback",
        "reconciliation-cron",
        "quality-export/0.3, 10.40.7.21, lt-4471",
        "support-replay",
    ];
    assert_eq!(names, expected);
    assert_eq!(breaks[0]["every"], "4h9m");
    assert_eq!(breaks[0]["effects"], json!(["failed-job recovery"]));
    assert_eq!(breaks[4]["fails_by"], Value::Null);
    assert_eq!(leaked["moved"], json!(["queue-worker", "ai-batch"]));
    let text = text("morning-after", &["--leaked"]);
    assert!(text.contains("REVOKED THIS MINUTE, THIS BREAKS"), "{text}");
}

#[test]
fn neither_ever_gives_a_verdict() {
    for state in ["ready", "split-brain", "morning-after"] {
        for more in [&[][..], &["--leaked"]] {
            let text = text(state, more).to_lowercase();
            for word in ["ready", "verdict", "safe", "may be revoked"] {
                assert!(!text.contains(word), "{word} in\n{text}");
            }
        }
    }
}

#[test]
fn a_plan_without_window_owner_and_refresh_is_enough() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let plan = scratch.path().join("plan.toml");
    let text = "[credential]\nname = \"k\"\n[[credential.version]]\nname = \"v1\"\nstate = \"old\"\nmarkers = [\"doc-key-2024\"]\n\
                [[credential.version]]\nname = \"v2\"\nstate = \"new\"\nmarkers = [\"doc-key-2026\"]\n[rotation]\n\
                introduced = 2026-03-02T09:00:00Z\n[[consumer]]\nclass = \"queue\"\n\
                match = [{ service_name = \"queue-worker\" }]\n";
    fs::write(&plan, text).expect("a plan");
    let (plan, [.., logs]) = (plan.to_string_lossy(), args("split-brain"));
    let output = run(&["during", "-p", &plan, &logs]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert!(printed(&output).contains("find its owner"), "{}", printed(&output));
    assert_eq!(status(&run(&["report", "-p", &plan, &logs])), 3, "a report needs the window");
}
