/*! A line of another shape in a log whose records span lines must not be lost in the record before it. Each case is the
 * ready world with one more file.
 */

use serde_json::{Value, json};

use crate::false_ready::{MARKER, World};

/// A log whose records may span lines: its profile, the first line of a record, and a line that continues one.
type Host = (&'static str, fn(u32) -> String, &'static str);

const HOSTS: &[Host] = &[
    (
        "postgresql-stderr",
        |minute| {
            format!("2026-03-02 18:{minute:02}:00.000 UTC [95] LOG:  checkpoint starting: time")
        },
        "\tselect total",
    ),
    (
        "postgresql-csv",
        |minute| {
            let time = format!("2026-03-02 18:{minute:02}:00.000 UTC");
            format!(
                "{time},,,95,,65e2f0b0.5f,1,,{time},,0,LOG,00000,\"checkpoint starting: time\",,,,,,,,,\"\",\"checkpointer\",,0"
            )
        },
        "of text",
    ),
    (
        "mysql-error",
        |minute| {
            format!("2026-03-02T18:{minute:02}:00.000000Z 0 [Note] [MY-010431] [Server] ready")
        },
        "stack_bottom = 0 thread_stack 0x40000",
    ),
    (
        "kafka-server",
        |minute| {
            format!(
                "[2026-03-02 18:{minute:02}:00,000] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)"
            )
        },
        "\tat kafka.server.KafkaServer.startup(KafkaServer.scala:200)",
    ),
    (
        "rabbitmq",
        |minute| format!("2026-03-02 18:{minute:02}:00.000000+00:00 [info] <0.1.0> started"),
        "  completed with 3 plugins.",
    ),
    (
        "celery",
        |minute| format!("[2026-03-02 18:{minute:02}:00,000: INFO/MainProcess] mingle: all alone"),
        "  File \"worker.py\", line 12, in call",
    ),
    (
        "syslog-rfc5424",
        |minute| format!("<14>1 2026-03-02T18:{minute:02}:00Z host-1 cron 1 - - started"),
        "of text",
    ),
];

/// A record of a service, as JSON.
fn record(service: &str, uid: &str, outcome: &str) -> Value {
    json!({
        "timestamp": "2026-03-02T18:05:00Z", "service_name": service, "service_instance_id": "worker-1",
        "action": "call", "credential_uid": uid, "outcome": outcome,
    })
}

/// A line that prevents `ready` when it is alone in a file: its description, the old marker as the plan writes it, the
/// line.
type Line = (&'static str, &'static str, fn() -> String);

/// The old version as an expression.
const EXPRESSION: &str = "[\"/^doc-key-20(19|24)$/\"]";

const LINES: &[Line] = &[
    ("a refusal as JSON", MARKER, || record("worker", "doc-key-2026", "auth_failure").to_string()),
    ("a refusal as pairs", MARKER, || {
        "time=2026-03-02T18:05:00Z service=worker action=call credential_uid=doc-key-2026 outcome=auth_failure".to_owned()
    }),
    ("a refusal in an access log", MARKER, || {
        "10.0.0.1 - doc-key-2026 [02/Mar/2026:18:05:00 +0000] \"GET / HTTP/1.1\" 401 12 \"-\" \"worker/1\"".to_owned()
    }),
    ("a refusal in a line of syslog", MARKER, || {
        format!(
            "2026-03-02T18:05:00Z host-1 worker[7]: {}",
            record("worker", "doc-key-2026", "auth_failure")
        )
    }),
    ("an old use as JSON", MARKER, || record("rogue", "doc-key-2024", "success").to_string()),
    ("an old use as JSON, the marker an expression", EXPRESSION, || {
        record("rogue", "doc-key-2024", "success").to_string()
    }),
];

fn world() -> World {
    let narrow = "match       = [{ service_name = \"worker\" }]";
    let wider = "match       = [{ service_name = \"worker\" }, { user_agent = \"/^worker/\" }]";
    World::ready().plan(narrow, wider)
}

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

#[test]
fn each_line_alone_prevents_ready() {
    for (name, marker, line) in LINES {
        let verdict = verdict(&world().plan(MARKER, marker).input("other/a.log", &[line()]));
        assert_ne!(verdict, "ready", "{name}");
    }
}

#[test]
fn the_logs_without_such_a_line_change_nothing() {
    for (host, begin, more) in HOSTS {
        let plain = [begin(1), (*more).to_owned(), begin(9)];
        assert_eq!(verdict(&world().input("other/a.log", &plain)), "ready", "{host}");
    }
}

#[test]
fn a_line_of_another_shape_does_not_join_the_record_before_it() {
    let mut wrong = Vec::new();
    for (host, begin, more) in HOSTS {
        for (name, marker, line) in LINES {
            let lines = [begin(1), (*more).to_owned(), line(), begin(9)];
            let verdict = verdict(&world().plan(MARKER, marker).input("other/a.log", &lines));
            if verdict == "ready" {
                wrong.push(format!("{name} in {host}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
