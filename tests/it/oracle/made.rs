/*! Worlds for sentences that no fixture says, read from the tables in `worlds/`: the base fixture with a change of its
 * plan, and with other records.
 */

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use holdover::model::{Duration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::planned::length;
use crate::harness::root;

/// The file of the records that name no other.
const LOGS: &str = "logs.jsonl";
const AS_OF: &str = "2026-03-02T21:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    world: Vec<World>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct World {
    name: String,
    as_of: Option<String>,
    /// What is replaced in the plan of the base, and by what.
    #[serde(default)]
    plan: Vec<[String; 2]>,
    /// What is added to the plan.
    #[serde(default)]
    more: String,
    /// Consumers that are added to the plan, each matched by its name, and what is special about them.
    #[serde(default)]
    consumers: BTreeMap<String, String>,
    /// How the records of the base change, in order.
    #[serde(default)]
    change: Vec<Change>,
    /// Other records: `at`, `call` and the fields of the record. `each` and `times` make a series, and `{n}` counts.
    #[serde(default)]
    records: Vec<toml::Table>,
    /// Other exports, by their names.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// How many bytes of an export, packed with gzip, are cut off.
    #[serde(default)]
    cut: BTreeMap<String, usize>,
}

/// What becomes of the records of the base with these fields, from a time on and before another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    of: Map<String, Value>,
    from: Option<String>,
    to: Option<String>,
    /// How many at most.
    first: Option<usize>,
    /// Fields that they get. An empty text takes the field away. Without fields, they are dropped.
    set: Option<Map<String, Value>>,
}

/// Plan, exports and instant of each world.
pub(super) fn worlds(scratch: &Path) -> Vec<(String, PathBuf, PathBuf, Option<String>)> {
    let tables = walkdir::WalkDir::new(root().join("tests/it/oracle/worlds")).sort_by_file_name();
    let files = tables.into_iter().filter_map(Result::ok).filter(|one| one.file_type().is_file());
    let texts = files.map(|file| fs::read_to_string(file.path()).expect("a table of worlds"));
    let worlds = texts.flat_map(|text| match toml::from_str::<Table>(&text) {
        Ok(table) => table.world,
        Err(error) => panic!("{error}"),
    });
    worlds.map(|world| world.write(scratch)).collect()
}

impl World {
    fn write(self, scratch: &Path) -> (String, PathBuf, PathBuf, Option<String>) {
        let folder = scratch.join(self.name.replace(' ', "-"));
        fs::create_dir(&folder).expect("a name of its own");
        let (plan, logs) = (folder.join("plan.toml"), folder.join("logs"));
        fs::write(&plan, self.plan()).expect("written");
        let texts = self.exports().into_iter().chain(self.files.clone());
        for (name, text) in texts {
            let path = logs.join(&name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let bytes = match self.cut.get(&name) {
                Some(cut) => torn(&text, *cut),
                None => text.into_bytes(),
            };
            fs::write(path, bytes).expect("written");
        }
        (self.name, plan, logs, Some(self.as_of.unwrap_or_else(|| AS_OF.to_owned())))
    }

    fn plan(&self) -> String {
        let mut plan = base("plan.toml");
        for [from, to] in &self.plan {
            assert!(plan.contains(from.as_str()), "{}: the plan holds {from}", self.name);
            plan = plan.replacen(from, to, 1);
        }
        let consumers = self.consumers.iter().map(|(name, special)| declared(name, special));
        plan + &consumers.collect::<String>() + &self.more
    }

    /// The text of each export of records, which stand in the order of their times.
    fn exports(&self) -> BTreeMap<String, String> {
        let text = base(LOGS);
        let records = text.lines().map(|line| serde_json::from_str(line).expect("a record"));
        let mut kept: Vec<Map<String, Value>> = records.collect();
        for change in &self.change {
            change.make(&mut kept);
        }
        let kept = kept.into_iter().map(|record| {
            let at = record["timestamp"].as_str().expect("a time").to_owned();
            (LOGS.to_owned(), at, Value::Object(record).to_string())
        });
        let mut lines: Vec<(String, String, String)> =
            kept.chain(self.records.iter().flat_map(series)).collect();
        lines.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let mut exports: BTreeMap<String, String> = BTreeMap::new();
        for (file, _, line) in lines {
            *exports.entry(file).or_default() += &(line + "\n");
        }
        exports
    }
}

impl Change {
    fn make(&self, records: &mut Vec<Map<String, Value>>) {
        let [from, to] = [&self.from, &self.to].map(|end| end.as_deref().map(stamp));
        let mut left = self.first.unwrap_or(usize::MAX);
        records.retain_mut(|record| {
            let at = record["timestamp"].as_str().unwrap_or_default();
            let is_in = from.as_deref().is_none_or(|from| at >= from)
                && to.as_deref().is_none_or(|to| at < to);
            let fits = self.of.iter().all(|(key, value)| record.get(key) == Some(value));
            if !is_in || !fits || left == 0 {
                return true;
            }
            left -= 1;
            for (key, value) in self.set.iter().flatten() {
                put(record, key, value.clone());
            }
            self.set.is_some()
        });
    }
}

fn put(record: &mut Map<String, Value>, key: &str, value: Value) {
    if value == "" {
        record.remove(key);
    } else {
        record.insert(key.to_owned(), value);
    }
}

/// File, time and text of each record of a series.
fn series(of: &toml::Table) -> Vec<(String, String, String)> {
    let mut fields = of.clone();
    let mut take = |key: &str| fields.remove(key);
    let text = |value: Option<toml::Value>| value.and_then(|one| one.as_str().map(str::to_owned));
    let at = text(take("at")).expect("a time");
    let file = text(take("file")).unwrap_or_else(|| LOGS.to_owned());
    let each = text(take("each")).and_then(|each| length(&each)).unwrap_or(Duration::HOUR);
    let times = take("times").and_then(|times| times.as_integer()).unwrap_or(1);
    let (call, raw) = (text(take("call")), text(take("text")));
    let first = Timestamp::from_rfc3339(&stamp(&at)).expect("a time");
    let one = |n: i64| {
        let at = (first + each.scaled(n, 1)).rfc3339();
        let counted = |text: &str| text.replace("{n}", &format!("{n:04}"));
        if let Some(raw) = &raw {
            return (file.clone(), at, counted(raw));
        }
        let mut record = Map::from_iter([("timestamp".to_owned(), Value::from(at.clone()))]);
        record.extend(call.iter().flat_map(|call| called(call)));
        let fields = serde_json::to_value(&fields).expect("fields");
        for (key, value) in fields.as_object().into_iter().flatten() {
            let value = value.as_str().map_or(value.clone(), |text| Value::from(counted(text)));
            put(&mut record, key, value);
        }
        (file.clone(), at, counted(&Value::Object(record).to_string()))
    };
    (0..times).map(one).collect()
}

/// `worker worker-0 old auth_failure` says service, instance, version and outcome (a success, if it does not).
fn called(call: &str) -> Vec<(String, Value)> {
    let mut words = call.split(' ');
    let [service, instance, version] = [(); 3].map(|()| words.next().expect("three words"));
    let version = match version {
        "old" => "doc-key-2024",
        "new" => "doc-key-2026",
        other => other,
    };
    let fields = [
        ("service_name", service),
        ("service_instance_id", instance),
        ("action", "call"),
        ("credential_uid", version),
        ("outcome", words.next().unwrap_or("success")),
    ];
    let said = fields.into_iter().filter(|(_, value)| *value != "-");
    said.map(|(key, value)| (key.to_owned(), Value::from(value))).collect()
}

/// `02T16:20` is a time of March 2026.
fn stamp(at: &str) -> String {
    match at.len() {
        8 => format!("2026-03-{at}:00Z"),
        11 => format!("2026-03-{at}Z"),
        _ => at.to_owned(),
    }
}

/// The table of a consumer, which has what most consumers have.
fn declared(name: &str, special: &str) -> String {
    let usual = [
        ("path", "\"primary\"".to_owned()),
        ("owner", "\"documents\"".to_owned()),
        ("refresh", "\"on-start\"".to_owned()),
        ("session_max", "\"2h\"".to_owned()),
        ("match", format!("[{{ service_name = \"{name}\" }}]")),
    ];
    let is_missing = |key: &str| !special.lines().any(|line| line.starts_with(key));
    let usual = usual.iter().filter(|(key, _)| is_missing(key));
    let usual: Vec<String> = usual.map(|(key, value)| format!("{key} = {value}")).collect();
    format!("\n[[consumer]]\nclass = \"{name}\"\n{}\n{special}\n", usual.join("\n"))
}

fn torn(text: &str, cut: usize) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).expect("packed");
    let mut bytes = packed.finish().expect("packed");
    bytes.truncate(bytes.len() - cut);
    bytes
}

fn base(name: &str) -> String {
    fs::read_to_string(root().join("fixtures/rules/base").join(name)).expect("the base fixture")
}
