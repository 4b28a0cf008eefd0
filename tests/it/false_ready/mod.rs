/*! Worlds that are not ready but look like it. Each is the ready fixture with one change. None may be called ready, and
 * the unchanged fixture must be.
 */

mod addresses;
mod answers;
mod clocks;
mod clouds;
mod continuity;
mod documents;
mod encodings;
mod inner_flaws;
mod jobs;
mod late;
mod metrics;
mod mutated;
mod mutations;
mod pieces;
mod readings;
mod ssh_sessions;
mod streams;
mod summaries;
mod unread_times;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use zip::CompressionMethod;

use crate::harness::{report, root};
use crate::ingest::archives::{tar, zip};
use crate::ingest::columns::parquet;

/// The ready world that a case changes.
pub(crate) struct World {
    plan: String,
    logs: String,
    more: Vec<(String, String)>,
    packed: Vec<(String, Vec<u8>)>,
}

impl World {
    pub(crate) fn ready() -> Self {
        let base = root().join("fixtures/rules/base");
        let read = |name: &str| fs::read_to_string(base.join(name)).expect("the base fixture");
        Self {
            plan: read("plan.toml"),
            logs: read("logs.jsonl"),
            more: Vec::new(),
            packed: Vec::new(),
        }
    }

    pub(crate) fn plan(mut self, from: &str, to: &str) -> Self {
        assert!(self.plan.contains(from), "the base plan holds {from}");
        self.plan = self.plan.replace(from, to);
        self
    }

    pub(crate) fn source(mut self, text: &str) -> Self {
        self.plan.push_str(text);
        self
    }

    /// Adds an input of these lines.
    pub(crate) fn input(mut self, path: &str, lines: &[String]) -> Self {
        self.more.push((path.to_owned(), lines.join("\n") + "\n"));
        self
    }

    /// Adds an input that is not text.
    fn packed(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.packed.push((path.to_owned(), bytes));
        self
    }

    /// Adds a record of a consumer that nobody declared, between two ticks.
    fn rogue(self, record: &str) -> Self {
        let tick = |minute: u32| {
            json!({"timestamp": format!("2026-03-02T18:{minute:02}:00Z"), "message": "tick"})
                .to_string()
        };
        self.input("other/a.jsonl", &[tick(1), record.to_owned(), tick(9)])
    }

    /// Adds fields to each record of the worker with the new version.
    fn worker(mut self, fields: &Value) -> Self {
        let change = |line: &str| {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            if record["service_name"] == "worker" && record["credential_uid"] == "doc-key-2026" {
                let object = record.as_object_mut().expect("an object");
                object.extend(fields.as_object().expect("an object").clone());
            }
            record.to_string()
        };
        self.logs = self.logs.lines().map(change).collect::<Vec<_>>().join("\n") + "\n";
        self
    }

    pub(crate) fn verdict(&self, folder: &Path) -> Value {
        self.report(folder)["verdict"].clone()
    }

    fn report(&self, folder: &Path) -> Value {
        self.write(folder);
        let as_of = ["--as-of", "2026-03-02T21:00:00Z"];
        report(&folder.join("plan.toml"), &[&folder.join("in")], &as_of)
    }

    /// The plan and the exports.
    pub(crate) fn write(&self, folder: &Path) {
        let put = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("written");
        };
        put("plan.toml", &self.plan);
        put("in/main/logs.jsonl", &self.logs);
        for (name, text) in &self.more {
            put(&format!("in/{name}"), text);
        }
        for (name, bytes) in &self.packed {
            fs::write(folder.join("in").join(name), bytes).expect("written");
        }
    }
}

pub(crate) const MARKER: &str = "[\"doc-key-2024\"]";

/// A record with the old version, of a consumer that nobody declared. These fields replace its usual ones.
pub(crate) fn old(fields: &Value) -> String {
    let mut record = json!({
        "timestamp": "2026-03-02T18:05:00Z", "service_name": "rogue", "host_name": "h9", "action": "call",
        "credential_uid": "doc-key-2024", "outcome": "success",
    });
    let object = record.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("an object").clone());
    object.retain(|_, value| !value.is_null());
    record.to_string()
}

/// The same record among ticks, as columns.
fn rogue_in_columns() -> Vec<u8> {
    let tick = |at| [at, "scheduler", "tick", "", ""];
    let rows = [
        tick("2026-03-02T18:01:00Z"),
        ["2026-03-02T18:05:00Z", "rogue", "call", "doc-key-2024", "success"],
        tick("2026-03-02T18:09:00Z"),
    ];
    let names = ["timestamp", "service_name", "action", "credential_uid", "outcome"];
    parquet(&names, &rows.each_ref().map(|row| &row[..]))
}

type Case = (&'static str, fn(World) -> World);

/// Old use that is hard to see.
const HIDDEN: &[Case] = &[
    ("plain", |w| w.rogue(&old(&json!({})))),
    ("in a tar", |w| {
        let record = old(&json!({})) + "\n";
        w.packed("bundle.tar", tar(&[("app/a.jsonl", record.as_bytes())]))
    }),
    ("in a tar in a zip", |w| {
        let record = old(&json!({})) + "\n";
        let inner = tar(&[("app/a.jsonl", record.as_bytes())]);
        w.packed("bundle.zip", zip(&[("inner.tar", &inner)], CompressionMethod::Stored))
    }),
    ("in a Parquet file", |w| w.packed("rogue.parquet", rogue_in_columns())),
    ("in a Parquet file that is cut", |w| {
        let whole = rogue_in_columns();
        w.packed("rogue.parquet", whole[..whole.len() - 9].to_vec())
    }),
    ("in a Parquet file in a zip", |w| {
        let packed = zip(&[("a/rogue.parquet", &rogue_in_columns())], CompressionMethod::Stored);
        w.packed("bundle.zip", packed)
    }),
    ("behind the cut of a tar", |w| {
        let record = old(&json!({})) + "\n";
        let tick = "{\"timestamp\":\"2026-03-02T18:01:00Z\",\"message\":\"tick\"}\n";
        let whole = tar(&[("a/a.jsonl", tick.as_bytes()), ("b/b.jsonl", record.as_bytes())]);
        w.packed("bundle.tar", whole[..1024].to_vec())
    }),
    ("an outcome nobody maps, the marker an expression", |w| {
        w.plan(MARKER, "[\"/^doc-key-20(19|24)$/\"]").rogue(&old(&json!({"outcome": "weird"})))
    }),
    ("no time, the marker an expression", |w| {
        w.plan(MARKER, "[\"/^doc-key-20(19|24)$/\"]").rogue(&old(&json!({"timestamp": null})))
    }),
    ("an escaped marker in a record that is rejected", |w| {
        w.rogue(&old(&json!({"outcome": "weird"})).replace("doc-key", "doc\\u002dkey"))
    }),
    ("an escaped marker under a key that stands twice", |w| {
        w.rogue(
            r#"{"timestamp":"2026-03-02T18:05:00Z","credential_uid":"doc\u002dkey-2024","credential_uid":"x"}"#,
        )
    }),
    ("in a list", |w| w.rogue(&old(&json!({"credential_uid": ["doc-key-2024"]})))),
    ("short and in a list", |w| {
        let mut w = w.plan("doc-key-2024", "v1").plan("doc-key-2026", "v2");
        w.logs = w.logs.replace("doc-key-2024", "v1").replace("doc-key-2026", "v2");
        w.rogue(&old(&json!({"credential_uid": ["v1"]})))
    }),
    ("as another column's value", |w| {
        w.rogue(&old(&json!({"credential_uid": null, "user": "doc-key-2024"})))
    }),
    ("within other text", |w| w.rogue(&old(&json!({"credential_uid": "keys/doc-key-2024"})))),
    ("in another case", |w| w.rogue(&old(&json!({"credential_uid": "DOC-KEY-2024"})))),
    ("unmapped and without a time", |w| {
        w.rogue(&old(&json!({"credential_uid": null, "timestamp": null, "key": "doc-key-2024"})))
    }),
    ("called a job", |w| w.rogue(&old(&json!({"kind": "Job"})))),
    ("called a start", |w| w.rogue(&old(&json!({"kind": "start"})))),
    ("counted as nothing", |w| w.rogue(&old(&json!({"count": 0})))),
    ("a line that holds a list of records", |w| {
        w.plan(MARKER, "[\"/^doc-key-20(19|24)$/\"]")
            .rogue(&old(&json!({"items": [{"time": "2026-03-02T18:05:00Z"}]})))
    }),
    ("two services of one request", |w| {
        let at = |second: &str, service: &str, key: &str| {
            old(&json!({
                "timestamp": format!("2026-03-02T18:05:{second}Z"), "service_name": service,
                "credential_uid": key, "trace_id": "4bf92f3577b34da6",
            }))
        };
        w.rogue(&at("00.1", "legacy", "doc-key-2024"))
            .input("gateway/a.jsonl", &[at("00.6", "gateway", "doc-key-2026")])
    }),
    ("below a folder that the source's pattern does not name", |w| {
        let source =
            "\n[[source]]\npaths = [\"main/*.jsonl\"]\nprofile = \"json\"\nclass = \"worker\"\n";
        w.source(source)
            .input("main/7/x.jsonl", &[old(&json!({"timestamp": "2026-03-02T10:05:00Z"}))])
    }),
];

/// Records that look like a success on the new version and are not.
const HOLLOW: &[Case] = &[
    ("another word for a fallback", |w| w.worker(&json!({"fallback_used": "local-ocr"}))),
    ("degraded in the second field", |w| {
        w.worker(&json!({"degraded": false, "fallback_used": true}))
    }),
    ("a fallback among others", |w| {
        w.plan("{ route = \"local\" }", "{ \"/tags\" = \"local\" }")
            .worker(&json!({"tags": ["a", "local"]}))
    }),
    ("a fallback called none", |w| {
        w.plan("{ route = \"local\" }", "{ route = \"none\" }").worker(&json!({"route": "none"}))
    }),
    ("an environment in a list", |w| {
        w.plan("session_max = \"2h\"", "session_max = \"2h\"\nenvironments = [\"prod\"]")
            .worker(&json!({"environment": ["staging"]}))
    }),
    ("a field named without its slash", |w| {
        w.source("\n[[source]]\npaths = [\"main/**\"]\nfields = { degraded = \"via\" }\n")
            .worker(&json!({"via": "local"}))
    }),
    ("an outcome that contradicts another", |w| w.worker(&json!({"success": false}))),
    ("a status that refuses", |w| w.worker(&json!({"status": "401 Unauthorized"}))),
    ("an error with a success", |w| w.worker(&json!({"error_code": "invalid_auth"}))),
    ("a word nobody maps in a field that is no outcome's", |w| {
        w.worker(&json!({"outcome": null, "result": "rejected-by-idp"}))
    }),
    ("aggregates", |w| {
        let source = "\n[[source]]\npaths = [\"main/**\"]\nfields = { count = \"/count\" }\n";
        w.worker(&json!({"count": 12})).source(source)
    }),
];

/// Records that were not understood.
const TORN: &[Case] = &[
    ("many at the end of a file", |w| {
        let mut lines =
            vec![r#"{"timestamp":"2026-03-01T22:10:00Z","service_name":"worker"}"#.to_owned()];
        lines.extend(vec!["{\"torn".to_owned(); 99]);
        w.input("main/b.jsonl", &lines)
    }),
    ("newest first", |mut w| {
        let mut lines: Vec<&str> = w.logs.lines().rev().collect();
        lines.insert(4, "{\"torn");
        w.logs = lines.join("\n") + "\n";
        w
    }),
    ("in a stream of no class", |w| {
        let tick = |at: &str| format!(r#"{{"timestamp":"2026-03-02T{at}:00Z","message":"tick"}}"#);
        let mut lines = vec![tick("18:01")];
        lines.extend(vec!["{\"torn".to_owned(); 200]);
        lines.push(tick("18:09"));
        w.input("other/a.jsonl", &lines)
    }),
    ("all records of a class in a stream of their own", |w| {
        let line = |hour: u32| {
            old(&json!({
                "timestamp": format!("2026-03-02T{hour:02}:25:00Z"), "service_name": "worker",
                "service_instance_id": "worker-1", "credential_uid": "doc-key-2026", "outcome": "rejected-by-idp",
            }))
        };
        w.input("own/b.jsonl", &(10..21).map(line).collect::<Vec<_>>())
    }),
];

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (name, change) in cases {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let verdict = change(World::ready()).verdict(folder.path());
        if verdict == "ready" || verdict.is_null() {
            wrong.push(format!("{name}: {verdict}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_world_that_the_cases_change_is_ready() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    assert_eq!(World::ready().verdict(folder.path()), "ready");
    let same = World::ready().worker(&json!({"degraded": false, "status": 200, "route": "main"}));
    let folder = tempfile::tempdir().expect("a scratch folder");
    assert_eq!(same.verdict(folder.path()), "ready", "fields that say nothing bad change nothing");
}

#[test]
fn an_archive_says_what_its_members_say() {
    let world = World::ready();
    let stem = "main/logs.jsonl";
    let packed = [
        tar(&[(stem, world.logs.as_bytes())]),
        zip(&[(stem, world.logs.as_bytes())], CompressionMethod::Deflated),
    ];
    for bytes in packed {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let (plan, bundle) = (folder.path().join("plan.toml"), folder.path().join("bundle"));
        fs::write(&plan, &world.plan).expect("written");
        fs::write(&bundle, bytes).expect("written");
        let judged = report(&plan, &[&bundle], &["--as-of", "2026-03-02T21:00:00Z"]);
        assert_eq!(judged["verdict"], "ready");
        let paths: Vec<&str> = judged["inputs"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|input| input["path"].as_str())
            .map(|path| path.rsplit_once("bundle").expect("the bundle").1)
            .collect();
        assert_eq!(paths, ["", "!main/logs.jsonl"]);
    }
}

#[test]
fn old_use_that_is_hard_to_see_is_seen() {
    check(HIDDEN);
}

#[test]
fn a_record_that_only_looks_like_a_success_proves_nothing() {
    check(HOLLOW);
}

#[test]
fn records_that_are_not_understood_are_reported() {
    check(TORN);
}
