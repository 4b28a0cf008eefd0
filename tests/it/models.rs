/*! The four ways of cutting over, each fitting, violated and open on records of a small rotation. */

use serde_json::{Value, json};

use crate::false_ready::World;
use crate::harness::{report, rules};

/// The ready world under another model, with more records of the worker.
fn judged(model: &str, records: &[Value]) -> Value {
    let lines: Vec<String> = records
        .iter()
        .map(|fields| {
            let mut record = json!({
                "service_name": "worker", "service_instance_id": "worker-1", "action": "call", "outcome": "success",
            });
            let fields = fields.as_object().expect("fields").clone();
            record.as_object_mut().expect("an object").extend(fields);
            record.to_string()
        })
        .collect();
    let mut world = World::ready().plan("\"dual-valid\"", &format!("\"{model}\""));
    if !lines.is_empty() {
        world = world.input("main/more.jsonl", &lines);
    }
    let scratch = tempfile::tempdir().expect("a scratch folder");
    world.write(scratch.path());
    let (plan, logs) = (scratch.path().join("plan.toml"), scratch.path().join("in"));
    report(&plan, &[&logs], &["--as-of", "2026-03-02T21:00:00Z"])
}

fn at(time: &str, fields: &Value) -> Value {
    let mut record = json!({"timestamp": format!("2026-03-02T{time}:00Z")});
    record.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
    record
}

fn old(time: &str) -> Value {
    at(time, &json!({"credential_uid": "doc-key-2024"}))
}

fn refused(time: &str) -> Value {
    at(time, &json!({"credential_uid": "doc-key-2024", "outcome": "auth_failure"}))
}

fn configured(time: &str, key: &str) -> Value {
    at(time, &json!({"credential_uid": key, "kind": "declare", "outcome": null, "action": null}))
}

/// State, sentence, and whether the rule fires.
fn state(report: &Value) -> (String, String, bool) {
    let model = &report["rotation"]["model_state"][0];
    let text = |key: &str| model[key].as_str().expect("a text").to_owned();
    let fires = rules(report, None).contains(&"model-mismatch".to_owned());
    (text("state"), text("why"), fires)
}

#[track_caller]
fn is(report: &Value, expected: &str, because: &str) {
    let (state, why, fires) = state(report);
    assert_eq!((state.as_str(), fires), (expected, expected == "violated"), "{why}");
    assert!(why.contains(because), "{why}");
}

#[test]
fn atomic() {
    is(
        &judged("atomic", &[]),
        "fits",
        "no consumer succeeded on the old version later than 2 h 1 min",
    );
    is(
        &judged("atomic", &[old("12:30")]),
        "violated",
        "on both versions for 2 h 25 min, from 2026-03-02T10:05:00Z",
    );
}

#[test]
fn dual_valid() {
    is(&judged("dual-valid", &[old("12:30")]), "fits", "both versions were in use for 2 h 25 min");
    is(&judged("dual-valid", &[old("16:30")]), "open", "the last of it lies in the window");
    is(
        &judged("dual-valid", &[refused("12:30")]),
        "violated",
        "is refused since 2026-03-02T12:30:00Z",
    );
}

#[test]
fn versioned_alias() {
    let moved = || configured("09:00", "doc-key-2026");
    is(&judged("versioned-alias", &[]), "open", "no record of the configuration");
    is(
        &judged("versioned-alias", &[moved()]),
        "fits",
        "the alias moved at 2026-03-02T09:00:00Z, and every consumer",
    );
    let back = judged("versioned-alias", &[moved(), configured("13:00", "doc-key-2024")]);
    is(&back, "violated", "says old again at 2026-03-02T13:00:00Z");
    let stuck = judged("versioned-alias", &[moved(), old("12:30")]);
    is(
        &stuck,
        "violated",
        "`worker` still used the old version at 2026-03-02T12:30:00Z, 3 h 30 min later",
    );
}

#[test]
fn consumer_by_consumer() {
    let done = judged("consumer-by-consumer", &[]);
    is(&done, "fits", "every consumer has moved");
    let model = &done["rotation"]["model_state"][0];
    let order: Vec<&str> = model["order"]
        .as_array()
        .expect("an order")
        .iter()
        .map(|moved| moved["class"].as_str().expect("a class"))
        .collect();
    assert_eq!((order.as_slice(), &model["next"]), (["worker", "replay"].as_slice(), &Value::Null));
    let both = judged("consumer-by-consumer", &[old("18:30")]);
    is(&both, "violated", "`replay` began to move at 2026-03-02T18:20:00Z, while `worker`");
    let moving = judged("consumer-by-consumer", &[old("20:30")]);
    assert_eq!(moving["rotation"]["model_state"][0]["order"][0]["ended"], "2026-03-02T20:30:00Z");
}
