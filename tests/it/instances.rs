/*! An instance that several exports name differently is one instance, and belongs to the class that started it. */

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{report, root};

const ID: &str = "6b1f0e6b7f5d4e3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0f9e8d7c6b5a";
const UID: &str = "1f0c6d1e-55a1-4c1c-9d0e-0c5b8a2f9d11";
const POD: &str = "queue-7f9c4d8b6d-x2k9p";

/// The list of pods: one pod of the worker.
fn pods() -> String {
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": POD, "namespace": "prod", "uid": UID, "labels": {"app": "worker"},
                     "creationTimestamp": "2026-03-02T08:00:00Z"},
        "spec": {"nodeName": "node-1", "containers": [{"name": "main"}]},
        "status": {"phase": "Running", "startTime": "2026-03-02T08:00:05Z",
                   "containerStatuses": [{"name": "main", "containerID": format!("containerd://{ID}")}]},
    });
    json!({"apiVersion": "v1", "kind": "List", "items": [pod]}).to_string()
}

fn call(at: &str, more: &Value) -> String {
    let mut record = json!({
        "timestamp": at, "action": "call", "credential_uid": "doc-key-2024", "outcome": "success",
    });
    let fields = record.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    record.to_string()
}

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join("in").join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, format!("{text}\n")).expect("written");
}

/// The class of the worker in a report on these exports.
fn worker(files: &[(&str, String)]) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    for (name, text) in files {
        put(folder.path(), name, text);
    }
    let plan = root().join("fixtures/rules/base/plan.toml");
    report(&plan, &[&folder.path().join("in")], &["--as-of", "2026-03-02T21:00:00Z"])["classes"][0]
        .clone()
}

fn exports() -> Vec<(&'static str, String)> {
    let line = |text: String| format!("2026-03-02T16:20:00.5Z stdout F {text}");
    vec![
        ("a/calls.jsonl", call("2026-03-02T16:10:00Z", &json!({"container": {"id": ID}}))),
        ("b/short.jsonl", call("2026-03-02T16:15:00Z", &json!({"container_id": &ID[..12]}))),
        (
            "pods/prod_queue-7f9c4d8b6d-x2k9p_1f0c6d1e-55a1-4c1c-9d0e-0c5b8a2f9d11/main/0.log",
            line(call("2026-03-02T16:20:00Z", &json!({}))),
        ),
        ("z/pods.json", pods()),
    ]
}

#[test]
fn an_instance_is_known_by_all_its_names() {
    let worker = worker(&exports());
    assert_eq!(worker["events"]["old"]["success"], 3, "{worker:#}");
    assert_eq!(worker["instances"], json!({"old": 1, "new": 0, "mixed": 0, "unknown": 0}));
    assert_eq!(worker["last_old_use"]["time"], "2026-03-02T16:20:00Z");
}

#[test]
fn without_the_list_of_pods_its_records_have_no_class() {
    let mut exports = exports();
    exports.pop();
    assert_eq!(worker(&exports)["events"]["old"]["success"], 0);
}

#[test]
fn the_records_of_a_pod_with_two_programs_have_no_class() {
    let mut exports = exports();
    let (_, pods) = exports.last_mut().expect("the list");
    *pods = pods.replace(r#"[{"name":"main"}]"#, r#"[{"name":"main"},{"name":"proxy"}]"#);
    assert!(pods.contains("proxy"));
    assert_eq!(worker(&exports)["events"]["old"]["success"], 0);
}

#[test]
fn a_name_of_two_instances_gives_no_class() {
    let mut exports = exports();
    let other = pods().replace(POD, "queue-7f9c4d8b6d-zz9zz").replace("worker", "replay");
    exports.push(("z/later.json", other));
    assert_eq!(worker(&exports)["events"]["old"]["success"], 1, "the path still names the pod");
}
