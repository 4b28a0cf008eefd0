/*! `holdover who`: who uses a credential, before there is a plan. */

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::harness::{holdover, printed, run, said, status};
use crate::schemas::is_an_answer_of_who;

const LOGS: &str = "fixtures/scenarios/document-provider/morning-after/logs";

fn answer(args: &[&str]) -> Value {
    let output = run(&[&["who", "-f", "json"], args].concat());
    assert_eq!(status(&output), 0, "{}", said(&output));
    let answer = serde_json::from_slice(&output.stdout).expect("JSON");
    is_an_answer_of_who(&answer);
    answer
}

/// The answer for the files of a folder.
fn of_files(files: &[(&str, &[u8])], args: &[&str]) -> (Value, String) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    for (name, bytes) in files {
        fs::write(scratch.path().join(name), bytes).expect("a file");
    }
    let folder = scratch.path().to_string_lossy();
    let args = [&[folder.as_ref()], args].concat();
    let text = run(&[&["who"], args.as_slice()].concat());
    assert_eq!(status(&text), 0, "{}", said(&text));
    (answer(&args), printed(&text))
}

fn names(answer: &Value) -> Vec<&str> {
    let holders = answer["holders"].as_array().expect("holders");
    holders.iter().filter_map(|holder| holder["class_guess"].as_str()).collect()
}

fn call(time: &str, more: &str) -> String {
    format!(
        "{{\"time\":\"{time}\",\"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\"{more}}}\n"
    )
}

#[test]
fn every_holder_of_the_fixture_is_named_with_its_rhythm_and_its_records() {
    let answer = answer(&[LOGS, "-m", "doc-key-2024"]);
    let expected = [
        "retry-worker",
        "bigfile-conv",
        "quality-export",
        "ai-batch",
        "queue-worker",
        "doc-reconcile",
        "support-replay",
    ];
    assert_eq!(names(&answer), expected);
    let cron = &answer["holders"][5];
    assert_eq!(cron["gap_usual"], "23h59m");
    assert_eq!(cron["next_expected"], "2026-03-03T08:30:33Z");
    assert_eq!(cron["last"]["record"], 1264);
    // Its outcome word is known to no profile: a use all the same.
    assert_eq!(answer["holders"][1]["events"], 80);
    assert_eq!(answer["unread"], serde_json::json!([]));
}

#[test]
fn it_gives_no_verdict() {
    for marker in ["doc-key-2024", "doc-key-2026", "no-such-key"] {
        let output = run(&["who", LOGS, "-m", marker]);
        assert_eq!(status(&output), 0, "{}", said(&output));
        let text = printed(&output).to_lowercase();
        for word in ["ready", "verdict", "safe to", "revoke"] {
            assert!(!text.contains(word), "{word} in\n{text}");
        }
    }
}

#[test]
fn finding_nothing_says_what_was_read_and_what_was_not() {
    let good = call("2026-03-02T08:00:00Z", ",\"service\":\"app\"");
    let files: [(&str, &[u8]); 2] =
        [("a.jsonl", good.as_bytes()), ("b.jsonl.gz", b"\x1f\x8b\x08\0\0")];
    let (answer, text) = of_files(&files, &["-m", "another-key"]);
    assert_eq!(answer["holders"], serde_json::json!([]));
    assert_eq!(answer["read"]["records"], 1);
    assert!(answer["without"][0].as_str().is_some_and(|path| path.ends_with("a.jsonl")));
    assert!(answer["unread"][0]["input"].as_str().is_some_and(|path| path.ends_with("b.jsonl.gz")));
    for line in [
        "nothing in these records shows it",
        "searched 1 record in 2 inputs",
        "A USE MAY HIDE HERE",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn a_stretch_of_time_counts_back_from_the_last_record() {
    let log = call("2026-03-02T08:00:00Z", ",\"service\":\"daily\"")
        + &call("2026-03-03T07:00:00Z", ",\"service\":\"worker\"")
        + &call("2026-03-03T08:00:00Z", ",\"service\":\"worker\"")
        + &call("2026-03-03T10:00:00Z", ",\"service\":\"worker\"");
    let (answer, text) =
        of_files(&[("a.jsonl", log.as_bytes())], &["-m", "doc-key-2024", "--last", "2h"]);
    assert_eq!(names(&answer), ["worker"]);
    assert_eq!(answer["holders"][0]["events"], 2);
    assert_eq!(answer["holders"][0]["gap_longest"], "2h0m");
    assert_eq!(answer["since"], "2026-03-03T08:00:00Z");
    assert!(text.contains("counted since 2026-03-03T08:00:00Z, 2 h before"), "{text}");
}

#[test]
fn mentions_that_no_field_is_read_for_and_records_without_a_time_are_shown() {
    let stray = "{\"time\":\"2026-03-02T09:00:00Z\",\"level\":\"info\",\"detail\":{\"used_for_call\":\"doc-key-2024\"}}\n";
    let undated =
        "{\"credential_uid\":\"doc-key-2024\",\"service\":\"app\",\"outcome\":\"success\"}\n";
    let log = call("2026-03-02T08:00:00Z", ",\"service\":\"app\"") + stray + undated;
    let (answer, text) = of_files(&[("a.jsonl", log.as_bytes())], &["-m", "doc-key-2024"]);
    assert_eq!(answer["unmapped"][0]["place"], "/detail/used_for_call");
    assert_eq!(answer["unmapped"][0]["first"]["record"], 2);
    assert_eq!(answer["unread"][0]["holds_marker"], true);
    assert!(text.contains("fields = { credential_uid = \"/detail/used_for_call\" }"), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let unread = "1 record that holds the marker was not understood (no-time), first record 3";
    assert!(words.contains(unread), "{text}");
}

#[test]
fn several_markers_are_told_apart_and_refusals_are_counted() {
    let log = call("2026-03-02T08:00:00Z", ",\"service\":\"app\"")
        + "{\"time\":\"2026-03-02T09:00:00Z\",\"credential_uid\":\"doc-key-2026\",\"outcome\":\"unauthorized\",\"service\":\"app\"}\n";
    let markers = ["-m", "doc-key-2024", "-m", "prefix:doc-key-2026", "-m", "doc-key-2024"];
    let (answer, text) = of_files(&[("a.jsonl", log.as_bytes())], &markers);
    let holders = answer["holders"].as_array().expect("holders");
    let told: Vec<_> =
        holders.iter().map(|of| (of["marker"].as_str(), of["refused"].as_u64())).collect();
    assert_eq!(told, [(Some("prefix:doc-key-2026"), Some(1)), (Some("doc-key-2024"), Some(0))]);
    assert!(text.contains("2 uses by 2 holders, 1 refused"), "{text}");
}

#[test]
fn secrets_are_masked_and_control_characters_are_shown() {
    let secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    let more = format!(",\"service\":\"evil\\u001b[2Japp\",\"principal\":\"{secret}\"");
    let log = call("2026-03-02T08:00:00Z", &more);
    let (answer, text) = of_files(&[("a.jsonl", log.as_bytes())], &["-m", "doc-key-2024"]);
    assert!(!text.contains(secret) && !answer.to_string().contains(secret), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn standard_input_is_read() {
    let mut child = holdover(&["who", "-", "-m", "doc-key-2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let log = call("2026-03-02T08:00:00Z", ",\"service\":\"app\"");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(log.as_bytes()).expect("a log");
    drop(input);
    let output = child.wait_with_output().expect("an answer");
    assert!(printed(&output).contains("app (service)"), "{}", printed(&output));
}

#[test]
fn wrong_questions_are_wrong_usage_and_nothing_readable_is_said() {
    let of = |args: &[&str]| {
        let output = run(&[&["who"], args].concat());
        (status(&output), said(&output))
    };
    let (exit, message) = of(&[LOGS, "-m", "sha256:12"]);
    assert_eq!(exit, 2);
    assert!(message.contains("it is not a SHA-256 digest"), "{message}");
    assert_eq!(of(&[LOGS]).0, 2);
    assert_eq!(of(&[LOGS, "-m", "doc-key-2024", "--last", "soon"]).0, 2);
    let missing = Path::new(LOGS).join("none").to_string_lossy().into_owned();
    assert_eq!(of(&[&missing, "-m", "doc-key-2024"]).0, 4);
}

#[test]
fn a_marker_in_records_that_were_not_understood_is_not_nothing() {
    let undated = "{\"credential_uid\":\"doc-key-2024\",\"service\":\"app\"}\n".repeat(3);
    let (_, text) = of_files(&[("a.jsonl", undated.as_bytes())], &["-m", "doc-key-2024"]);
    assert!(text.contains("3 records that could not be understood hold it"), "{text}");
    assert!(!text.contains("nothing in these records"), "{text}");
}

#[test]
fn inputs_without_the_marker_are_named_up_to_five_and_then_counted_once() {
    let good = call("2026-03-02T08:00:00Z", ",\"service\":\"app\"");
    let names: Vec<String> = (0..9).map(|number| format!("{number}.jsonl")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), good.as_bytes())).collect();
    let (_, text) = of_files(&files, &["-m", "another-key"]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains(
            "9 inputs show it nowhere: 0.jsonl, 1.jsonl, 2.jsonl, 3.jsonl, 4.jsonl and 4 more"
        ),
        "{text}"
    );
}
