/*! A report that was edited contradicts itself, and is refused if it claims more than its findings do. */

use holdover::report::TextOptions;
use holdover::wire::{Unreadable, read};
use serde_json::{Value, json};

use crate::report::written;
use crate::report_sample::{decision, quotes};

type Edit = fn(&mut Value);

/// The report as it is written again after it was read.
pub(crate) fn rewritten(report: &str) -> String {
    let report = read(report).unwrap_or_else(|why| panic!("{why}"));
    serde_json::to_string_pretty(&report).expect("a report") + "\n"
}

/// The sample shows every part at once, so it contradicts itself. This makes it agree with itself.
pub(crate) fn agreeing_sample() -> Value {
    let text = written("json", &decision(), &quotes(), TextOptions::default());
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    report["watch"] = json!([]);
    report["postmortem"] = json!(null);
    report["earliest_revocation"]["time"] = json!(null);
    for class in list(&mut report, "classes") {
        class["earliest_revocation"] = json!(null);
    }
    class(&mut report)["last_old_use"]["time"] = json!("2026-03-02T10:00:00Z");
    for evidence in list(&mut report, "evidence") {
        for key in ["input", "record", "offset"] {
            evidence[key] = json!(null);
        }
    }
    agree(&mut report);
    report
}

pub(crate) fn list<'r>(report: &'r mut Value, key: &str) -> &'r mut Vec<Value> {
    report[key].as_array_mut().unwrap_or_else(|| panic!("`{key}` is not a list"))
}

/// The class `retry-worker`.
pub(crate) fn class(report: &mut Value) -> &mut Value {
    let mut classes = list(report, "classes").iter_mut();
    classes.find(|class| class["class"] == "retry-worker").expect("the class")
}

/// Makes all classes ready: removes the findings, and the facts that would require one.
pub(crate) fn make_ready(report: &mut Value) {
    report["findings"] = json!([]);
    report["waivers"] = json!([]);
    let success = json!({"time": report["as_of"], "evidence": null});
    for class in list(report, "classes") {
        class["silence"]["elapsed"] = json!("400h0m");
        class["first_new_success"] = success.clone();
        class["last_new_success"] = success.clone();
    }
    for input in list(report, "inputs") {
        input["damage"] = json!(null);
    }
}

/// Recomputes what follows from classes, findings and inputs.
pub(crate) fn agree(report: &mut Value) {
    let names: Vec<Value> =
        list(report, "classes").iter().map(|class| class["class"].clone()).collect();
    for key in ["findings", "waivers"] {
        let is_of_class = |entry: &Value| names.contains(&entry["class"]);
        list(report, key).retain(|entry| entry["class"].is_null() || is_of_class(entry));
    }
    for (number, finding) in list(report, "findings").iter_mut().enumerate() {
        finding["id"] = json!(format!("F{}", number + 1));
    }
    let findings = list(report, "findings").clone();
    for waiver in list(report, "waivers") {
        let covered = findings
            .iter()
            .filter(|finding| !finding["waived"].is_null() && finding["rule"] == waiver["rule"]);
        waiver["findings"] = covered.map(|finding| finding["id"].clone()).collect();
    }
    let mut worst = verdict(findings.iter().filter(|finding| finding["class"].is_null()));
    for class in list(report, "classes") {
        let name = class["class"].clone();
        let of_class = findings.iter().filter(|finding| finding["class"] == name);
        class["findings"] = of_class.clone().map(|finding| finding["id"].clone()).collect();
        let rank = verdict(of_class);
        worst = worst.max(rank);
        class["verdict"] = json!(WORDS[rank]);
        class["safe_to_revoke"] = json!(rank == 0);
        if rank > 0 {
            class["why_ready"] = json!(null);
        }
        let is_judged = class["use"] == "direct" && class["disabled"] == false;
        if !is_judged {
            class["silence"]["state"] = json!(null);
        }
    }
    report["verdict"] = json!(WORDS[worst]);
    let open = findings.iter().filter(|finding| rank(finding) > 0);
    report["missing_proof"] = open
        .map(|finding| json!({"action": "fill-in", "class": null, "detail": "", "settles": [finding["id"]]}))
        .collect();
    for key in ["containment", "coverage"] {
        for entry in list(report, key) {
            entry["classes"].as_array_mut().expect("names").retain(|name| names.contains(name));
        }
    }
    report["earliest_revocation"]["binding_class"] = json!(null);
    report["window"]["to"] = report["as_of"].clone();
    if report["window"]["from"].as_str() > report["window"]["to"].as_str() {
        report["window"]["from"] = report["as_of"].clone();
    }
    report["timeline"] = timeline(report);
    for key in ["records", "evidence", "irrelevant", "rejected", "duplicate"] {
        let sum: u64 = list(report, "inputs").iter().filter_map(|input| input[key].as_u64()).sum();
        report["accounting"][key] = json!(sum);
    }
}

const WORDS: [&str; 3] = ["ready", "inconclusive", "not_ready"];

/// The position in `WORDS` of the verdict that a finding causes.
fn rank(finding: &Value) -> usize {
    match finding["severity"].as_str() {
        _ if !finding["waived"].is_null() => 0,
        Some("blocks") => 2,
        Some("withholds") => 1,
        _ => 0,
    }
}

fn verdict<'f>(findings: impl Iterator<Item = &'f Value>) -> usize {
    findings.map(rank).max().unwrap_or(0)
}

fn timeline(report: &Value) -> Value {
    let rotation = &report["rotation"];
    let mut events = vec![
        ("introduced", rotation["introduced"].clone(), json!(null)),
        ("revoke-target", rotation["revoke_target"].clone(), json!(null)),
        ("revoked", rotation["revoked"].clone(), json!(null)),
        ("as-of", report["as_of"].clone(), json!(null)),
    ];
    for class in report["classes"].as_array().expect("classes") {
        let name = &class["class"];
        events.push((
            "first-new-success",
            class["first_new_success"]["time"].clone(),
            name.clone(),
        ));
        events.push(("last-old-use", class["last_old_use"]["time"].clone(), name.clone()));
    }
    events.retain(|(_, time, _)| !time.is_null());
    events.sort_by_key(|(_, time, _)| time.as_str().map(str::to_owned));
    let event = |(event, time, class): (&str, Value, Value)| json!({"time": time, "event": event, "class": class, "evidence": null});
    events.into_iter().map(event).collect()
}

#[test]
fn a_report_that_agrees_with_itself_is_read_and_written_again_byte_for_byte() {
    let report = serde_json::to_string_pretty(&agreeing_sample()).expect("JSON");
    let again: Value = serde_json::from_str(&rewritten(&report)).expect("JSON");
    assert_eq!(again, agreeing_sample());
    let mut ready = agreeing_sample();
    make_ready(&mut ready);
    agree(&mut ready);
    assert_eq!(ready["verdict"], "ready");
    read(&ready.to_string()).expect("a ready report");
}

/// Each edit alone, and the words with which it is refused.
pub(crate) const EDITS: [(Edit, &str); 44] = [
    (|report| report["verdict"] = json!("ready"), "its verdict is ready"),
    (|report| report["verdict"] = json!("inconclusive"), "its verdict is inconclusive"),
    (|report| report["classes"] = json!([]), "not a class"),
    (|report| drop(list(report, "classes").remove(1)), "not a class"),
    (|report| class(report)["verdict"] = json!("ready"), "is called ready"),
    (|report| class(report)["safe_to_revoke"] = json!(true), "called safe to revoke"),
    (|report| class(report)["findings"] = json!([]), "does not list its findings"),
    (|report| class(report)["class"] = json!("queue-worker"), "listed twice"),
    (|report| class(report)["last_old_use"]["evidence"] = json!("E99"), "cites `E99`"),
    (|report| class(report)["last_old_use"] = json!(null), "its timeline"),
    (|report| class(report)["last_new_success"] = json!(null), "not in order"),
    (|report| class(report)["degraded"]["after"]["n"] = json!(1_000), "more than all"),
    (|report| class(report)["silence"]["state"] = json!(null), "state of silence"),
    (|report| class(report)["silence"]["chances"]["bound"] = json!(1.5), "bound"),
    (|report| class(report)["disabled"] = json!(true), "state of silence"),
    (|report| drop(list(report, "findings").remove(0)), "in the place of `F1`"),
    (|report| drop(list(report, "findings").pop()), "does not list its findings"),
    (|report| report["findings"] = json!([]), "does not list its findings"),
    (|report| report["findings"][0]["severity"] = json!("advises"), "missing proof"),
    (|report| report["findings"][0]["class"] = json!(null), "does not list its findings"),
    (|report| report["findings"][0]["class"] = json!("nobody"), "does not list its findings"),
    (|report| report["findings"][0]["evidence"] = json!(["E99"]), "cites `E99`"),
    (|report| report["findings"][0]["evidence"] = json!([]), "cites nothing"),
    (|report| report["findings"][0]["id"] = json!("F9"), "`F9`"),
    (
        |report| report["findings"][0]["waived"] = report["findings"][2]["waived"].clone(),
        "no waiver lists `F1`",
    ),
    (|report| report["findings"][3]["numbers"]["p"] = json!(2.0), "p of F4"),
    (|report| report["waivers"] = json!([]), "no waiver lists `F3`"),
    (|report| report["waivers"][0]["in_force"] = json!(false), "in force"),
    (|report| report["waivers"][0]["until"] = json!("2030-01-01T00:00:00Z"), "different owners"),
    (|report| report["waivers"][0]["findings"] = json!(["F1"]), "does not cover"),
    (|report| report["missing_proof"] = json!([]), "missing proof"),
    (|report| report["missing_proof"][0]["settles"] = json!(["F99"]), "missing proof"),
    (|report| report["checklist"][1]["because"] = json!(["E99"]), "cites `E99`"),
    (|report| report["coverage"][0]["classes"] = json!(["nobody"]), "not a class"),
    (|report| report["coverage"][0]["from"] = json!(null), "not in order"),
    (|report| report["mode"] = json!("postmortem"), "its mode"),
    (|report| report["rotation"]["introduced"] = json!("2030-01-01T00:00:00Z"), "its mode"),
    (|report| report["as_of"] = json!("2026-03-05T09:00:00Z"), "its window"),
    (|report| report["timeline"] = json!([]), "its timeline"),
    (|report| report["inputs"] = json!([]), "do not add up"),
    (|report| report["inputs"][0]["evidence"] = json!(1), "do not add up"),
    (|report| report["accounting"]["records"] = json!(1), "do not add up"),
    (|report| drop(list(report, "evidence").remove(0)), "in the place of `E1`"),
    (|report| report["evidence"][0]["record"] = json!(7), "lies in no input"),
];

#[test]
fn every_edit_that_contradicts_the_rest_of_a_report_is_refused() {
    for (edit, expected) in EDITS {
        let mut report = agreeing_sample();
        edit(&mut report);
        match read(&report.to_string()) {
            Err(Unreadable::Contradiction(why)) => {
                assert!(why.contains(expected), "`{why}` lacks `{expected}`");
            }
            other => panic!("the edit `{expected}` was not refused: {other:?}"),
        }
    }
}

/// Somebody who makes the rest of a forged report agree still has to explain the facts in the ledger.
#[test]
fn a_ready_report_needs_the_facts_that_make_it_ready() {
    let edits: [(Edit, &str); 6] = [
        (
            |report| {
                class(report)["last_old_use"] = json!({"time": report["as_of"], "evidence": null});
            },
            "used the old version in the window",
        ),
        (
            |report| {
                class(report)["first_new_success"] = json!(null);
                class(report)["last_new_success"] = json!(null);
            },
            "no success on the new version",
        ),
        (|report| class(report)["silence"]["elapsed"] = json!("1h0m"), "too short"),
        (|report| report["undeclared"][0]["last"] = report["as_of"].clone(), "undeclared consumer"),
        (|report| report["inputs"][0]["damage"] = json!("it ends early"), "is damaged"),
        (
            |report| {
                report["classes"] = json!([]);
                report["checklist"] = json!([]);
            },
            "no class that could prove it",
        ),
    ];
    for (edit, expected) in edits {
        let mut report = agreeing_sample();
        make_ready(&mut report);
        edit(&mut report);
        agree(&mut report);
        let why = read(&report.to_string()).expect_err(expected).to_string();
        assert!(why.contains(expected), "`{why}` lacks `{expected}`");
    }
}

#[test]
fn only_keys_that_were_added_later_may_be_missing() {
    let added =
        ["plan", "missing_proof", "checklist", "containment", "timeline", "watch", "postmortem"];
    let keys: Vec<String> = agreeing_sample().as_object().expect("keys").keys().cloned().collect();
    for key in keys {
        let mut report = agreeing_sample();
        report.as_object_mut().expect("keys").remove(&key);
        let is_added = added.contains(&key.as_str());
        match read(&report.to_string()) {
            Ok(report) => assert!(is_added && report.lacks() == [key.as_str()], "{key}"),
            Err(why) => assert!(!is_added, "{key}: {why}"),
        }
    }
    for key in ["layers", "findings", "why_ready"] {
        let mut report = agreeing_sample();
        class(&mut report).as_object_mut().expect("keys").remove(key);
        let report = read(&report.to_string()).expect("an older report");
        assert_eq!(report.lacks(), [format!("classes[].{key}")]);
    }
    let mut report = agreeing_sample();
    report["rotation"].as_object_mut().expect("keys").remove("model_state");
    assert_eq!(
        read(&report.to_string()).expect("an older report").lacks(),
        ["rotation.model_state"]
    );
}
