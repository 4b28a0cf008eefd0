/*! Jobs that cross the change: what proves that they recovered, and what does not. */

use serde_json::{Value, json};

use super::World;
use crate::harness::rules;

const JOB: &str = "invoice-4711";

/// A record of 2 March, in the same log source as all others.
fn record(clock: &str, service: &str, fields: &Value) -> String {
    let instance = if service == "worker" { "worker-0" } else { "console-0" };
    let mut record = json!({
        "timestamp": format!("2026-03-02T{clock}Z"), "service_name": service, "service_instance_id": instance,
        "action": "call", "credential_uid": "doc-key-2026", "outcome": "success", "job_id": JOB,
    });
    let object = record.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("an object").clone());
    object.retain(|_, value| !value.is_null());
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
    let report = World::ready().input("main/logs-2026-03-02.jsonl", lines).report(folder.path());
    let fired = rules(&report, Some("worker")).iter().any(|fired| fired == rule);
    (report["verdict"].as_str().unwrap_or_default().to_owned(), fired)
}

#[track_caller]
fn check(rule: &str, lines: &[String], verdict: &str) {
    assert_eq!(judged(rule, lines), (verdict.to_owned(), verdict != "ready"), "{lines:#?}");
}

#[test]
fn a_refused_job_recovers_by_its_own_later_success() {
    let rule = "boundary-job-failure";
    let not = "not_ready";
    check(rule, &[refused()], not);
    check(rule, &[refused(), done("11:25:00")], "ready");
    // A success does not count if it came before, at the same instant, or from another job.
    check(rule, &[refused(), done("10:24:59")], not);
    check(rule, &[refused(), done("10:25:00")], not);
    check(
        rule,
        &[refused(), record("11:25:00", "worker", &json!({"job_id": "invoice-4712"}))],
        not,
    );
    // Nor does a record without a result, or with another credential.
    check(rule, &[refused(), record("11:25:00", "worker", &json!({"outcome": null}))], not);
    check(
        rule,
        &[refused(), record("11:25:00", "worker", &json!({"credential_uid": "x-key"}))],
        not,
    );
    // A failure without a refusal does not come from the rotation, but the job is still open.
    let failed = record("11:25:00", "worker", &json!({"outcome": "503"}));
    assert_eq!(judged(rule, &[refused(), failed]), ("inconclusive".to_owned(), false));
}

#[test]
fn a_job_that_began_after_the_change_does_not_count() {
    let new = |at: &str| {
        let queued = json!({"outcome": "401", "enqueued_at": format!("2026-03-02T{at}Z")});
        vec![record("10:25:00", "worker", &queued)]
    };
    check("boundary-job-failure", &new("08:59:59.999999"), "not_ready");
    check("boundary-job-failure", &new("09:00:00"), "ready");
    // A job that was seen before the change, on the old version, without a time of queueing.
    let seen = record("08:55:00", "worker", &json!({"credential_uid": "doc-key-2024"}));
    let tried = record("10:25:00", "worker", &json!({"outcome": "403"}));
    check("boundary-job-failure", &[seen, tried.clone()], "not_ready");
    check("boundary-job-failure", &[tried], "ready");
}

#[test]
fn an_id_of_two_classes_names_one_job_only_if_it_is_made_to_be_unique() {
    for (id, is_one) in [
        ("17", false),
        (JOB, false),
        ("2026-03-02", false),
        ("20260302091500123456", false),
        ("nightly-reconciliation", false),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", true),
        ("job:3f2504e0-4f89-11d3-9a0c-0305e82c3301", true),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", true),
        ("4bf92f3577b34da6", true),
        ("1-67891233-abcdef012345678912345678", true),
    ] {
        let named = |line: String| line.replace(JOB, id);
        let other = record("18:25:00", "replay", &json!({}));
        let expected = if is_one { "ready" } else { "not_ready" };
        check("boundary-job-failure", &[named(refused()), named(other)], expected);
    }
    // Whatever the id: two records with the same time of queueing are of one job.
    let queued = |at: &str| record("18:25:00", "replay", &json!({"enqueued_at": at}));
    check("boundary-job-failure", &[refused(), queued("2026-03-02T08:50:00Z")], "ready");
    check("boundary-job-failure", &[refused(), queued("2026-03-02T08:50:01Z")], "not_ready");
}

#[test]
fn a_queued_job_is_open_until_it_succeeds() {
    let rule = "open-backlog";
    let open = "inconclusive";
    check(rule, &[queued("08:30:00")], open);
    check(rule, &[queued("08:30:00"), done("10:25:00")], "ready");
    check(rule, &[queued("09:00:00")], "ready");
    // That queueing it succeeded says nothing about the job, and work before that was another run.
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
