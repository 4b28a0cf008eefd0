/*! The names of a plan are shown as its author wrote them, and nothing else is. */

use std::fs;

use serde_json::json;

use crate::harness::{printed, run, said, status};
use crate::ingest::combinations::PLAN;

const TOKEN: &str = "ghp_q8Zt3LmX0vRb7KcPw2NyJ5hDAbCdEf012345";
/// It looks as random as a key.
const LOADER: &str = "DataWarehouseLoader2026ProdEuCentral1";

/// An old use inside the window by a service that the plan declares, with secrets around it.
fn line(service: &str) -> String {
    json!({
        "time": "2026-03-02T10:00:00Z", "service": service, "credential_uid": "doc-key-2024",
        "outcome": "success", "action": format!("call {TOKEN}"), "host_name": "db_password: hunter2",
        "user_agent": format!("x password={TOKEN}"), "route": format!("/p?api_key={TOKEN}"),
    })
    .to_string()
        + "\n"
}

/// What each format prints of that world.
fn reports(plan: &str, services: &[&str]) -> Vec<(&'static str, String)> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (plan_file, logs) = (folder.path().join("plan.toml"), folder.path().join("a.jsonl"));
    fs::write(&plan_file, plan).expect("written");
    fs::write(&logs, services.iter().map(|service| line(service)).collect::<String>())
        .expect("written");
    let (plan_file, logs) = (plan_file.to_string_lossy(), logs.to_string_lossy());
    let formats = ["text", "json", "md", "html", "csv", "evidence-csv", "sarif", "junit", "github"];
    let formats = formats.into_iter().chain(["in-toto", "openmetrics"]);
    let report = |format| {
        let output = run(&["report", "-p", &plan_file, &logs, "-f", format, "-vv"]);
        assert!([0, 10, 11].contains(&status(&output)), "{format}: {}", said(&output));
        (format, printed(&output))
    };
    formats.map(report).collect()
}

fn plan(class: &str) -> String {
    PLAN.replace("api_token", "db_password").replace("\"app\"", &format!("{class:?}"))
}

#[test]
fn the_name_of_a_consumer_is_not_masked_after_that_of_a_password() {
    for class in ["queue-worker", LOADER] {
        let reports = reports(&plan(class), &[class]);
        for (format, text) in &reports {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(!text.contains("q8Zt3LmX0vRb"), "{format} holds the secret: {text}");
            assert!(!text.contains("hunter2"), "{format} holds the password: {text}");
            if ["text", "json", "md", "in-toto", "github"].contains(format) {
                let sentence = format!("do not revoke `v1` of `db_password`: {class}");
                assert!(text.contains(&sentence), "{format}: {text}");
            }
            assert!(*format == "in-toto" || text.contains(class), "{format}: {text}");
        }
    }
}

#[test]
fn a_name_that_holds_a_marker_is_masked_as_before() {
    let world = plan(LOADER).replace("doc-key-2024\"", &format!("doc-key-2024\", {LOADER:?}"));
    for (format, text) in reports(&world, &[LOADER]) {
        assert!(!text.contains(LOADER), "{format}: {text}");
    }
}
