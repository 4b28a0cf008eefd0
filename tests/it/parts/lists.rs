/*! What `list` lists: each input that one process would read or could not read, in tasks; and what becomes of an input
 * that changes afterwards.
 */

use std::fs;

use serde_json::Value;

use super::Cluster;
use crate::harness::{printed, run, said, status};
use crate::ingest::combinations::PLAN;

fn line(at: &str, uid: &str) -> String {
    serde_json::json!({"time": at, "service": "app", "action": "call", "credential_uid": uid, "outcome": "success"})
        .to_string()
        + "\n"
}

fn small() -> Cluster {
    let mut cluster = Cluster::new("", "");
    cluster.plan = cluster.write("plan.toml", PLAN);
    cluster.write("in/a.jsonl", &line("2026-03-02T10:00:00Z", "doc-key-2024"));
    cluster.write("in/b.jsonl", &line("2026-03-02T11:00:00Z", "doc-key-2026"));
    cluster.exports = cluster.text("in");
    cluster
}

/// Somebody writes a second record to the first input.
fn write_more(cluster: &Cluster) {
    let longer = line("2026-03-02T10:00:00Z", "doc-key-2024")
        + &line("2026-03-02T10:30:00Z", "doc-key-2024");
    cluster.write("in/a.jsonl", &longer);
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn inputs_are_sorted_and_packed_into_tasks() {
    let cluster = small();
    for (name, bytes) in [("c", 300_000), ("d", 20_000), ("e", 10)] {
        cluster.write(&format!("in/{name}.log"), &"x\n".repeat(bytes / 2));
    }
    let list: Vec<Value> =
        cluster.list(&["--task-bytes", "200K"]).iter().map(|line| value(line)).collect();
    let tasks: Vec<(u64, String)> = list
        .iter()
        .map(|line| {
            let path = line["path"].as_str().expect("a path");
            (line["task"].as_u64().expect("a task"), path[path.len() - 7..].to_owned())
        })
        .collect();
    let expected = [(0, "a.jsonl"), (0, "b.jsonl"), (1, "n/c.log"), (2, "n/d.log"), (2, "n/e.log")];
    assert_eq!(tasks, expected.map(|(task, path)| (task, path.to_owned())));
    assert!(list.iter().all(|line| line["modified"].is_string()), "{list:?}");
    assert_eq!(cluster.list(&["--task-bytes", "1"]).len(), 5, "each is a task of its own");
}

#[test]
fn an_input_that_cannot_be_read_has_its_line_and_its_part() {
    let cluster = small();
    let missing = cluster.text("in/missing.jsonl");
    let listed = run(&["list", "-p", &cluster.plan, &cluster.exports, &missing]);
    let list = super::lines(&printed(&listed));
    assert_eq!(list.len(), 3, "{list:?}");
    cluster.scan(&list, "parts", &[]);
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 0, "{}", said(&sealed));
    let whole = cluster.report(&[&cluster.exports, &missing], "json");
    assert_eq!(cluster.report(&[&cluster.text("bundle")], "json"), whole);
    assert!(String::from_utf8_lossy(&whole.1).contains("missing.jsonl"));
    // A worker that cannot read what was listed leaves damage, and a later scan repairs it.
    let fresh = cluster.list(&[]);
    fs::rename(cluster.path("in/a.jsonl"), cluster.path("away")).expect("renamed");
    let failed = cluster.scan(&fresh, "others", &[]);
    assert_eq!(value(&failed[0])["scanned"]["damage"], 1, "{}", failed[0]);
    fs::rename(cluster.path("away"), cluster.path("in/a.jsonl")).expect("renamed");
    assert_eq!(status(&cluster.seal("others", &failed, &[])), 0);
    let (verdict, damaged) = cluster.report(&[&cluster.text("bundle")], "json");
    assert!(verdict != 0 && String::from_utf8_lossy(&damaged).contains("cannot be opened"));
    let healed = cluster.scan(&fresh, "others", &[]);
    let both = [failed, healed].concat();
    assert_eq!(status(&cluster.seal("others", &both, &[])), 0);
    cluster.agrees("others");
    // What failed last is the latest that is known of an input, however often it was read before.
    fs::rename(cluster.path("in/a.jsonl"), cluster.path("away")).expect("renamed");
    fs::remove_dir_all(cluster.path("others")).expect("removed");
    let failed = cluster.scan(&fresh, "others", &[]);
    fs::rename(cluster.path("away"), cluster.path("in/a.jsonl")).expect("renamed");
    let healed = cluster.scan(&fresh, "others", &[]);
    let last_failed = [healed, failed].concat();
    assert_eq!(status(&cluster.seal("others", &last_failed, &[])), 0);
    let (verdict, damaged) = cluster.report(&[&cluster.text("bundle")], "json");
    assert!(verdict != 0 && String::from_utf8_lossy(&damaged).contains("cannot be opened"));
}

#[test]
fn an_input_that_changes_after_it_was_listed_is_no_whole_input() {
    let cluster = small();
    let list = cluster.list(&[]);
    write_more(&cluster);
    let done = cluster.scan(&list, "parts", &[]);
    assert_eq!(value(&done[0])["scanned"]["damage"], 1, "{}", done[0]);
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 1);
    assert!(said(&sealed).contains("bytes in the list and had"), "{}", said(&sealed));
    let fresh = cluster.list(&[]);
    let done = cluster.scan(&fresh, "again", &[]);
    assert_eq!(status(&cluster.seal("again", &done, &[])), 0);
    cluster.agrees("again");
}

/// The same bytes at rest are no longer damaged, and the scan of that time counts no longer.
#[test]
fn an_input_that_was_written_to_when_it_was_scanned_is_read_again() {
    let cluster = small();
    let list = cluster.list(&[]);
    write_more(&cluster);
    let written_to = cluster.scan(&list, "parts", &[]);
    let at_rest = cluster.scan(&cluster.list(&[]), "parts", &[]);
    let known = cluster.write("done.jsonl", &at_rest.concat());
    let (damaged, whole) = (value(&written_to[0]), value(&at_rest[0]));
    assert_eq!(damaged["scanned"]["sha256"], whole["scanned"]["sha256"]);
    assert_eq!(
        (&damaged["scanned"]["damage"], &whole["scanned"]["damage"]),
        (&1.into(), &0.into())
    );
    let done = cluster.scan(&cluster.list(&["--known", &known]), "parts", &[]);
    assert_eq!(status(&cluster.seal("parts", &done, &[])), 0);
    cluster.agrees("parts");
    // A line of the damaged scan whose size and time are those of now.
    let mut then = damaged;
    for key in ["bytes", "modified"] {
        then[key] = whole[key].clone();
    }
    let known = cluster.write("then.jsonl", &format!("{then}\n"));
    assert!(value(&cluster.list(&["--known", &known])[0])["scanned"].is_null());
}

#[test]
fn a_plain_list_takes_no_part_of_earlier_bytes() {
    let cluster = small();
    cluster.scan(&cluster.list(&[]), "parts", &[]);
    let text = fs::read_to_string(cluster.path("in/a.jsonl")).expect("a file");
    let other = text.replace("doc-key-2024", "doc-key-2026");
    assert!(other != text && other.len() == text.len());
    cluster.write("in/a.jsonl", &other);
    let list = cluster.list(&[]);
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 1, "{}", said(&sealed));
    assert!(said(&sealed).contains("no part of"), "{}", said(&sealed));
    cluster.scan(&list, "parts", &[]);
    assert_eq!(status(&cluster.seal("parts", &list, &[])), 0);
    fs::remove_file(cluster.path("in/a.jsonl")).expect("removed");
    let sealed = cluster.seal("parts", &list, &[]);
    assert_eq!(status(&sealed), 1, "{}", said(&sealed));
    assert!(said(&sealed).contains("listed without its part"), "{}", said(&sealed));
}

#[test]
fn a_list_that_was_cut_at_the_end_of_a_line_is_refused() {
    let cluster = small();
    let done = cluster.scan(&cluster.list(&["--task-bytes", "1"]), "parts", &[]);
    assert_eq!(value(&done[0])["inputs"], done.len());
    let sealed = cluster.seal("parts", &done[..1], &[]);
    assert_eq!(status(&sealed), 1, "{}", said(&sealed));
    assert!(said(&sealed).contains("has 1 of its 2 inputs"), "{}", said(&sealed));
    let (parts, list) = (cluster.text("parts"), cluster.text("list.jsonl"));
    let report = run(&["report", "-p", &cluster.plan, &parts, "--list", &list]);
    assert_eq!((status(&report), printed(&report)), (1, String::new()));
    // Twice is no harm, and neither is the list of another day.
    let again = [done.clone(), done.clone()].concat();
    assert_eq!(status(&cluster.seal("parts", &again, &[])), 0);
    cluster.write("in/c.jsonl", &line("2026-03-02T12:00:00Z", "doc-key-2026"));
    let today = cluster.scan(&cluster.list(&[]), "parts", &[]);
    let both = [done, today].concat();
    assert_eq!(status(&cluster.seal("parts", &both, &[])), 0);
    let sealed = cluster.seal("parts", &both[..both.len() - 1], &[]);
    assert!(said(&sealed).contains("has 2 of its 3 inputs"), "{}", said(&sealed));
}

#[test]
fn a_list_is_not_made_whole_by_another_of_the_same_length() {
    let cluster = small();
    let yesterday = cluster.scan(&cluster.list(&[]), "parts", &[]);
    fs::remove_file(cluster.path("in/a.jsonl")).expect("removed");
    cluster.write("in/c.jsonl", &line("2026-03-02T12:00:00Z", "doc-key-2024"));
    let today = cluster.scan(&cluster.list(&[]), "parts", &[]);
    assert_eq!(value(&today[0])["inputs"], value(&yesterday[0])["inputs"]);
    let whole = [yesterday.clone(), today.clone()].concat();
    assert_eq!(status(&cluster.seal("parts", &whole, &[])), 0);
    let sealed = cluster.seal("parts", &[yesterday, today[..1].to_vec()].concat(), &[]);
    assert_eq!(status(&sealed), 1, "{}", said(&sealed));
    assert!(said(&sealed).contains("has 1 of its 2 inputs"), "{}", said(&sealed));
}

#[test]
fn a_file_that_grew_counts_once() {
    let cluster = small();
    cluster.scan(&cluster.list(&[]), "parts", &[]);
    let grown = fs::read_to_string(cluster.path("in/a.jsonl")).expect("a file")
        + &line("2026-03-02T10:30:00Z", "doc-key-2024");
    cluster.write("in/a.jsonl", &grown);
    let done = cluster.scan(&cluster.list(&[]), "parts", &[]);
    assert_eq!(status(&cluster.seal("parts", &done, &[])), 0);
    cluster.agrees("parts");
    // Where it cannot be read, its earlier scan stays a second input, and nothing is damaged.
    fs::rename(cluster.path("in"), cluster.path("away")).expect("renamed");
    assert_eq!(status(&cluster.seal("parts", &done, &[])), 0);
    let (_, report) = cluster.report(&[&cluster.text("bundle")], "json");
    let report: Value = serde_json::from_slice(&report).expect("JSON");
    let inputs = report["inputs"].as_array().expect("inputs");
    assert_eq!(inputs.len(), 3, "{inputs:?}");
    assert!(inputs.iter().all(|input| input["damage"].is_null()), "{inputs:?}");
}

#[test]
fn an_input_that_is_known_is_not_read_again() {
    let cluster = small();
    let done = cluster.scan(&cluster.list(&[]), "parts", &[]);
    let known = cluster.write("done.jsonl", &done.concat());
    cluster.write("in/c.jsonl", &line("2026-03-02T12:00:00Z", "doc-key-2026"));
    let list = cluster.list(&["--known", &known]);
    let scanned: Vec<bool> = list.iter().map(|line| value(line)["scanned"].is_object()).collect();
    assert_eq!(scanned, [true, true, false]);
    // If it were read, it would be missed.
    fs::rename(cluster.path("in/a.jsonl"), cluster.path("away")).expect("renamed");
    let today = cluster.scan(&list, "parts", &[]);
    fs::rename(cluster.path("away"), cluster.path("in/a.jsonl")).expect("renamed");
    let part = |line: &String| value(line)["scanned"].clone();
    assert_eq!(
        today.iter().take(2).map(part).collect::<Vec<_>>(),
        [part(&done[0]), part(&done[1])]
    );
    assert_eq!(status(&cluster.seal("parts", &today, &[])), 0);
    cluster.agrees("parts");
    // A part that is gone is made again.
    fs::remove_dir_all(cluster.path("parts")).expect("removed");
    assert_eq!(cluster.scan(&list, "parts", &[]), today);
}

#[test]
fn a_line_that_is_none_of_a_list_is_3_and_standard_input_is_2() {
    let cluster = small();
    let output = cluster.try_scan(&["{\"path\":\"x\"}\n".to_owned()], "parts", &[]);
    assert_eq!(status(&output), 3, "{}", said(&output));
    assert!(said(&output).contains("line 1 of `standard input`"), "{}", said(&output));
    let parts = cluster.text("parts");
    for args in [
        &["list", "-p", &cluster.plan, "-"][..],
        &["scan", "-p", &cluster.plan, "-o", &parts, "-"],
        &["list", "-p", &cluster.plan, &cluster.exports, "--task-bytes", "many"],
    ] {
        assert_eq!(status(&run(args)), 2, "{args:?}");
    }
    assert!(cluster.scan(&[], "parts", &[]).is_empty(), "a task without inputs scans nothing");
}
