/*! Flaws inside of a record, and records inside of a text. The old marker has two bytes, so that no search for long
 * markers stands behind the reading.
 */

use serde_json::{Value, json};

use super::{World, old};

const AT: &str = "2026-03-02T18:05:00Z";

/// The ready world with the old marker `k1`.
fn short() -> World {
    let mut world = World::ready().plan("doc-key-2024", "k1");
    world.logs = world.logs.replace("doc-key-2024", "k1");
    world
}

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

/// A use of the old version by a consumer that nobody declared.
fn used() -> String {
    old(&json!({"credential_uid": "k1"}))
}

/// The same with the key of the credential twice: first old, then new.
fn twice() -> String {
    used().replace(r#""credential_uid":"#, r#""credential_uid":"k1","credential_uid":"#)
}

fn torn() -> String {
    let whole = used();
    whole[..whole.len() - 9].to_owned()
}

/// Envelopes of one line, by the payload that they wrap.
fn envelopes(payload: &str) -> Vec<(&'static str, String)> {
    let nanos = "1772474700000000000";
    vec![
        (
            "docker",
            json!({"log": format!("{payload}\n"), "stream": "stdout", "time": AT}).to_string(),
        ),
        ("cri", format!("{AT} stdout F {payload}")),
        (
            "cloudwatch",
            json!({"events": [{
                "logStreamName": "s", "timestamp": 1_772_474_700_000_u64, "message": payload,
                "ingestionTime": 1_772_474_700_900_u64, "eventId": "3",
            }]})
            .to_string(),
        ),
        (
            "loki",
            json!({"status": "success", "data": {"resultType": "streams", "result": [
                {"stream": {"app": "x"}, "values": [[nanos, payload]]},
            ]}})
            .to_string(),
        ),
        ("rfc 5424", format!("<34>1 {AT} h9 rogue 7 - - {payload}")),
    ]
}

#[test]
fn a_flaw_in_a_payload_is_a_flaw_of_its_record() {
    for (inner, payload) in [("whole", used()), ("twice", twice()), ("torn", torn())] {
        for (name, line) in envelopes(&payload) {
            let world = short().input(&format!("{name}/a.log"), &[line]);
            assert_ne!(verdict(&world), "ready", "{inner} in {name}");
        }
    }
}

#[test]
fn a_payload_of_text_or_without_a_flaw_changes_nothing() {
    let healthy = ["starting up", "{Name:foo Retries:3}", "{", r#"{"message":"tick"}"#];
    for payload in healthy {
        for (name, line) in envelopes(payload) {
            let world = short().input(&format!("{name}/a.log"), &[line]);
            assert_eq!(verdict(&world), "ready", "{payload} in {name}");
        }
    }
}

#[test]
fn a_payload_whose_envelope_is_whole_needs_no_line_end() {
    let inner = format!("time={AT} service_name=rogue credential_uid=k1 outcome=success");
    let (_, line) = envelopes(&inner).remove(0);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let world = short().input("c/a.log", &[]);
    world.write(folder.path());
    std::fs::write(folder.path().join("in/c/a.log"), line).expect("written");
    let as_of = ["--as-of", "2026-03-02T21:00:00Z"];
    let inputs = folder.path().join("in");
    let judged = crate::harness::report(&folder.path().join("plan.toml"), &[&inputs], &as_of);
    assert_eq!(judged["verdict"], "not_ready");
}

/// An export of OTLP with these log records.
fn otlp(records: &[String]) -> String {
    format!(
        r#"{{"resourceLogs":[{{"resource":{{"attributes":[]}},"scopeLogs":[{{"scope":{{}},"logRecords":[{}]}}]}}]}}"#,
        records.join(",")
    )
}

fn otlp_record(marker: &str) -> String {
    let attribute = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    json!({"timeUnixNano": "1772474700000000000", "body": {"stringValue": "call"}, "attributes": [
        attribute("credential_uid", marker), attribute("outcome", "success"),
    ]})
    .to_string()
}

#[test]
fn a_bad_record_of_a_batch_is_counted_beside_a_good_one() {
    let good = otlp_record("doc-key-2026");
    let alone = [good.clone()];
    let bad = otlp_record("k1").replacen(r#"{"attributes""#, r#"{"attributes":[],"attributes""#, 1);
    assert_ne!(bad, otlp_record("k1"), "the key stands twice");
    for records in [vec![good.clone(), bad.clone()], vec![bad.clone(), good.clone()], vec![bad]] {
        let world = short().input("o/a.jsonl", &[otlp(&records)]);
        assert_ne!(verdict(&world), "ready", "{records:?}");
    }
    let odd = otlp(&alone).replace(r#""logRecords":["#, r#""logRecords":{"k1":["#);
    let world = short().input("o/a.jsonl", &[odd.replacen("]}]}]}", "]}}]}]}", 1)]);
    assert_ne!(verdict(&world), "ready", "records in an object where a list belongs");
    assert_eq!(verdict(&short().rogue(&otlp(&[]))), "ready", "an empty batch");
}

/// Lines of a text whose records may span lines, with one line more.
fn within_text(line: &str) -> World {
    let server =
        |minute: u32, text: &str| format!("2026-03-02 18:{minute:02}:00.000 UTC [7] LOG:  {text}");
    let lines =
        [server(1, "checkpoint starting: time"), line.to_owned(), server(9, "checkpoint complete")];
    short().input("pg/server.log", &lines)
}

#[test]
fn a_line_of_another_shape_begins_a_record() {
    let json = used();
    let lines = [
        json.clone(),
        format!("  {json}"),
        format!("\t{json} "),
        format!("<34>1 {AT} h9 rogue 7 - - {json}"),
        format!("{AT} stdout F {json}"),
        "2026-03-02 18:05:00,123 - rogue - INFO - key_id=k1 outcome=success".to_owned(),
        "2026/03/02 18:05:00 rogue: key_id=k1 outcome=success".to_owned(),
        "[2026-03-02 18:05:00] rogue.INFO: key_id=k1 outcome=success".to_owned(),
        "[Mon Mar 02 18:05:00.123 2026] [auth:info] key_id=k1 outcome=success".to_owned(),
        "INFO 2026-03-02 18:05:00,123 rogue key_id=k1 outcome=success".to_owned(),
        "I, [2026-03-02T18:05:00.123456 #7]  INFO -- : key_id=k1 outcome=success".to_owned(),
        "I0302 18:05:00.123456       7 rogue.go:12] key_id=k1 outcome=success".to_owned(),
        "7:M 02 Mar 2026 18:05:00.123 * key_id=k1 outcome=success".to_owned(),
        "Mar  2 18:05:00 h9 rogue[7]: key_id=k1 outcome=success".to_owned(),
        "Mon, 02 Mar 2026 18:05:00 GMT key_id=k1 outcome=success".to_owned(),
        "1772474700.123 rogue key_id=k1 outcome=success".to_owned(),
        format!("  time={AT} service_name=rogue key_id=k1 outcome=success"),
    ];
    for line in lines {
        assert_ne!(verdict(&within_text(&line)), "ready", "{line}");
    }
}

#[test]
fn lines_without_a_time_continue_a_record() {
    let lines = [
        "\tSELECT 1 FROM created WHERE day > '2026-03-01'",
        "  at Object.<anonymous> (server.js:12:5)",
        "DETAIL:  Key (id)=(7) already exists.",
        "    \"quoted\": 1,",
        "Caused by: connection reset on 2026-03-02",
    ];
    for line in lines {
        assert_eq!(verdict(&within_text(line)), "ready", "{line}");
    }
}
