/*! Worlds for sentences that no fixture says: many consumers and readers that nobody declared, and a consumer without
 * instances that switches between the versions.
 */

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::root;

/// Parts of the sentences that these worlds say.
pub(super) const MET: [&str; 3] = [
    "that are not in the plan used the old version",
    "who are not in the plan were handed the old version",
    "between {old} and {new} in the window",
];

/// More than have a sentence of their own.
const MANY: u32 = 203;

/// The ready world with these records more.
pub(super) fn worlds(scratch: &Path) -> Vec<(String, PathBuf, PathBuf, Option<String>)> {
    let at = |second: u32| format!("2026-03-02T18:{:02}:{:02}Z", second / 60 % 60, second % 60);
    let many = |whos: Vec<u32>, more: &dyn Fn(u32) -> Value| -> Vec<Value> {
        let record = |(n, who): (u32, u32)| {
            let mut record = more(who);
            record["timestamp"] = json!(at(5 * n));
            record["credential_uid"] = json!("doc-key-2024");
            record
        };
        (0..).zip(whos).map(record).collect()
    };
    // Some come twice.
    let whos = (0..MANY).chain(0..MANY).step_by(2).chain(0..MANY).collect();
    let users =
        many(whos, &|who| json!({"service_name": format!("rogue-{who:03}"), "outcome": "success"}));
    let readers = many(
        (0..MANY).collect(),
        &|who| json!({"principal": format!("backup-{who:03}"), "kind": "refresh"}),
    );
    let turns = ["2024", "2026", "2024", "2024", "2026"].iter().zip(0..).map(|(version, n)| {
        json!({
            "timestamp": format!("2026-03-02T{}:30:00Z", 16 + n), "service_name": "replay", "action": "call",
            "credential_uid": format!("doc-key-{version}"), "outcome": "success",
        })
    });
    let worlds = [("many users", users), ("many readers", readers), ("turns", turns.collect())];
    worlds.into_iter().map(|(name, records)| world(scratch, name, &records)).collect()
}

fn world(
    scratch: &Path,
    name: &str,
    records: &[Value],
) -> (String, PathBuf, PathBuf, Option<String>) {
    let base = root().join("fixtures/rules/base");
    let folder = scratch.join(name.replace(' ', "-"));
    std::fs::create_dir(&folder).expect("a folder");
    let text = std::fs::read_to_string(base.join("logs.jsonl")).expect("the records of the base");
    let own = records.iter().map(Value::to_string);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).chain(own).collect();
    let time = |line: &String| {
        let record: Value = serde_json::from_str(line).expect("a record");
        record["timestamp"].as_str().unwrap_or_default().to_owned()
    };
    lines.sort_by_key(time);
    let logs = folder.join("logs.jsonl");
    std::fs::write(&logs, lines.join("\n") + "\n").expect("written");
    (name.to_owned(), base.join("plan.toml"), logs, Some("2026-03-02T21:00:00Z".to_owned()))
}
