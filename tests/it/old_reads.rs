/*! Reads of the old version from a secret store: by its id, and by a stage that stands for it. */

use std::fs;

use serde_json::{Value, json};

use crate::harness::{report, root, rules};

const OLD: &str = "11111111-aaaa-4bbb-8ccc-000000000001";
const NEW: &str = "22222222-aaaa-4bbb-8ccc-000000000002";

/// A call to Secrets Manager as `CloudTrail` records it.
fn call(time: &str, agent: &str, event: &str, parameters: &Value) -> String {
    json!({
        "eventVersion": "1.09", "eventTime": time, "eventSource": "secretsmanager.amazonaws.com", "eventName": event,
        "userIdentity": {"type": "AssumedRole", "arn": format!("arn:aws:sts::111122223333:assumed-role/{agent}/i-0a")},
        "awsRegion": "eu-west-1", "recipientAccountId": "111122223333", "sourceIPAddress": "10.1.2.3",
        "userAgent": format!("{agent}/1"), "requestParameters": parameters, "responseElements": null,
        "eventID": format!("{agent}-{event}-{time}"), "eventType": "AwsApiCall",
    })
    .to_string()
}

/// What a report of the base fixture says when the store's log holds these calls besides: its verdict, and whether
/// `old-read-in-window` fires for the class.
fn judged(calls: &[String], class: Option<&str>) -> (String, bool) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let base = root().join("fixtures/rules/base");
    let plan = fs::read_to_string(base.join("plan.toml")).expect("a plan");
    let plan = plan
        .replace("[\"doc-key-2024\"]", &format!("[\"doc-key-2024\", \"{OLD}\"]"))
        .replace("[\"doc-key-2026\"]", &format!("[\"doc-key-2026\", \"{NEW}\"]"))
        .replace(
            "{ service_name = \"worker\" }",
            "{ service_name = \"worker\" }, { user_agent = \"worker/1\" }",
        );
    fs::write(folder.path().join("plan.toml"), plan).expect("a plan");
    // Others read the secret twice an hour, so that the trail is known to have recorded.
    let hour = |n: i32| format!("2026-03-{:02}T{:02}", 1 + n / 24, n % 24);
    let other = |time: String| call(&time, "backup", "ListSecrets", &json!({}));
    let beat = (20..45).flat_map(|n| [":10:00Z", ":40:00Z"].map(|end| other(hour(n) + end)));
    let beat: Vec<String> = beat.chain(calls.iter().cloned()).collect();
    fs::write(folder.path().join("trail.jsonl"), beat.join("\n") + "\n").expect("a log");
    let (trail, logs) = (folder.path().join("trail.jsonl"), base.join("logs.jsonl"));
    let as_of = ["--as-of", "2026-03-02T21:00:00Z"];
    let found = report(&folder.path().join("plan.toml"), &[&trail, &logs], &as_of);
    let fired = rules(&found, class).iter().any(|code| code == "old-read-in-window");
    (found["verdict"].as_str().unwrap_or_default().to_owned(), fired)
}

fn reads(time: &str, agent: &str, parameters: &Value) -> String {
    call(time, agent, "GetSecretValue", parameters)
}

#[test]
fn a_stage_is_the_version_before_the_one_that_the_secret_is_tied_to() {
    let by_stage = |stage: &str, secret: &str| {
        reads("2026-03-02T18:10:30Z", "worker", &json!({"secretId": secret, "versionStage": stage}))
    };
    let tie = |event: &str, key: &str, version: &str| {
        call("2026-03-02T09:30:30Z", "admin", event, &json!({"secretId": "prod/db", key: version}))
    };
    let new = tie("GetSecretValue", "versionId", NEW);
    let put = tie("PutSecretValue", "clientRequestToken", NEW);
    let old = tie("PutSecretValue", "clientRequestToken", OLD);
    for (calls, expected) in [
        (vec![by_stage("AWSPREVIOUS", "prod/db"), new.clone()], true),
        (vec![by_stage("AWSPREVIOUS", "prod/db"), put.clone()], true),
        (vec![by_stage("AWSPREVIOUS", "prod/db"), put.clone(), old.clone()], true),
        // The current stage, another secret, and a secret that no record ties to the new version say nothing.
        (vec![by_stage("AWSCURRENT", "prod/db"), put.clone()], false),
        (vec![by_stage("AWSPREVIOUS", "prod/other"), put], false),
        (vec![by_stage("AWSPREVIOUS", "prod/db")], false),
        (vec![by_stage("AWSPREVIOUS", "prod/db"), old], false),
    ] {
        let (verdict, fired) = judged(&calls, Some("worker"));
        assert_eq!((fired, verdict == "ready"), (expected, !expected), "{calls:#?}");
    }
}

#[test]
fn a_read_of_the_old_version_by_its_id_blocks_each_reader() {
    let by_id = |time: &str, agent: &str, version: &str| {
        reads(time, agent, &json!({"secretId": "prod/db", "versionId": version}))
    };
    let refused = by_id("2026-03-02T18:10:30Z", "worker", OLD)
        .replace("\"eventType\"", "\"errorCode\":\"AccessDenied\",\"eventType\"");
    for (call, class, expected) in [
        (by_id("2026-03-02T18:10:30Z", "worker", OLD), Some("worker"), true),
        (by_id("2026-03-02T18:10:30Z", "legacy-etl", OLD), None, true),
        (by_id("2026-03-02T18:10:30Z", "worker", NEW), Some("worker"), false),
        (by_id("2026-03-02T10:10:30Z", "worker", OLD), Some("worker"), false),
        // A single read since the change shows no rhythm; one before it is no read of what was to be left.
        (by_id("2026-03-02T10:10:30Z", "legacy-etl", OLD), None, true),
        (by_id("2026-03-02T08:10:30Z", "legacy-etl", OLD), None, false),
        (refused, Some("worker"), false),
    ] {
        assert_eq!(judged(std::slice::from_ref(&call), class).1, expected, "{call}");
    }
}
