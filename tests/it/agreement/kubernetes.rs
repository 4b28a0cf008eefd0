/*! A cluster's objects, against what their JSON says to a reader that knows nothing of profiles. */

use std::path::Path;

use serde_json::Value;

use super::{Said, Share, millis, records};
use crate::harness::shared;

/// An object as JSON, and our record of it.
type ReadObject = (Value, Said);

/// The corpus.
const BUNDLE: &str = "k8s-support-bundle";

/// The objects of one kind in all namespaces.
fn objects(bundle: &Path, kind: &str) -> Vec<ReadObject> {
    let folder = bundle.join("tests/support-bundle/cluster-resources").join(kind);
    let files = walkdir::WalkDir::new(folder).max_depth(1).sort_by_file_name().into_iter();
    let files = files.filter_map(Result::ok).filter(|file| file.file_type().is_file());
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file.path()).expect("a list");
        let mut list: Value = serde_json::from_str(&text).expect("a list in JSON");
        let items: Vec<Value> = serde_json::from_value(list["items"].take()).unwrap_or_default();
        let own = records(file.path()).in_order;
        let own: Vec<Said> = own.into_iter().filter(|said| said.profile != "json").collect();
        assert_eq!(own.len(), items.len(), "{}", file.path().display());
        all.extend(items.into_iter().zip(own));
    }
    all
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// The kind and name of the owner of a pod. A replica set of a deployment is replaced by the deployment.
fn owner(pod: &Value, replica_sets: &[ReadObject]) -> (String, String) {
    let of = |object: &Value| {
        let part = |key| text(object, &format!("/metadata/ownerReferences/0/{key}"));
        part("kind").zip(part("name")).map(|(kind, name)| (kind.to_owned(), name.to_owned()))
    };
    let Some((kind, name)) = of(pod) else { return <(String, String)>::default() };
    let set = replica_sets.iter().find(|(set, _)| text(set, "/metadata/name") == Some(&name));
    set.filter(|_| kind == "ReplicaSet").and_then(|(set, _)| of(set)).unwrap_or((kind, name))
}

/// Pods whose service has another name than their owner, and why.
const NAMED_OTHERWISE: &[(&str, &str)] = &[
    (
        "contour-certgen-v1.20.1-9xczt",
        "the job's name has a version in it; its label `app` has none",
    ),
    (
        "coredns-64897985d-2wvxr",
        "its label `k8s-app` says kube-dns, as that of its deployment does",
    ),
    ("coredns-64897985d-jv9lv", "the same"),
];

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn pods_have_the_service_of_their_owner() {
    let bundle = shared("corpora").join(BUNDLE);
    let (pods, sets) = (objects(&bundle, "pods"), objects(&bundle, "replicasets"));
    let workloads = [objects(&bundle, "deployments"), objects(&bundle, "jobs")].concat();
    let (mut named, mut joined, mut job) = (Share::default(), Share::default(), Share::default());
    for (pod, said) in &pods {
        let name = text(pod, "/metadata/name").expect("a name");
        let (kind, own) = owner(pod, &sets);
        let service = said.text("service_name");
        let told = || format!("{name}: {service:?}, {kind} {own}");
        if ["Deployment", "DaemonSet", "Job"].contains(&kind.as_str()) {
            let known = NAMED_OTHERWISE.iter().any(|(pod, _)| *pod == name);
            assert_eq!(service != Some(&own), known, "{}", told());
            named.count(service == Some(&own), told);
        }
        if kind == "Job" {
            job.count(said.text("job_id") == Some(&own), told);
        }
        let workload = workloads.iter().find(|(workload, _)| {
            text(workload, "/kind") == Some(&kind) && text(workload, "/metadata/name") == Some(&own)
        });
        if let Some((_, workload)) = workload {
            joined.count(service.is_some() && service == workload.text("service_name"), told);
        }
    }
    assert_eq!((pods.len(), named.claims, joined.claims, job.claims), (58, 45, 24, 1));
    named.judge((BUNDLE, "pods named as what runs them"), Some(NAMED_OTHERWISE.len()));
    joined.judge((BUNDLE, "pods named as their deployment or job"), None);
    job.judge((BUNDLE, "pods of a job"), None);
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn pods_have_their_start_and_node() {
    let bundle = shared("corpora").join(BUNDLE);
    let mut shares: [(&str, &str, Share); 3] = [
        ("service_instance_id", "/metadata/name", Share::default()),
        ("host_name", "/spec/nodeName", Share::default()),
        ("principal", "/spec/serviceAccountName", Share::default()),
    ];
    let mut started = Share::default();
    for (pod, said) in &objects(&bundle, "pods") {
        for (column, pointer, share) in &mut shares {
            let expected = text(pod, pointer).filter(|value| !value.is_empty());
            share.count(said.text(column) == expected, || format!("{expected:?}: {said:?}"));
        }
        let start = text(pod, "/status/startTime").expect("a start");
        let own = said.started.map(|at| at.0 / 1_000);
        started.count(own == Some(millis(start)) && said.is_at(start), || format!("{said:?}"));
    }
    started.judge((BUNDLE, "starts of pods"), None);
    for (column, _, share) in &shares {
        share.judge((BUNDLE, &format!("{column} of pods")), None);
    }
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn workloads_have_their_times() {
    let bundle = shared("corpora").join(BUNDLE);
    let mut share = Share::default();
    for kind in ["deployments", "replicasets", "jobs"] {
        for (object, said) in &objects(&bundle, kind) {
            let conditions = object["status"]["conditions"].as_array();
            let rollout = conditions.into_iter().flatten().find(|one| one["type"] == "Progressing");
            let expected = text(object, "/status/startTime")
                .or_else(|| text(rollout?, "/lastUpdateTime"))
                .or_else(|| text(object, "/metadata/creationTimestamp"))
                .expect("a time");
            share.count(said.is_at(expected), || format!("{kind} {expected}: {said:?}"));
        }
    }
    assert_eq!(share.claims, 26);
    share.judge((BUNDLE, "times of workloads"), None);
}
