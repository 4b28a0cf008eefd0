/*! Public `CloudTrail` exports, compared with answers that other programs computed. */

use std::collections::BTreeMap;
use std::path::Path;

use holdover::model::columns::{Column, text_slot};
use holdover::model::{Binding, Kind};
use holdover::pipeline::Collected;
use holdover::scan::Row;
use serde_json::Value;

use crate::harness::{collect, shared};

/// A rotation in which every long-lived key is old and every call is an attempt.
const PLAN: &str = r#"
[credential]
name = "every long-lived key"
[[credential.version]]
name = "long-lived"
state = "old"
markers = ["prefix:AKIA", "/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/"]
[[credential.version]]
name = "none yet"
state = "new"
markers = ["no-such-key"]
[rotation]
introduced = 2030-01-01T00:00:00Z
window = "1h"
[[consumer]]
class = "everybody"
match = [{ action = "/./" }]
[[source]]
paths = ["**/*.json"]
profile = "cloudtrail"
uses = [{ action = "/./" }]
"#;

fn read(folder: &Path) -> Collected {
    collect(PLAN, folder, true)
}

struct Rows<'r>(&'r Collected);

impl<'r> Rows<'r> {
    fn attempts(&self) -> impl Iterator<Item = &'r Row> {
        self.0.sealed.rows.iter().filter(|row| row.kind.is_try())
    }

    fn uid(&self, row: &Row) -> &'r str {
        self.0.sealed.text(row.uid).unwrap_or("(none)")
    }

    fn text(&self, row: &Row, column: Column) -> Option<&'r str> {
        self.0.sealed.text(row.texts[text_slot(column).expect("a text column")])
    }
}

fn answers(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(file)).expect("an answer");
    serde_json::from_str(&text).expect("an answer in JSON")
}

/// Events, first and last time, and errors by code, of each access key.
type Keys = BTreeMap<String, (u64, String, String, BTreeMap<String, u64>)>;

fn keys_read(report: &Collected) -> Keys {
    let rows = Rows(report);
    let mut keys = Keys::new();
    for row in rows.attempts() {
        let time = row.when.at.rfc3339();
        let key = keys.entry(rows.uid(row).to_owned());
        let key = key.or_insert_with(|| (0, time.clone(), time.clone(), BTreeMap::new()));
        key.0 += 1;
        key.1 = key.1.clone().min(time.clone());
        key.2 = key.2.clone().max(time);
        if let Some(code) = rows.text(row, Column::ErrorType) {
            *key.3.entry(code.to_owned()).or_insert(0) += 1;
        }
    }
    keys
}

fn keys_expected(answers: &Value) -> Keys {
    let keys = answers["per_access_key_dedup_by_eventID"].as_object();
    let keys =
        keys.or_else(|| answers["per_access_key"].as_object()).expect("answers for each key");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    keys.iter()
        .map(|(key, known)| {
            let errors = known["errors_by_code"].as_object().expect("errors by code");
            let errors = errors.iter().map(|(code, n)| (code.clone(), n.as_u64().unwrap_or(0)));
            let events = known["events"].as_u64().unwrap_or(0);
            let times = (text(&known["first_event_time"]), text(&known["last_event_time"]));
            (key.clone(), (events, times.0, times.1, errors.collect()))
        })
        .collect()
}

/// `(time, key, error, version)` of each read of a secret.
fn reads_expected(answers: &Value) -> Vec<(String, String, String, String)> {
    let secrets = answers["secrets"].as_object().expect("secrets");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let reads =
        secrets.values().flat_map(|secret| secret["reads"].as_array().cloned().unwrap_or_default());
    let mut reads: Vec<_> = reads
        .map(|read| {
            (text(&read["t"]), text(&read["key"]), text(&read["err"]), text(&read["version"]))
        })
        .collect();
    reads.sort();
    reads
}

fn reads_read(report: &Collected) -> Vec<(String, String, String, String)> {
    let rows = Rows(report);
    let of_action = |row: &&Row| rows.text(row, Column::Action) == Some("GetSecretValue");
    let versions: BTreeMap<_, &str> = report
        .sealed
        .rows
        .iter()
        .filter(|row| row.kind == Kind::Refresh)
        .map(|row| (row.place, rows.uid(row)))
        .collect();
    let mut reads: Vec<_> = rows
        .attempts()
        .filter(of_action)
        .map(|row| {
            let version = versions.get(&row.place).copied().unwrap_or("-").to_owned();
            let error = rows.text(row, Column::ErrorType).unwrap_or("-").to_owned();
            (row.when.at.rfc3339(), rows.uid(row).to_owned(), error, version)
        })
        .collect();
    reads.sort();
    reads
}

fn check_sessions(report: &Collected, answers: &Value) {
    let rows = Rows(report);
    let sessions = answers["sessions"].as_array().expect("sessions");
    assert!(!sessions.is_empty());
    let issued: Vec<&str> =
        sessions.iter().filter_map(|session| session["session_key"].as_str()).collect();
    for session in sessions {
        let key = session["session_key"].as_str().expect("a session key");
        let used: Vec<&Row> = rows.attempts().filter(|row| rows.uid(row) == key).collect();
        assert_eq!(used.len() as u64, session["session_events"].as_u64().unwrap_or(0), "{key}");
        let times = |row: Option<&&Row>| row.map(|row| row.when.at.rfc3339());
        assert_eq!(times(used.first()).as_deref(), session["session_first"].as_str(), "{key}");
        assert_eq!(times(used.last()).as_deref(), session["session_last"].as_str(), "{key}");
        let parent = session["parent_key"].as_str().unwrap_or("(none)");
        let is_tied = parent.starts_with("AKIA");
        let is_chained = issued.contains(&parent);
        for row in used.iter().filter(|_| !is_chained) {
            let derived = row.binding == Binding::Derived;
            assert_eq!(derived, is_tied, "{key} was issued to {parent}");
        }
    }
}

fn check(corpus: &str, records: Option<u64>) {
    let folder = shared(&format!("corpora/{corpus}"));
    let logs =
        if corpus.ends_with("invictus") { folder.join("CloudTrail") } else { folder.join("docs") };
    let report = read(&logs);
    let known = answers(&folder, "answers.json");
    let expected = records.or_else(|| known["records"].as_u64()).expect("how many records");
    assert_eq!(report.sealed.accounting.records, expected);
    assert_eq!(report.sealed.accounting.rejected, 0);
    let (read, expected) = (keys_read(&report), keys_expected(&known));
    assert_eq!(read.len(), expected.len());
    for (key, expected) in &expected {
        assert_eq!(read.get(key), Some(expected), "{key}");
    }
    assert_eq!(reads_read(&report), reads_expected(&answers(&folder, "secrets_answer.json")));
    check_sessions(&report, &answers(&folder, "derived_sessions.json"));
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn cloudtrail_invictus_equals_its_answers() {
    check("cloudtrail-invictus", None);
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn cloudtrail_stratus_equals_its_answers() {
    check("cloudtrail-stratus", None);
}
