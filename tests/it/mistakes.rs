/*! Hints about the usual mistakes, on stderr, with the nearest name; a plan without mistakes gets none. */

use std::fs;

use serde_json::json;

use crate::harness::{printed, root, run, said, status};

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a scratch folder") }
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    }
}

const LOGS: &str = "fixtures/rules/base/logs.jsonl";

/// The plan of the base world, with some words replaced.
fn plan(world: &World, changes: &[(&str, &str)]) -> String {
    let mut text =
        fs::read_to_string(root().join("fixtures/rules/base/plan.toml")).expect("a plan");
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    world.write("plan.toml", &text)
}

/// The exit status of a report, and its hints.
fn hints(plan: &str, more: &[&str]) -> (i32, String) {
    let output = run(&[&["report", "-p", plan], more].concat());
    (status(&output), said(&output))
}

#[test]
fn a_plan_without_mistakes_gets_no_hint() {
    let world = World::new();
    assert_eq!(hints(&plan(&world, &[]), &[LOGS]).1, "");
}

#[test]
fn the_wrong_plan_gets_the_credentials_in_the_logs_and_the_nearest() {
    let world = World::new();
    let wrong = plan(&world, &[("doc-key-2024", "doc-kye-2024"), ("doc-key-2026", "doc-kye-2026")]);
    let (status, said) = hints(&wrong, &[LOGS]);
    assert_eq!(status, 11, "it changes no verdict");
    assert!(
        said.contains("no attempt shows any marker of the plan: `doc-kye-2024` and `doc-kye-2026`"),
        "{said}"
    );
    assert!(said.contains("the inputs show `doc-key-2024` ("), "{said}");
    assert!(
        said.contains("by `worker`")
            && said.contains("the nearest to `doc-kye-2024` is `doc-key-2024`"),
        "{said}"
    );
    assert_eq!(hints(&wrong, &[LOGS, "--quiet"]), (11, String::new()));
    // If one marker is seen, the plan belongs to this rotation.
    let half = plan(&world, &[("doc-key-2026", "doc-kye-2026")]);
    assert!(!hints(&half, &[LOGS]).1.contains("any marker"));
}

#[test]
fn a_consumer_that_matches_nothing_gets_what_was_logged_instead() {
    let world = World::new();
    let wrong = plan(&world, &[("service_name = \"worker\"", "service_name = \"wroker\"")]);
    let (status, said) = hints(&wrong, &[LOGS]);
    assert_eq!(status, 10, "its old use is an undeclared consumer's");
    assert!(
        said.contains(
            "no record matches the consumer `worker`: its match asks for service_name `wroker`"
        ),
        "{said}"
    );
    assert!(said.contains("show service_name `worker`; the nearest is `worker`"), "{said}");
    assert!(!said.contains("the consumer `replay`"), "{said}");
}

#[test]
fn nothing_read_comes_with_its_cause() {
    let world = World::new();
    let plan = plan(&world, &[]);
    let empty = world.write("empty.log", "");
    let (_, said) = hints(&plan, &[&empty]);
    assert!(said.contains("no record could be read from 1 input"), "{said}");
    assert!(said.contains("empty.log`: no records; `holdover sources test FILE`"), "{said}");
}

#[test]
fn hints_escape_names_and_mask_secrets() {
    let world = World::new();
    let secret = ["ghp_0123456789", "abcdefghijABCDEFGHIJ012345"].concat();
    let record = |name: &str, key: &str| {
        json!({
            "timestamp": "2026-03-02T10:00:00Z", "service_name": name, "credential_uid": key, "outcome": "success",
        })
        .to_string()
    };
    let hostile = "\u{1b}[31mwroker\u{202e}\nready";
    let lines = [record(hostile, &secret), record("b", "k\u{1b}]0;x\u{7}"), record("c", "other")]
        .join("\n");
    let logs = world.write("hostile.jsonl", &lines);
    let output = run(&["report", "-p", &plan(&world, &[]), &logs]);
    let output = said(&output) + &printed(&output);
    assert!(output.contains("the inputs show"), "{output}");
    for bad in ["\u{1b}", "\u{202e}", "\u{7}", secret.as_str()] {
        assert!(!output.contains(bad), "{output}");
    }
}
