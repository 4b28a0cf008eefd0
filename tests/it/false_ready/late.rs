/*! Old uses that are dated before the change, in records that also tell that they were written or received after it. */

use holdover::model::Timestamp;
use serde_json::{Value, json};

use super::World;

fn as_millis(at: &str) -> i64 {
    Timestamp::from_rfc3339(at).expect("a time").0 / 1000
}

/// How a record that is dated is written at another time.
type Wrap = fn(&str, &str, Value) -> String;

fn with(record: Value, fields: &Value) -> Value {
    let (mut record, fields) = (record, fields.as_object().expect("an object").clone());
    record.as_object_mut().expect("an object").extend(fields);
    record
}

fn docker(at: &str, payload: &Value) -> String {
    json!({"log": format!("{payload}\n"), "stream": "stdout", "time": at}).to_string()
}

const WRAPS: &[(&str, Wrap)] = &[
    ("received", |at, written, record| {
        with(record, &json!({"timestamp": at, "ingested_at": written})).to_string()
    }),
    ("two times", |at, written, record| {
        with(record, &json!({"event_time": at, "@timestamp": written})).to_string()
    }),
    ("the time of an order, and that of Python", |at, written, record| {
        with(record, &json!({"created_at": at, "asctime": written})).to_string()
    }),
    ("Docker", |at, written, record| docker(written, &with(record, &json!({"timestamp": at})))),
    ("Docker, the time of an order", |at, written, record| {
        docker(written, &with(record, &json!({"created_at": at})))
    }),
    ("CRI", |at, written, record| {
        format!("{written} stdout F {}", with(record, &json!({"time": at})))
    }),
    ("journald", |at, written, record| {
        let micros = format!("{}000", as_millis(written));
        let message = with(record, &json!({"ts": at})).to_string();
        json!({"__CURSOR": &micros, "__REALTIME_TIMESTAMP": &micros, "MESSAGE": message})
            .to_string()
    }),
    ("CloudWatch", |at, written, record| {
        let event = json!({
            "logStreamName": "s", "eventId": as_millis(written).to_string(), "message": record.to_string(),
            "timestamp": as_millis(at), "ingestionTime": as_millis(written),
        });
        json!({"events": [event]}).to_string()
    }),
    ("Splunk", |at, written, record| {
        let indexed = (as_millis(written) / 1000).to_string();
        let result = json!({"_time": at, "_indextime": indexed, "_raw": record.to_string()});
        json!({"preview": false, "result": result}).to_string()
    }),
    ("OTLP", |at, written, record| {
        let text = |key: &str, name: &str| json!({"key": name, "value": {"stringValue": record[key].as_str().unwrap_or("none")}});
        let nanos = |at: &str| format!("{}000000", as_millis(at));
        let attributes = match record.get("credential_uid") {
            Some(_) => {
                json!([text("credential_uid", "credential.uid"), text("outcome", "outcome")])
            }
            None => json!([]),
        };
        let log = json!({
            "timeUnixNano": nanos(at), "observedTimeUnixNano": nanos(written), "body": {"stringValue": "call"},
            "attributes": attributes,
        });
        let resource = json!({"attributes": [
            text("service_name", "service.name"), text("service_instance_id", "service.instance.id"),
        ]});
        json!({"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": [log]}]}]})
            .to_string()
    }),
];

/// A stamp of this many minutes after the evening before the change.
fn stamp(minutes: usize) -> String {
    let (day, minutes) = (1 + minutes / 1440, minutes % 1440);
    format!("2026-03-{day:02}T{:02}:{:02}:00.000Z", minutes / 60, minutes % 60)
}

/// Lines of the worker, each written when it is dated, and this one.
fn lines(wrap: Wrap, (at, written): (&str, &str)) -> Vec<String> {
    let tick = |minutes| {
        let at = stamp(minutes);
        let record = json!({"service_name": "scheduler", "message": "tick"});
        (at.clone(), wrap(&at, &at, record))
    };
    let mut lines: Vec<(String, String)> = (20 * 60..=45 * 60).step_by(15).map(tick).collect();
    let record = json!({
        "service_name": "worker", "service_instance_id": "worker-0", "action": "call",
        "credential_uid": "doc-key-2024", "outcome": "success",
    });
    lines.push((written.to_owned(), wrap(at, written, record)));
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}

fn verdict(lines: &[String]) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("other/a.log", lines).verdict(folder.path())
}

const BEFORE: &str = "2026-03-01T22:07:00Z";
const AFTER: &str = "2026-03-02T18:05:00Z";

#[test]
fn an_old_use_lasts_until_its_record_was_written_and_received() {
    for (name, wrap) in WRAPS {
        assert_eq!(verdict(&lines(*wrap, (BEFORE, AFTER))), "not_ready", "{name}");
        let soon = "2026-03-01T22:07:04.120Z";
        assert_eq!(verdict(&lines(*wrap, (BEFORE, soon))), "ready", "{name}");
    }
}

/// By the clock of New York, which the stamp does not say.
#[test]
fn a_stamp_without_a_zone_is_no_late_arrival_by_that_alone() {
    for (name, wrap) in WRAPS.iter().filter(|(name, _)| ["Docker", "CRI"].contains(name)) {
        let at = |stamp: &str, written: &str| verdict(&lines(*wrap, (stamp, written)));
        assert_eq!(at("2026-03-01 17:07:00", BEFORE), "ready", "{name}");
        assert_eq!(at("2026-03-01 17:07:00", AFTER), "not_ready", "{name}");
    }
}

#[test]
fn what_was_loaded_in_bulk_is_dated_by_its_stamps() {
    for (name, wrap) in WRAPS.iter().filter(|(name, _)| ["received", "CloudWatch"].contains(name)) {
        let loaded = |(number, minutes): (usize, usize)| {
            let (at, written) = (stamp(minutes), stamp(42 * 60 + number));
            let ticks = lines(*wrap, (&at, &written));
            ticks.into_iter().find(|line| line.contains("doc-key-2024")).expect("the old use")
        };
        let bulk = (7 * 60..32 * 60).step_by(40).enumerate().map(loaded);
        let mut all = lines(*wrap, (BEFORE, BEFORE));
        all.extend(bulk);
        assert_eq!(verdict(&all), "ready", "{name}");
    }
}
