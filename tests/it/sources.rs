/*! `sources test` on exports that nobody knows: it names what it did not take, and its draft of a source reads it. */

use std::fs;

use crate::harness::{printed, report, run};

const PLAN: &str = r#"
[credential]
name = "k"
[[credential.version]]
name = "v1"
state = "old"
markers = ["k-2024"]
[[credential.version]]
name = "v2"
state = "new"
markers = ["k-2026"]
[rotation]
introduced = 2026-03-02T09:00:00Z
window = "6h"
[[consumer]]
class = "app"
match = [{ service_name = "orders" }]
"#;

/// The lines of the drafted source.
fn drafted(shown: &str) -> String {
    let lines = shown.lines().skip_while(|line| line.trim() != "[[source]]");
    let lines = lines.take_while(|line| !line.contains("with it "));
    lines.map(|line| line.trim().to_owned() + "\n").collect()
}

#[test]
fn the_source_that_is_drafted_reads_the_export() {
    let json = |at: &str, key: &str, word: &str| {
        format!(
            r#"{{"moment":"2026-03-02T{at}:00Z","sig":{{"apiKeyRef":"{key}"}},"svc":"orders","resultWord":"{word}","note":"a"}}"#
        )
    };
    let pairs = |at: &str, key: &str, word: &str| {
        format!("moment=2026-03-02T{at}:00Z sig.keyref={key} svc=orders verdict={word} note=a")
    };
    let row =
        |at: &str, key: &str, word: &str| format!("2026-03-02T{at}:00Z,{key},orders,{word},a");
    let three = |line: &dyn Fn(&str, &str, &str) -> String| {
        let lines =
            [("08:00", "k-2024", "ok"), ("10:00", "k-2026", "ok"), ("11:00", "k-2026", "denied")];
        lines.map(|(at, key, word)| line(at, key, word) + "\n").concat()
    };
    let exports = [
        ("a.jsonl", three(&json)),
        ("b.log", three(&pairs)),
        ("c.csv", format!("time,key_ref,service_name,verdict,note\n{}", three(&row))),
        ("d.csv", format!("Moment,Key Ref,Service,Verdict,note\n{}", three(&row))),
        (
            "e.csv",
            format!("Moment;Key Ref;Service;Verdict;note\n{}", three(&row).replace(',', ";")),
        ),
    ];
    for (name, text) in exports {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (export, plan) = (folder.path().join(name), folder.path().join("plan.toml"));
        fs::write(&export, text).expect("written");
        let shown = printed(&run(&["sources", "test", &export.to_string_lossy()]));
        assert!(shown.contains("not taken   "), "{name}: {shown}");
        assert!(shown.contains("may be credential_uid: k-2024"), "{name}: {shown}");
        assert!(!shown.contains("/note"), "{name}: {shown}");
        assert!(
            shown.contains("time 3 of 3, credential 3 of 3, outcome 3 of 3"),
            "{name}: {shown}"
        );
        fs::write(&plan, format!("{PLAN}{}", drafted(&shown))).expect("written");
        let report = report(&plan, &[&export], &[]);
        let events = &report["classes"][0]["events"];
        assert_eq!(events["old"]["success"], 1, "{name}: {events}");
        assert_eq!(events["new"]["success"], 1, "{name}: {events}");
        assert_eq!(events["new"]["denied"], 1, "{name}: {events}");
    }
}

#[test]
fn what_a_known_source_writes_needs_no_draft() {
    let shown = printed(&run(&["sources", "test", "fixtures/formats/teleport/events.log"]));
    assert!(!shown.contains("a source that would"), "{shown}");
    let shown = printed(&run(&["sources", "test", "fixtures/rules/base/logs.jsonl"]));
    assert!(!shown.contains("a source that would") && !shown.contains("not taken"), "{shown}");
}
