/*! Clocks that were reset, between records of a clock that is right. */

use std::fs::File;

use serde_json::{Value, json};

use super::{World, old};
use crate::harness::holdover;

/// Lines of a host at about five past six in the evening, with this record among them.
fn lines(record: &str) -> [String; 5] {
    let tick = |minute: u32| {
        let at = format!("2026-03-02T18:{minute:02}:00Z");
        json!({"timestamp": at, "host_name": "h9", "message": "tick"}).to_string()
    };
    [tick(1), tick(4), record.to_owned(), tick(6), tick(9)]
}

fn report(record: &str) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("other/a.jsonl", &lines(record)).report(folder.path())
}

fn names_rejects(report: &Value) -> bool {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().any(|finding| finding["rule"] == "rejected-records")
}

#[test]
fn an_old_use_by_a_clock_that_was_reset_is_not_from_before_the_change() {
    let worker =
        json!({"timestamp": "2001-01-01T00:00:07Z", "service_name": "worker", "host_name": "h9"});
    let told = report(&old(&worker));
    assert_ne!(told["verdict"], "ready", "it counts as no time");
    assert!(names_rejects(&told), "{told}");
}

#[test]
fn a_tick_by_a_clock_that_was_reset_moves_nothing() {
    let tick = json!({"timestamp": "2001-01-01T00:00:07Z", "host_name": "h9", "message": "tick"});
    let told = report(&tick.to_string());
    assert_eq!((&told["verdict"], names_rejects(&told)), (&json!("ready"), false));
}

/// The report of a ready world with these files, the last of them piped in.
fn piped(world: World, files: &[(&str, &[String])]) -> (Value, Value) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let world = files.iter().fold(world, |world, (path, lines)| world.input(path, lines));
    world.write(folder.path());
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let mut args = vec!["report".to_owned(), "-p".to_owned(), at("plan.toml"), at("in/main")];
    let (last, others) = files.split_last().expect("a file");
    args.extend(others.iter().map(|(path, _)| at(&format!("in/{path}"))));
    let rest = ["-", "-f", "json", "--as-of", "2026-03-02T21:00:00Z"];
    args.extend(rest.map(str::to_owned));
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let piped = File::open(at(&format!("in/{}", last.0))).expect("it was written");
    let output = holdover(&args).stdin(piped).output().expect("it ends");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let mut inputs = report["inputs"].as_array().expect("inputs").iter();
    let input = inputs.find(|input| input["path"] == "-").expect("it is listed").clone();
    (report, input)
}

#[test]
fn what_is_piped_in_is_read_again_where_a_clock_was_reset() {
    let record = json!({"timestamp": "2001-01-01T00:00:07Z", "host_name": "h9", "message": "tick"});
    let (report, input) = piped(World::ready(), &[("a.jsonl", &lines(&record.to_string()))]);
    assert_eq!(report["verdict"], "ready");
    assert_eq!((&input["records"], &input["damage"]), (&json!(5), &Value::Null), "{input}");
}

/// The session key is known to be of the old version only when the file behind it was read.
#[test]
fn what_is_piped_in_is_read_again_for_a_link() {
    let call = |minute: u32, key: &str, change: Value| {
        let mut record = json!({
            "eventVersion": "1.09", "eventTime": format!("2026-03-02T18:{minute:02}:00Z"),
            "eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity", "awsRegion": "eu-west-1",
            "sourceIPAddress": "192.0.2.10", "userAgent": "app/1.4", "recipientAccountId": "111122223333",
            "userIdentity": {"type": "IAMUser", "accessKeyId": key, "arn": "arn:aws:iam::111122223333:user/app"},
            "eventID": format!("00000000-0000-4000-8000-0000000000{minute:02}"), "eventType": "AwsApiCall",
        });
        record
            .as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        record.to_string()
    };
    let session = json!({"credentials": {"accessKeyId": "ASIAEXAMPLE00000SESS"}});
    let issued = json!({"eventName": "GetSessionToken", "responseElements": session});
    let issued = call(2, "doc-key-2024", issued);
    let used = call(40, "ASIAEXAMPLE00000SESS", json!({}));
    let (report, input) = piped(World::ready(), &[("z.jsonl", &[issued]), ("a.jsonl", &[used])]);
    let findings = report["findings"].to_string();
    assert_eq!((&input["evidence"], &input["damage"]), (&json!(1), &Value::Null), "{findings}");
}
