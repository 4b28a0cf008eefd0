/*! Exports of OpenTelemetry, against what their JSON says to a reader that knows nothing of profiles. */

use serde_json::Value;

use super::{Said, records};
use crate::harness::shared;

/// Exports: file, the keys of the nested lists, the time, the name, and the number of records.
const EXPORTS: &[(&str, [&str; 3], &str, &str, usize)] = &[
    (
        "otlp-proto-examples/examples/logs.json",
        ["resourceLogs", "scopeLogs", "logRecords"],
        "timeUnixNano",
        "eventName",
        1,
    ),
    (
        "otlp-proto-examples/examples/events.json",
        ["resourceLogs", "scopeLogs", "logRecords"],
        "timeUnixNano",
        "eventName",
        1,
    ),
    (
        "otlp-proto-examples/examples/trace.json",
        ["resourceSpans", "scopeSpans", "spans"],
        "startTimeUnixNano",
        "name",
        1,
    ),
    (
        "lnav-logs/logfile_otel_collector.jsonl",
        ["resourceLogs", "scopeLogs", "logRecords"],
        "timeUnixNano",
        "eventName",
        11,
    ),
];

/// The text of an attribute.
fn attribute<'v>(holder: &'v Value, name: &str) -> Option<&'v str> {
    let all = holder["attributes"].as_array()?;
    all.iter().find(|one| one["key"] == name)?["value"]["stringValue"].as_str()
}

fn listed<'v>(holder: &'v Value, name: &str) -> &'v [Value] {
    holder[name].as_array().map_or(&[], Vec::as_slice)
}

/// Each record of an export with its resource.
fn records_of<'v>(
    export: &'v Value,
    [outer, middle, inner]: [&str; 3],
) -> Vec<(&'v Value, &'v Value)> {
    let mut all = Vec::new();
    for group in listed(export, outer) {
        for scope in listed(group, middle) {
            all.extend(listed(scope, inner).iter().map(|record| (&group["resource"], record)));
        }
    }
    all
}

/// Whether our record differs from the export.
fn differs(said: &Said, resource: &Value, record: &Value, (time, name): (&str, &str)) -> bool {
    let text = |key: &str| record[key].as_str().filter(|value| !value.is_empty());
    let nanos = |key: &str| text(key)?.parse::<i64>().ok().filter(|nanos| *nanos > 0);
    let at = nanos(time).or(nanos("observedTimeUnixNano")).map(|nanos| nanos / 1_000);
    let action = text(name).or(attribute(record, "event.name"));
    said.at.map(|when| when.at.0) != at
        || said.text("service_name") != attribute(resource, "service.name")
        || said.text("service_instance_id") != attribute(resource, "service.instance.id")
        || said.text("trace_id") != text("traceId")
        || said.text("action") != action
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn each_record_of_an_export_agrees() {
    let corpora = shared("corpora");
    for (file, lists, time, name, expected) in EXPORTS {
        let path = corpora.join(file);
        let text = std::fs::read_to_string(&path).expect("an export");
        let exports = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let exports: Vec<Value> = exports.map(|one| one.expect("an export in JSON")).collect();
        let all: Vec<_> = exports.iter().flat_map(|export| records_of(export, *lists)).collect();
        let own = records(&path).in_order;
        assert_eq!((own.len(), all.len()), (*expected, *expected), "{file}");
        for (said, (resource, record)) in own.iter().zip(all) {
            assert!(!differs(said, resource, record, (time, name)), "{file}: {said:?}, {record}");
        }
    }
}
