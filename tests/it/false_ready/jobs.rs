/*! Jobs that cross the change: what proves that they recovered, and what does not. */

use serde_json::{Value, json};

use super::World;
use crate::harness::rules;

const JOB: &str = "invoice-4711";

/// A record of the second of March, in the stream of all others.
fn record(clock: &str, service: &str, fields: &Value) -> String {
    let instance = if service == "worker" { "worker-0" } else { "console-0" };
    let mut record = json!({
        "timestamp": format!("2026-03-02T{clock}Z"), "service_name": service, "service_instance_id": instance,
        "action": "call", "credential_uid": "doc-key-2026", "outcome": "success", "job_id": JOB,
    });
    let own = record.as_object_mut().expect("an object");
    own.extend(fields.as_object().expect("an object").clone());
    own.retain(|_, value| !value.is_null());
    record.to_string()
}

fn done(clock: &str) -> String {
    record(clock, "worker", &json!({}))
}

/// Queued before the change, refused after it.
fn refused() -> String {
    record("10:25:00", "worker", &json!({"outcome": "401", "enqueued_at": "2026-03-02T08:50:00Z"}))
}

fn queued(at: &str) -> String {
    record(at, "worker", &json!({"kind": "enqueued", "outcome": null, "credential_uid": null}))
}

/// The verdict, and whether the rule fired for the worker.
fn judged(rule: &str, lines: &[String]) -> (String, bool) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let report = World::ready().input("main/jobs.jsonl", lines).report(folder.path());
    let fired = rules(&report, Some("worker")).iter().any(|one| one == rule);
    (report["verdict"].as_str().unwrap_or_default().to_owned(), fired)
}

#[track_caller]
fn check(rule: &str, lines: &[String], verdict: &str) {
    assert_eq!(judged(rule, lines), (verdict.to_owned(), verdict != "ready"), "{lines:#?}");
}

#[test]
fn a_refused_job_is_healed_by_a_later_success_of_its_own() {
    let rule = "boundary-job-failure";
    let not = "not_ready";
    check(rule, &[refused()], not);
    check(rule, &[refused(), done("11:25:00")], "ready");
    // Not by one that came before, or at the same instant, or of another job.
    check(rule, &[refused(), done("10:24:59")], not);
    check(rule, &[refused(), done("10:25:00")], not);
    check(
        rule,
        &[refused(), record("11:25:00", "worker", &json!({"job_id": "invoice-4712"}))],
        not,
    );
    // Nor by a record without a result, or with another credential.
    check(rule, &[refused(), record("11:25:00", "worker", &json!({"outcome": null}))], not);
    check(
        rule,
        &[refused(), record("11:25:00", "worker", &json!({"credential_uid": "x-key"}))],
        not,
    );
    // A plain failure is not the rotation's; the job is open all the same.
    let failed = record("11:25:00", "worker", &json!({"outcome": "503"}));
    assert_eq!(judged(rule, &[refused(), failed]), ("inconclusive".to_owned(), false));
}

#[test]
fn a_job_that_began_after_the_change_is_another_matter() {
    let new = |at: &str| {
        let queued = json!({"outcome": "401", "enqueued_at": format!("2026-03-02T{at}Z")});
        vec![record("10:25:00", "worker", &queued)]
    };
    check("boundary-job-failure", &new("08:59:59.999999"), "not_ready");
    check("boundary-job-failure", &new("09:00:00"), "ready");
    // Seen before the change without a time of queueing, on the old version then.
    let seen = record("08:55:00", "worker", &json!({"credential_uid": "doc-key-2024"}));
    let tried = record("10:25:00", "worker", &json!({"outcome": "403"}));
    check("boundary-job-failure", &[seen, tried.clone()], "not_ready");
    check("boundary-job-failure", &[tried], "ready");
}

#[test]
fn short_ids_of_two_classes_are_two_jobs() {
    let short = |line: String| line.replace(JOB, "17");
    let other = record("18:25:00", "replay", &json!({}));
    check("boundary-job-failure", &[refused(), other.clone()], "ready");
    check("boundary-job-failure", &[short(refused()), short(other)], "not_ready");
}

#[test]
fn a_queued_job_is_open_until_it_succeeds() {
    let rule = "open-backlog";
    let open = "inconclusive";
    check(rule, &[queued("08:30:00")], open);
    check(rule, &[queued("08:30:00"), done("10:25:00")], "ready");
    check(rule, &[queued("09:00:00")], "ready");
    // That it was queued with success says nothing of the job, and what was done before was another run.
    let accepted = json!({"kind": "enqueued", "credential_uid": null});
    check(rule, &[record("08:30:00", "worker", &accepted)], open);
    let again = json!({"kind": "enqueued", "outcome": null, "credential_uid": null, "enqueued_at": "2026-03-02T08:30:00Z"});
    let old = record("08:20:00", "worker", &json!({"credential_uid": "doc-key-2024"}));
    check(rule, &[old, record("08:30:00", "worker", &again)], open);
    // A failure leaves it open.
    check(
        rule,
        &[queued("08:30:00"), record("10:25:00", "worker", &json!({"outcome": "503"}))],
        open,
    );
}

#[test]
fn the_backlog_reaches_seven_days_back() {
    let at = |stamp: &str| {
        let queued = json!({
            "kind": "enqueued", "outcome": null, "credential_uid": null, "enqueued_at": stamp,
        });
        let line = record("09:10:00", "worker", &queued);
        judged("open-backlog", &[line]).1
    };
    assert!(at("2026-02-23T09:00:00Z"));
    assert!(!at("2026-02-23T08:59:59.999999Z"));
}
