/*! Counters prove use, and never its absence: worlds in which only a metric shows the old version or the new one. */

use serde_json::{Value, json};

use super::{Case, MARKER, World, check};

/// A scrape for each hour from `from` on, each in its own file, of a series with these values.
fn scrapes(world: World, labels: &str, from: i32, values: &[&str]) -> World {
    let scrape = |world: World, (hour, value): (i32, &&str)| {
        let (day, hour) = (2 + hour.div_euclid(24), hour.rem_euclid(24));
        let path = format!("metrics/web-202603{day:02}T{hour:02}0000Z.prom");
        let lines = [
            "# TYPE calls_total counter".to_owned(),
            format!("calls_total{{{labels}}} {value}"),
            "# TYPE up gauge".to_owned(),
            "up 1".to_owned(),
        ];
        world.input(&path, &lines)
    };
    (from..).zip(values).fold(world, scrape)
}

/// The answer to a range query: the series with these labels, from that hour on.
fn range(labels: &Value, from: u32, values: &[&str]) -> String {
    let hour = |hour: u32| 1_772_409_600 + u64::from(hour) * 3_600;
    let samples: Vec<Value> =
        (from..).zip(values).map(|(at, value)| json!([hour(at), value])).collect();
    let result = json!([{"metric": labels, "values": samples}]);
    json!({"status": "success", "data": {"resultType": "matrix", "result": result}}).to_string()
}

/// A point of a counter, as an application exports it itself.
fn otlp(temporality: u32, (start, at): (u32, u32), value: &str) -> String {
    let nanos = |hour: u32| format!("{}000000000", 1_772_409_600 + u64::from(hour) * 3_600);
    let attributes = json!([{"key": "credential.uid", "value": {"stringValue": "doc-key-2024"}}]);
    let point = json!({
        "attributes": attributes, "startTimeUnixNano": nanos(start), "timeUnixNano": nanos(at), "asInt": value,
    });
    let sum =
        json!({"aggregationTemporality": temporality, "isMonotonic": true, "dataPoints": [point]});
    json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "calls", "sum": sum}]}]}]})
        .to_string()
}

/// Seconds since 1970 at an hour of the day of the change.
fn epoch(hour: u32) -> String {
    (1_772_409_600 + u64::from(hour) * 3_600).to_string()
}

/// Two scrapes of a gauge, at 17:00 and 18:00.
fn gauge(world: World, name: &str, values: [&str; 2]) -> World {
    let scrape = |value: &str| {
        vec![format!("# TYPE {name} gauge"), format!("{name}{{key_id=\"doc-key-2024\"}} {value}")]
    };
    world
        .input("metrics/web-20260302T170000Z.prom", &scrape(values[0]))
        .input("metrics/web-20260302T180000Z.prom", &scrape(values[1]))
}

/// The answer of OpenTelemetry's gauge at 18:00.
fn otlp_gauge(value: &str) -> String {
    let point = otlp(2, (3, 18), value).replace("\"sum\"", "\"gauge\"");
    point.replace("\"calls\"", "\"credential.last_used.timestamp\"")
}

const OLD: &str = "app=\"rogue\",key_id=\"doc-key-2024\",code=\"200\"";

/// Old use that only a counter shows.
const COUNTED: &[Case] = &[
    ("it grows in the window", |w| scrapes(w, OLD, 16, &["3", "3", "4", "4", "4", "4"])),
    ("it starts again in the window", |w| scrapes(w, OLD, 14, &["3", "3", "3", "1", "1", "1"])),
    ("it is there for one scrape", |w| {
        let w = scrapes(w, "app=\"other\"", 14, &["3", "3", "3"]);
        scrapes(w, OLD, 17, &["2"])
    }),
    ("it is new in the window, and nothing came before", |w| {
        let labels = json!({"__name__": "calls_total", "app": "rogue", "key_id": "doc-key-2024", "code": "200"});
        w.input("export.json", &[range(&labels, 18, &["2", "2"])])
    }),
    ("between the last sample of one file and the first of the next", |w| {
        let labels = json!({"__name__": "calls_total", "app": "rogue", "key_id": "doc-key-2024", "code": "200"});
        w.input("one.json", &[range(&labels, 12, &["2", "2", "2"])])
            .input("two.json", &[range(&labels, 19, &["3", "3"])])
    }),
    ("it is called a total and declared a gauge", |w| {
        let scrape = |value: &str| {
            vec!["# TYPE calls_total gauge".to_owned(), format!("calls_total{{{OLD}}} {value}")]
        };
        w.input("metrics/web-20260302T170000Z.prom", &scrape("0"))
            .input("metrics/web-20260302T180000Z.prom", &scrape("1"))
    }),
    ("its file has no time", |w| {
        w.input(
            "metrics/web.prom",
            &["# TYPE calls_total counter".to_owned(), format!("calls_total{{{OLD}}} 3")],
        )
    }),
    ("its value is no number", |w| scrapes(w, OLD, 16, &["3", "NaN"])),
    ("its line is cut", |w| {
        let half = "calls_total{app=\"rogue\",key_id=\"doc-key-2024\"".to_owned();
        w.input(
            "metrics/web-20260302T180000Z.prom",
            &["# TYPE calls_total counter".to_owned(), half],
        )
    }),
    ("it is a rate", |w| {
        w.input("rate.json", &[range(&json!({"key_id": "doc-key-2024"}), 17, &["0.2", "0.2"])])
    }),
    ("in a label that the plan maps", |w| {
        let labels =
            json!({"__name__": "calls_total", "app": "rogue", "keyversion": "doc-key-2024"});
        let fields = "fields = { credential_uid = \"2/metric/keyversion\" }";
        let source = format!(
            "\n[[source]]\npaths = [\"m/*.json\"]\nprofile = \"prometheus-range\"\n{fields}\n"
        );
        w.plan(MARKER, "[\"/^doc-key-20(19|24)$/\"]")
            .source(&source)
            .input("m/a.json", &[range(&labels, 16, &["2", "3"])])
    }),
    ("between the samples of two processes", |w| {
        let lines = [otlp(2, (2, 10), "5"), otlp(2, (3, 12), "6"), otlp(2, (2, 18), "6")];
        w.input("otlp.jsonl", &lines)
    }),
    ("in an exported summary", |w| {
        let point = |at, count: &str| {
            let sum = otlp(2, (14, at), count);
            let sum = sum.replace("\"aggregationTemporality\":2,", "").replace("asInt", "count");
            sum.replace("\"isMonotonic\":true", "\"x\":1").replace("\"sum\"", "\"summary\"")
        };
        w.input("otlp.jsonl", &[point(17, "1"), point(18, "5")])
    }),
    ("in a sum that does not say what it is", |w| {
        let point =
            |at, value: &str| otlp(2, (14, at), value).replace("\"aggregationTemporality\":2,", "");
        w.input("otlp.jsonl", &[point(17, "1"), point(18, "5")])
    }),
    ("in buckets that do not grow, of a series without a count", |w| {
        let scrape = |at: u32| {
            let lines = [
                "# TYPE call_seconds histogram".to_owned(),
                format!("call_seconds_bucket{{{OLD},le=\"0.1\"}} 3"),
            ];
            (format!("metrics/web-20260302T{at:02}0000Z.prom"), lines)
        };
        let (first, second) = (scrape(17), scrape(18));
        w.input(&first.0, &first.1).input(&second.0, &second.1)
    }),
    ("in the answer to a query, where only the start of its series moves", |w| {
        let labels = |name: &str| json!({"__name__": name, "app": "rogue", "key_id": "doc-key-2024", "code": "200"});
        let hour = |hour: u64| (1_772_409_600 + hour * 3_600).to_string();
        w.input("total.json", &[range(&labels("calls_total"), 14, &["2", "2", "2", "2", "2"])])
            .input(
                "created.json",
                &[range(
                    &labels("calls_created"),
                    14,
                    &[&hour(1), &hour(1), &hour(1), &hour(17), &hour(17)],
                )],
            )
    }),
    ("in the answer to a query for buckets without a count", |w| {
        let labels = json!({"__name__": "calls_bucket", "le": "0.1", "app": "rogue", "key_id": "doc-key-2024"});
        w.input("b.json", &[range(&labels, 16, &["2", "2", "2"])])
    }),
    ("in an exported delta", |w| w.input("otlp.jsonl", &[otlp(1, (17, 18), "1")])),
    ("in an exported sum since a start", |w| w.input("otlp.jsonl", &[otlp(2, (14, 18), "1")])),
    ("a last use that moves in the window", |w| {
        gauge(w, "token_last_used_seconds", [&epoch(3), &epoch(16)])
    }),
    ("a last use in the window, seen for the first time", |w| {
        gauge(w, "key_last_auth_timestamp", [&epoch(16), &epoch(16)])
    }),
    ("a last use in milliseconds, in scientific notation", |w| {
        gauge(w, "key_last_used_at_ms", ["1.7724672e+12", "1.7724672e+12"])
    }),
    ("a last use that is no number", |w| gauge(w, "key_last_used", [&epoch(3), "NaN"])),
    ("a last use that is neither time nor age", |w| gauge(w, "key_last_used", ["12", "12"])),
    ("seconds since the last use", |w| gauge(w, "key_seconds_since_last_use", ["900", "4500"])),
    ("a last use whose scrape has no time", |w| {
        let line = format!("key_last_used{{key_id=\"doc-key-2024\"}} {}", epoch(16));
        w.input("metrics/web.prom", &["# TYPE key_last_used gauge".to_owned(), line])
    }),
    ("a last use in the answer to a query", |w| {
        let labels = json!({"__name__": "key_last_used_timestamp", "key_id": "doc-key-2024"});
        w.input("used.json", &[range(&labels, 17, &[&epoch(3), &epoch(17)])])
    }),
    ("a last use as OpenTelemetry exports it", |w| w.input("o.jsonl", &[otlp_gauge(&epoch(16))])),
    ("open sessions", |w| gauge(w, "open_sessions", ["1", "1"])),
    ("open connections, fewer than before", |w| gauge(w, "db_connections_open", ["12", "2"])),
    ("refused", |w| {
        scrapes(w, "app=\"rogue\",key_id=\"doc-key-2024\",code=\"401\"", 16, &["0", "1", "1"])
    }),
];

#[test]
fn old_use_that_only_a_counter_shows_is_seen() {
    check(COUNTED);
}

/// Refusals of the new version that only a counter shows.
#[test]
fn the_parts_of_an_old_series_without_a_count_are_reported() {
    let scrape = |hour: u32| {
        let line = format!("call_seconds_bucket{{{OLD},le=\"0.1\"}} 3");
        (
            format!("metrics/web-20260302T{hour:02}0000Z.prom"),
            ["# TYPE call_seconds histogram".to_owned(), line],
        )
    };
    let (first, second) = (scrape(17), scrape(18));
    let world = World::ready().input(&first.0, &first.1).input(&second.0, &second.1);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let report = world.report(folder.path());
    let findings = report["findings"].as_array().expect("findings");
    let says = |finding: &Value| finding["summary"].as_str().unwrap_or_default().to_owned();
    let of_parts = |finding: &&Value| finding["rule"] == "unmapped-marker";
    let found: Vec<String> = findings.iter().filter(of_parts).map(says).collect();
    assert_eq!(found.len(), 1, "{findings:#?}");
    assert!(found[0].starts_with("2 records of prometheus:"), "{}", found[0]);
    assert!(found[0].contains("in parts of a series whose count is not exported"), "{}", found[0]);
}

const REFUSED: &[&str] = &[
    "# TYPE auth_failure_total counter\nauth_failure_total{LABELS}",
    "# TYPE auth_rejected_total counter\nauth_rejected_total{LABELS}",
    "# TYPE auth_unauthorised_total counter\nauth_unauthorised_total{LABELS}",
    "# TYPE auth_total counter\nauth_total{LABELS,code=\"401\"}",
    "# TYPE auth_total counter\nauth_total{LABELS,grpc_code=\"Unauthenticated\"}",
];

#[test]
fn refusals_that_only_a_counter_shows_are_seen() {
    for shape in REFUSED {
        let labels = "app=\"worker\",pod=\"worker-0\",key_id=\"doc-key-2026\"";
        let scrape = |value: &str| vec![format!("{} {value}", shape.replace("LABELS", labels))];
        let world = World::ready()
            .input("metrics/web-20260302T200000Z.prom", &scrape("0"))
            .input("metrics/web-20260302T204500Z.prom", &scrape("7"));
        let folder = tempfile::tempdir().expect("a scratch folder");
        let judged = world.report(folder.path());
        assert_eq!(judged["classes"][0]["events"]["new"]["auth_failure"], 7, "{shape}");
        assert_ne!(judged["verdict"], "ready", "{shape}");
    }
}

/// Counters of the old version that show no use in the window.
const STILL: &[Case] = &[
    ("it never counted anything", |w| scrapes(w, OLD, 10, &["0", "0", "0", "0", "0"])),
    ("one of another credential", |w| {
        scrapes(w, "app=\"rogue\",key_id=\"mail-key-7\"", 16, &["3", "4", "5"])
    }),
    ("a last use that stands still before the change", |w| {
        gauge(w, "token_last_used_seconds", [&epoch(3), &epoch(3)])
    }),
    ("a last use that never was", |w| gauge(w, "key_last_used_timestamp", ["0", "-62135596800"])),
    ("seconds since a last use before the change", |w| {
        gauge(w, "key_seconds_since_last_use", ["36000", "39600"])
    }),
    ("a last use before the change, as OpenTelemetry exports it", |w| {
        w.input("o.jsonl", &[otlp_gauge(&epoch(3))])
    }),
    ("no open session", |w| gauge(w, "open_sessions", ["0", "0"])),
    ("the last rotation", |w| gauge(w, "key_last_rotated_timestamp", [&epoch(3), &epoch(16)])),
    ("a state that names it", |w| {
        let line = "# TYPE key_age_seconds gauge\nkey_age_seconds{key_id=\"doc-key-2024\"} 900";
        w.input("metrics/web-20260302T180000Z.prom", &[line.to_owned()])
    }),
];

#[test]
fn a_counter_that_does_not_grow_changes_nothing() {
    for (name, change) in STILL {
        let folder = tempfile::tempdir().expect("a scratch folder");
        assert_eq!(change(World::ready()).verdict(folder.path()), "ready", "{name}");
    }
}

/// A world in which only counters show the successes of the worker with the new version.
fn worker_by_counters() -> World {
    let mut world = World::ready();
    let is_logged = |line: &&str| !(line.contains("\"worker\"") && line.contains("doc-key-2026"));
    world.logs = world.logs.lines().filter(is_logged).collect::<Vec<_>>().join("\n") + "\n";
    let labels = "app=\"worker\",pod=\"worker-1\",key_id=\"doc-key-2026\",code=\"200\"";
    let before = ["0"; 13];
    let since = ["0", "3", "5", "8", "9", "12", "13", "15", "20", "22", "25", "26", "30"];
    scrapes(world, labels, -4, &[before, since].concat())
}

#[test]
fn counters_alone_never_prove_a_class_ready() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let judged = worker_by_counters().report(folder.path());
    assert_eq!(judged["verdict"], "inconclusive");
    let findings = judged["findings"].as_array().expect("a list");
    let silent =
        findings.iter().find(|finding| finding["rule"] == "silent-consumer").expect("silent");
    let summary = silent["summary"].as_str().expect("a text");
    assert!(summary.contains("is known from a count or an interval alone"), "{summary}");
    let new = &judged["classes"][0]["events"]["new"]["success"];
    assert_eq!(*new, 30, "what the counter grew by is counted");
    let folder = tempfile::tempdir().expect("a scratch folder");
    let trusting = worker_by_counters().source("\n[limits]\naggregates_prove = true\n");
    assert_eq!(trusting.verdict(folder.path()), "ready", "a plan may trust them");
}

#[test]
fn samples_that_two_exports_share_count_once() {
    let labels = json!({"__name__": "calls_total", "app": "rogue", "key_id": "doc-key-2024"});
    let shared = range(&labels, 10, &["0", "2", "5"]);
    let two = range(&labels, 12, &["5", "6"]);
    let folder = tempfile::tempdir().expect("a scratch folder");
    let judged = World::ready()
        .input("one.json", &[shared])
        .input("two.json", std::slice::from_ref(&two))
        .input("three.json", &[two])
        .report(folder.path());
    let uses =
        judged["undeclared"].as_array().expect("a list").iter().map(|group| &group["events"]);
    assert_eq!(uses.collect::<Vec<_>>(), [6]);
    assert_eq!(judged["accounting"]["duplicate"], 1, "an input that was read already");
}

#[test]
fn scrapes_that_repeat_a_last_use_are_one_use_at_its_instant() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let judged =
        gauge(World::ready(), "key_last_used", [&epoch(16), &epoch(16)]).report(folder.path());
    let groups = judged["undeclared"].as_array().expect("a list");
    assert_eq!(groups.len(), 1, "{groups:#?}");
    assert_eq!(groups[0]["events"], 1);
    assert_eq!(groups[0]["first"], "2026-03-02T16:00:00Z");
}
