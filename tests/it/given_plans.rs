/*! How a plan is given: by name, found in a folder above, several at once, or not at all. */

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::harness::{holdover, printed, root, run, said, status};

const SCENARIOS: &str = "fixtures/scenarios/document-provider";

fn plan(state: &str) -> String {
    format!("{SCENARIOS}/{state}/plan.toml")
}

fn logs(state: &str) -> String {
    format!("{SCENARIOS}/{state}/logs")
}

/// Runs it in a folder of its own, two below one that may have a plan.
fn below(plan: Option<&str>, args: &[&str]) -> Output {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let deep = scratch.path().join("team/exports");
    fs::create_dir_all(&deep).expect("folders");
    if let Some(plan) = plan {
        fs::copy(root().join(plan), scratch.path().join("holdover.toml")).expect("a plan");
    }
    holdover(args).current_dir(&deep).output().expect("the program starts")
}

#[test]
fn a_plan_in_a_folder_above_is_found() {
    let logs = root().join(logs("ready")).to_string_lossy().into_owned();
    let found = below(Some(&plan("ready")), &["report", &logs]);
    assert_eq!(status(&found), 0, "{}", said(&found));
    let found =
        below(Some(&plan("ready")), &["replay", &logs, "--revoke-at", "2026-03-02T12:00:00Z"]);
    assert_eq!(status(&found), 0, "{}", said(&found));
}

#[test]
fn a_missing_plan_and_a_bad_one_end_alike() {
    let logs = logs("ready");
    let absent = run(&["report", "-p", "no-such-plan.toml", &logs]);
    let bad = run(&["report", "-p", "Cargo.toml", &logs]);
    let none = below(None, &["report", "."]);
    assert_eq!([status(&absent), status(&bad), status(&none)], [3, 3, 3]);
    for output in [&absent, &none] {
        assert!(said(output).contains("`holdover plan new` lists plans"), "{}", said(output));
    }
    assert_eq!(status(&run(&["plan", "check", "no-such-plan.toml"])), 3);
}

#[test]
fn several_plans_are_judged_and_the_worst_decides() {
    let (first, second, logs) = (plan("ready"), plan("morning-after"), logs("ready"));
    let both = |format: &str| run(&["report", "-p", &first, "-p", &second, &logs, "-f", format]);
    let alone = |plan: &str| {
        let output = run(&["report", "-p", plan, &logs, "-f", "json"]);
        (status(&output), serde_json::from_slice::<Value>(&output.stdout).expect("a report"))
    };
    let (ready, other) = (alone(&first), alone(&second));
    let output = both("json");
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list of reports");
    assert_eq!(all, [ready.1, other.1]);
    assert_eq!(ready.0, 0);
    assert_eq!(status(&output), other.0, "the worst of 0 and {}", other.0);
    assert_eq!(printed(&both("text")).matches("\nverdict: ").count(), 2);
    assert_eq!(status(&both("html")), 2);
}

#[test]
fn several_plans_read_one_standard_input() {
    let (first, second) = (plan("ready"), plan("morning-after"));
    let export = format!("{}/retry-worker", logs("ready"));
    let files = walkdir::WalkDir::new(&export).sort_by_file_name().into_iter();
    let file = files.filter_map(Result::ok).find(|entry| entry.file_type().is_file());
    let file = file.expect("an export").into_path();
    let piped = |plans: &[&str]| {
        let asked = [&["report"], plans, &["-", "-f", "json"]].concat();
        let input = std::fs::File::open(&file).expect("an export");
        let output = holdover(&asked).stdin(input).output().expect("the program starts");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let both = piped(&["-p", &first, "-p", &second]);
    assert_eq!(both, Value::from(vec![piped(&["-p", &first]), piped(&["-p", &second])]));
}

#[test]
fn a_format_has_the_name_that_other_tools_give_it() {
    let (plan, logs) = (plan("ready"), logs("ready"));
    let output = run(&["report", "-p", &plan, &logs, "--output-format", "json"]);
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok(), "{}", said(&output));
}
