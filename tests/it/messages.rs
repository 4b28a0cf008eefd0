/*! What the program says of mistakes of the people who call it. */

use std::fs;

use crate::harness::{printed, report, root, run, said, status};
use crate::ingest::combinations::PLAN;

#[test]
fn a_plan_that_is_not_there_is_not_asked_for_again() {
    for args in
        [["report", "-p", "missing.toml", "."].as_slice(), &["plan", "check", "missing.toml"]]
    {
        let output = run(args);
        assert_eq!(status(&output), 3);
        assert!(said(&output).contains("check its path"), "{}", said(&output));
        assert!(!said(&output).contains("give it with"), "{}", said(&output));
    }
}

#[test]
fn an_address_that_is_not_read_says_which_are() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let plan = folder.path().join("plan.toml");
    fs::write(&plan, PLAN).expect("written");
    let output = run(&["report", "-p", &plan.to_string_lossy(), "http://logs.example/a?sig=abc"]);
    let all = printed(&output) + &said(&output);
    assert!(all.contains("only `https`, `s3`, `gs` and `az` are"), "{all}");
    assert!(!all.contains("sig="), "{all}");
}

#[test]
fn a_line_that_is_none_of_a_list_is_told_what_one_is() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (plan, list) = (folder.path().join("plan.toml"), folder.path().join("list.jsonl"));
    fs::write(&plan, PLAN).expect("written");
    fs::write(&list, "no list\n").expect("written");
    let (plan, list) = (plan.to_string_lossy(), list.to_string_lossy());
    let parts = folder.path().to_string_lossy();
    let output = run(&["report", "-p", &plan, &parts, "--list", &list]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("an object in JSON on each line"), "{}", said(&output));
}

#[test]
fn a_quiet_collect_prints_nothing() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (plan, logs) = (folder.path().join("plan.toml"), folder.path().join("a.jsonl"));
    fs::write(&plan, PLAN).expect("written");
    fs::write(&logs, "{\"time\":\"2026-03-02T10:00:00Z\",\"service\":\"app\"}\n").expect("written");
    let (plan, logs) = (plan.to_string_lossy(), logs.to_string_lossy());
    let bundle = folder.path().join("bundle");
    let bundle = bundle.to_string_lossy();
    let output = run(&["collect", "-q", "-p", &plan, &logs, "-o", &bundle]);
    assert_eq!((status(&output), printed(&output)), (0, String::new()), "{}", said(&output));
    assert!(!printed(&run(&["collect", "-p", &plan, &logs, "-o", &bundle])).is_empty());
}

#[test]
fn a_key_as_a_marker_is_shown_as_its_digest() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let plan = folder.path().join("plan.toml");
    let key = ["ghp_q8Zt3LmX0vRb", "7KcPw2NyJ5hDAbCdEf012345"].concat();
    fs::write(&plan, PLAN.replace("doc-key-2024", &key)).expect("written");
    let text = printed(&run(&["plan", "check", &plan.to_string_lossy()]));
    assert!(text.contains("looks like the secret itself") && !text.contains(&key), "{text}");
    let (_, digest) = text.split_once("`sha256:").expect("a digest");
    let digest = format!("sha256:{}", digest.get(..64).expect("64 digits"));
    fs::write(&plan, PLAN.replace("doc-key-2024", &digest)).expect("written");
    let text = printed(&run(&["plan", "check", &plan.to_string_lossy()]));
    assert!(!text.contains("advice"), "{text}");
}

#[test]
fn a_ready_report_says_what_comes_next() {
    let of = |state: &str| {
        let folder = format!("fixtures/scenarios/document-provider/{state}");
        printed(&run(&["report", "-p", &format!("{folder}/plan.toml"), &format!("{folder}/logs")]))
    };
    let text = of("ready");
    for next in ["1. just before the revocation", "2. revoke `v1`", "3. report again"] {
        assert!(text.contains(next), "{next}: {text}");
    }
    assert!(!of("morning-after").contains("revoke `v1`, and write"), "not before it is ready");
}

#[test]
fn only_a_class_with_a_fallback_is_to_be_run_without_it() {
    let folder = root().join("fixtures/scenarios/document-provider/split-brain");
    let report = report(&folder.join("plan.toml"), &[&folder.join("logs")], &[]);
    let findings = report["findings"].as_array().expect("findings");
    let remedies: Vec<&str> = findings.iter().filter_map(|one| one["remedy"].as_str()).collect();
    let move_it = "move `queue-worker` to `v2` and run it once in prod";
    assert!(remedies.contains(&move_it), "{remedies:#?}");
}
