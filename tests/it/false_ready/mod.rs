/*! Worlds that are not ready and could be taken for it. Each is the ready fixture with one change; none may be called
 * ready, and the control beside them must be.
 */

mod metrics;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use zip::CompressionMethod;

use crate::harness::{report, root};
use crate::ingest::archives::{tar, zip};

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

    fn source(mut self, text: &str) -> Self {
        self.plan.push_str(text);
        self
    }

    /// One more input.
    pub(crate) fn input(mut self, path: &str, lines: &[String]) -> Self {
        self.more.push((path.to_owned(), lines.join("\n") + "\n"));
        self
    }

    /// One more input that is not text.
    fn packed(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.packed.push((path.to_owned(), bytes));
        self
    }

    /// One record of a consumer nobody declared, between two ticks.
    fn rogue(self, record: &str) -> Self {
        let tick = |minute: u32| {
            json!({"timestamp": format!("2026-03-02T18:{minute:02}:00Z"), "message": "tick"})
                .to_string()
        };
        self.input("other/a.jsonl", &[tick(1), record.to_owned(), tick(9)])
    }

    /// More fields in each of the worker's records with the new version.
    fn worker(mut self, fields: &Value) -> Self {
        let change = |line: &str| {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            if record["service_name"] == "worker" && record["credential_uid"] == "doc-key-2026" {
                let own = record.as_object_mut().expect("an object");
                own.extend(fields.as_object().expect("an object").clone());
            }
            record.to_string()
        };
        self.logs = self.logs.lines().map(change).collect::<Vec<_>>().join("\n") + "\n";
        self
    }

