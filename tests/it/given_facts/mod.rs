/*! `report --facts`: facts that another engine computed with the queries give the report of the program's own facts,
 * and what is wrong with them is said aloud.
 */

mod damaged;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use holdover::model::hex;
use holdover::query;
use holdover::table::bundle::{Bundle, FileEntry};
use holdover::table::{Engine, write_new};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{printed, root, run, said, skip, status};

/// A plan, exports, and the instant of the report.
type World = (&'static str, &'static str, &'static str);

const FIXTURE: World =
    ("fixtures/queries/plan.toml", "fixtures/queries/logs", "2026-03-02T16:00:00Z");
const MORNING_AFTER: World = (
    "fixtures/scenarios/document-provider/morning-after/plan.toml",
    "fixtures/scenarios/document-provider/morning-after/logs",
    "2026-03-03T08:00:00Z",
);
const READY: World =
    ("fixtures/rules/base/plan.toml", "fixtures/rules/base/logs.jsonl", "2026-03-02T21:00:00Z");

/// A bundle, and a folder of facts next to it.
struct Facts {
    scratch: tempfile::TempDir,
    world: World,
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// What a manifest says of a file.
fn file_entry(folder: &Path, name: &str) -> Value {
    let bytes = fs::read(folder.join(name)).expect("a file");
    json!(FileEntry { name: name.to_owned(), bytes: bytes.len() as u64, sha256: sha256(&bytes) })
}

impl Facts {
    /// The bundle of a report as of an instant, without facts.
    fn without(world: World) -> Self {
        let facts = Self { scratch: tempfile::tempdir().expect("a scratch folder"), world };
        let (plan, logs, as_of) = world;
        let bundle = facts.text("bundle");
        let args = ["report", "-p", plan, logs, "-o", &bundle, "--as-of", as_of, "--exit-zero"];
        let done = run(&args);
        assert_eq!(status(&done), 0, "{}", said(&done));
        facts
    }

    /// The same, with facts from the queries as the program itself runs them.
    fn of(world: World) -> Self {
        let facts = Self::without(world);
        let (bundle, folder) = (facts.path("bundle"), facts.path("facts"));
        fs::create_dir(&folder).expect("a folder");
        let mut queries = serde_json::Map::new();
        let opened = Bundle::open(&bundle).expect("a bundle");
        let mut engine = Engine::default();
        engine.register_file("evidence", &bundle.join("evidence.parquet")).expect("evidence");
        engine.register("params", &query::params(opened.manifest.params)).expect("instants");
        for (name, text) in query::needed() {
            let file = format!("{name}.parquet");
            let table = query::answer(&mut engine, name).expect(name);
            write_new(&table, &folder.join(&file)).expect("a new file").expect("a table");
            let files = [file_entry(&folder, &file)];
            let answer =
                json!({"sql": sha256(text.as_bytes()), "rows": table.height(), "files": files});
            queries.insert(name.to_owned(), answer);
        }
        facts.write_manifest(&json!({
            "schema": "holdover.facts/1",
            "bundle": opened.sha256,
            "params": opened.manifest.params,
            "queries": queries,
        }));
        facts
    }

    fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn manifest(&self) -> Value {
        let text = fs::read(self.path("facts/facts.json")).expect("a manifest");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn write_manifest(&self, manifest: &Value) {
        fs::write(self.path("facts/facts.json"), manifest.to_string()).expect("written");
    }

    fn report(&self, more: &[&str]) -> Output {
        let (plan, _, as_of) = self.world;
        let bundle = self.text("bundle");
        run(&[&["report", "-p", plan, &bundle, "--as-of", as_of], more].concat())
    }

    #[track_caller]
    fn give_the_same(&self, formats: &[&str]) {
        for format in formats {
            let own = self.report(&["-vv", "-f", format]);
            assert!([0, 10, 11].contains(&status(&own)), "{}", said(&own));
            let given = self.report(&["-vv", "-f", format, "--facts", &self.text("facts")]);
            assert_eq!(status(&given), status(&own), "{:?}: {}", self.world, said(&given));
            assert!(given.stdout == own.stdout, "{:?}: another report as {format}", self.world);
        }
    }
}

#[test]
fn facts_of_the_queries_give_the_same_report() {
    Facts::of(MORNING_AFTER).give_the_same(&["json", "text", "html"]);
    Facts::of(FIXTURE).give_the_same(&["json"]);
}

/// Worlds whose facts are of many kinds: sessions, jobs, durations, members, reads, times without a zone, a revocation.
#[test]
fn facts_of_the_queries_give_the_same_report_on_rules() {
    let mut worlds = 0;
    for rule in [
        "ack-without-work",
        "boundary-job-failure",
        "old-read-in-window",
        "old-use-after-revocation",
        "open-backlog",
        "open-session",
        "quality-drop",
        "undeclared-consumer",
        "undeclared-new",
        "unmoved-holder",
        "zone-assumed",
    ] {
        let folder = format!("fixtures/rules/{rule}");
        let text = fs::read_to_string(root().join(&folder).join("expected.toml"));
        let expected: toml::Table = text.expect("expectations").parse().expect("TOML");
        let word = |key: &str| -> &'static str {
            let value = match &expected[key] {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            value.leak()
        };
        let (plan, input): (&str, &str) =
            (format!("{folder}/plan.toml").leak(), format!("{folder}/{}", word("input")).leak());
        Facts::of((plan, input, word("as_of"))).give_the_same(&["json"]);
        worlds += 1;
    }
    assert_eq!(worlds, 11);
}

#[test]
fn facts_of_duckdb_give_the_same_report() {
    let python = |args: &[&str]| Command::new("python3").args(args).output();
    if !python(&["-c", "import duckdb"]).is_ok_and(|output| output.status.success()) {
        skip("Python does not have `duckdb`");
        return;
    }
    let script = root().join("integrations/facts.py").to_string_lossy().into_owned();
    let queries = root().join("queries").to_string_lossy().into_owned();
    for world in [FIXTURE, MORNING_AFTER, READY] {
        let facts = Facts::without(world);
        let given = [facts.text("bundle"), queries.clone(), facts.text("facts")];
        let done = python(&[&script, &given[0], &given[1], &given[2]]).expect("python starts");
        assert_eq!(status(&done), 0, "{}{}", printed(&done), said(&done));
        facts.give_the_same(&["json", "text"]);
    }
    // Evidence next to another `bundle.json` gives no facts.
    let (facts, other) = (Facts::without(FIXTURE), Facts::without(READY));
    let evidence = "bundle/evidence.parquet";
    fs::copy(other.path(evidence), facts.path(evidence)).expect("copied");
    let (bundle, folder) = (facts.text("bundle"), facts.text("facts"));
    let refused = python(&[&script, &bundle, &queries, &folder]).expect("python starts");
    assert_ne!(status(&refused), 0);
    assert!(said(&refused).contains("is not that of its bundle.json"), "{}", said(&refused));
    assert!(!Path::new(&folder).join("facts.json").exists());
}

#[test]
fn facts_are_of_one_bundle_and_exclude_strict() {
    let facts = Facts::of(FIXTURE);
    let (plan, logs, _) = FIXTURE;
    let (bundle, folder) = (facts.text("bundle"), facts.text("facts"));
    for paths in [&[logs][..], &[&bundle, logs], &[&bundle, &bundle], &[&bundle, "--strict"]] {
        let args = [&["report", "-p", plan, "--facts", &folder], paths].concat();
        let refused = run(&args);
        assert_eq!(status(&refused), 2, "{paths:?}: {}", said(&refused));
        assert_eq!(printed(&refused), "");
    }
}
