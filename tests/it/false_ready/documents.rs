/*! Documents that hold several records: what one of them reads as its credential is no unread marker of the others, and
 * what none of them reads is found wherever it is.
 */

use serde_json::{Value, json};

use super::{World, old};

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

/// What the report says of a marker that nobody reads.
fn unread(world: &World) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let report = world.report(folder.path());
    let findings = report["findings"].as_array().expect("a list").iter();
    let findings = findings.filter(|finding| finding["rule"] == "unmapped-marker");
    findings.map(|finding| finding["summary"].as_str().expect("a text").to_owned()).collect()
}

/// 10:05 of the day of the change, when the worker used both versions.
const NANOS: &str = "1772445900000000000";

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

/// The records of one service in an OTLP document. `more`: attributes of the service.
fn otlp_service(name: &str, key: Option<&str>, more: &[Value], attributes: &[Value]) -> Value {
    let mut of_record = vec![attribute("outcome", "success")];
    of_record.extend(key.map(|key| attribute("key_id", key)));
    of_record.extend_from_slice(attributes);
    let mut of_resource = vec![attribute("service.name", name)];
    of_resource.extend_from_slice(more);
    json!({
        "resource": {"attributes": of_resource},
        "scopeLogs": [{"logRecords": [{"timeUnixNano": NANOS, "attributes": of_record}]}],
    })
}

fn otlp(services: &[Value]) -> String {
    json!({ "resourceLogs": services }).to_string()
}

fn cloudwatch(events: &[Value]) -> String {
    json!({
        "messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s",
        "subscriptionFilters": ["f"], "logEvents": events,
    })
    .to_string()
}

/// A document of each kind with these lines of applications, and the pointer to a text in a line.
fn wrapped(lines: &[String]) -> [(&'static str, String); 3] {
    let millis = 1_772_445_900_000_u64;
    let events = |number: usize, line: &String| json!({"id": number.to_string(), "timestamp": millis, "message": line});
    let events: Vec<Value> =
        lines.iter().enumerate().map(|(number, line)| events(number, line)).collect();
    let values: Vec<Value> = lines.iter().map(|line| json!([NANOS, line])).collect();
    [
        ("cloudwatch", cloudwatch(&events)),
        (
            "loki",
            json!({"status": "success", "data": {"resultType": "streams", "result": [
                {"stream": {"app": "x"}, "values": values},
            ]}})
            .to_string(),
        ),
        ("docker", {
            let line = |line: &String| {
                json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2026-03-02T10:05:00Z"})
                    .to_string()
            };
            lines.iter().map(line).collect::<Vec<_>>().join("\n")
        }),
    ]
}

/// A record of an application at the time of the change.
fn line(fields: &Value) -> String {
    let mut record = json!({"timestamp": "2026-03-02T10:05:00Z", "credential_uid": null});
    let object = record.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("an object").clone());
    old(&record)
}

fn worker(key: &str) -> Value {
    json!({"service_name": "worker", "service_instance_id": "worker-0", "host_name": null, "credential_uid": key})
}

#[test]
fn a_record_does_not_answer_for_its_neighbours() {
    let services = [
        otlp_service("worker", Some("doc-key-2024"), &[], &[]),
        otlp_service("mailer", None, &[], &[]),
        otlp_service("worker", Some("doc-key-2026"), &[], &[]),
    ];
    for turn in 0..services.len() {
        let mut services = services.to_vec();
        services.rotate_left(turn);
        let world = World::ready().input("otlp/a.jsonl", &[otlp(&services)]);
        assert_eq!(unread(&world), Vec::<String>::new(), "{turn}");
    }
    let lines = [line(&worker("doc-key-2024")), line(&json!({})), line(&worker("doc-key-2026"))];
    for (name, document) in wrapped(&lines) {
        let world = World::ready().input(&format!("{name}/a.log"), &[document]);
        assert_eq!(unread(&world), Vec::<String>::new(), "{name}");
    }
}

/// The ready world with each of its records in a document of seven, as an application writes them to `CloudWatch`.
fn in_documents() -> World {
    let mut world = World::ready();
    let lines: Vec<&str> = world.logs.lines().collect();
    let event = |line: &&str| {
        let record: Value = serde_json::from_str(line).expect("a record");
        let digits = |from: usize, to: usize| {
            let text = record["timestamp"].as_str().expect("a time");
            text[from..to].parse::<u64>().expect("a number")
        };
        let minutes = ((digits(8, 10) - 1) * 24 + digits(11, 13)) * 60 + digits(14, 16);
        json!({"id": line, "timestamp": 1_772_323_200_000 + minutes * 60_000, "message": line})
    };
    let documents = lines.chunks(7).map(|lines| {
        let events: Vec<Value> = lines.iter().map(event).collect();
        cloudwatch(&events)
    });
    world.logs = documents.collect::<Vec<_>>().join("\n") + "\n";
    world
}

#[test]
fn a_world_in_documents_is_as_ready_as_in_lines() {
    assert_eq!(verdict(&in_documents()), "ready");
    let mut hidden = in_documents();
    hidden.logs = hidden.logs.replacen("tick", "tick doc-key-2024", 1);
    assert_eq!(verdict(&hidden), "ready", "before the change");
    let last = hidden.logs.rfind("tick").expect("a tick");
    hidden.logs.insert_str(last, "doc-key-2024 ");
    assert_eq!(verdict(&hidden), "inconclusive", "since the change");
}

#[test]
fn what_no_record_of_a_document_reads_is_found_once() {
    let worker = |more: &[Value], attributes: &[Value]| {
        otlp_service("worker", Some("doc-key-2026"), more, attributes)
    };
    let used = otlp_service("worker", Some("doc-key-2024"), &[], &[]);
    let note = [attribute("note", "doc-key-2024")];
    let mut beside = json!({"resourceLogs": [worker(&[], &[]), used]});
    beside["note"] = "doc-key-2024".into();
    let found = "a marker of `v1` at ";
    for (document, pointer) in [
        (otlp(&[worker(&[], &note), used.clone()]), "`/attributes/2/value/stringValue`"),
        (
            otlp(&[used.clone(), worker(&note, &[])]),
            "`/resourceLogs/1/resource/attributes/1/value/stringValue`",
        ),
        (
            otlp(&[used.clone(), json!({"resource": {"attributes": note}, "scopeLogs": []})]),
            "`/resourceLogs/1/resource/attributes/0/value/stringValue`",
        ),
        (
            json!({"resourceLogs": [worker(&[], &[])], "note": {"doc-key-2024": 1}}).to_string(),
            "`/note/doc-key-2024`",
        ),
    ] {
        let summaries = unread(&World::ready().input("otlp/a.jsonl", &[document]));
        assert!(
            summaries.iter().any(|said| said.contains(&format!("{found}{pointer}"))),
            "{pointer}: {summaries:?}"
        );
        assert_eq!(summaries.len(), 1, "{pointer}: {summaries:?}");
    }
    // The use that is read accounts for what its own document says of it.
    assert_eq!(
        unread(&World::ready().input("otlp/a.jsonl", &[beside.to_string()])),
        Vec::<String>::new()
    );
}

#[test]
fn what_a_wrapped_record_does_not_read_has_its_pointer_there() {
    let lines = [
        line(&worker("doc-key-2024")),
        line(
            &json!({"service_name": "worker", "credential_uid": "doc-key-2026", "comment": {"on": "after doc-key-2024"}}),
        ),
    ];
    let ignoring = |pointer: &str, folder: &str| {
        format!("\n[[source]]\npaths = [\"{folder}/**\"]\nignore = [\"{pointer}\"]\n")
    };
    for (name, document) in wrapped(&lines) {
        let world =
            || World::ready().input(&format!("{name}/a.log"), std::slice::from_ref(&document));
        let summaries = unread(&world());
        assert!(
            summaries.len() == 1 && summaries[0].contains("at `/comment/on`"),
            "{name}: {summaries:?}"
        );
        assert_eq!(
            unread(&world().source(&ignoring("/comment", name))),
            Vec::<String>::new(),
            "{name}"
        );
        assert_eq!(unread(&world().source(&ignoring("/other", name))).len(), 1, "{name}");
    }
}

#[test]
fn what_an_envelope_says_besides_its_record_is_found() {
    let record = line(&json!({"service_name": "worker", "credential_uid": "doc-key-2026"}));
    let log = json!({
        "log": format!("{record}\n"), "stream": "stdout", "time": "2026-03-02T10:05:00Z", "attrs": {"key": "doc-key-2024"},
    });
    let lines = [
        (log.to_string(), "at `/attrs/key`"),
        (
            format!("<34>1 2026-03-02T10:05:00Z h9 rogue 7 - [k@1 id=\"doc-key-2024\"] {record}"),
            "outside every field",
        ),
    ];
    for (line, place) in lines {
        let summaries = unread(&World::ready().input("logs/a.log", &[line]));
        assert!(summaries.len() == 1 && summaries[0].contains(place), "{place}: {summaries:?}");
    }
}

#[test]
fn a_reject_answers_for_its_own_text() {
    let strange = line(
        &json!({"service_name": "worker", "credential_uid": "doc-key-2026", "outcome": "odd"}),
    );
    let used = line(&worker("doc-key-2024"));
    let holding = |lines: &[String]| {
        let [(_, document), ..] = wrapped(lines);
        let folder = tempfile::tempdir().expect("a scratch folder");
        let report = World::ready().input("cloudwatch/a.log", &[document]).report(folder.path());
        let findings = report["findings"].as_array().expect("a list").iter();
        let mut said = findings.filter_map(|finding| finding["summary"].as_str());
        said.any(|summary| {
            summary.contains("hold a marker of the old")
                || summary.contains("holds a marker of the old")
        })
    };
    assert!(!holding(&[used.clone(), strange.clone()]));
    assert!(!holding(&[strange, used]));
    let mut unknown = worker("doc-key-2024");
    unknown["outcome"] = "odd".into();
    assert!(holding(&[line(&unknown)]));
}

#[test]
fn records_around_which_a_marker_has_no_time_are_rejected() {
    let record = json!({"attributes": [attribute("key_id", "doc-key-2026")]});
    let service = json!({"resource": {"attributes": [attribute("note", "doc-key-2024")]}, "scopeLogs": [{"logRecords": [record]}]});
    let world = World::ready().input("otlp/a.jsonl", &[otlp(&[service])]);
    assert_eq!(verdict(&world), "inconclusive");
}
