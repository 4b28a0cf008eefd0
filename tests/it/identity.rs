/*! The reports of all fixtures, with their wording masked, stay the same: a change of words or of structure
 * changes no evidence, no rule that fires, no verdict and no exit status.
 *
 * `identity.txt` holds a line for each fixture: what can be read (exit status, verdict, rules), and a digest of each
 * masked format. After an intended change of behaviour, `HOLDOVER_BLESS=1` writes it again, and the commit says why.
 * `HOLDOVER_IDENTITY=DIR` keeps the masked texts, so that two versions can be compared line by line;
 * `HOLDOVER_BINARY=PATH` runs another version.
 */

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use holdover::model::hex;
use regex::Regex;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::{holdover, root, status};

const KNOWN: &str = "tests/it/identity.txt";

/// One report that must stay what it is.
pub(crate) struct Fixture {
    /// The folder below `fixtures`, and the name of the plan where there are several.
    pub(crate) name: String,
    pub(crate) plan: String,
    pub(crate) inputs: Vec<String>,
    pub(crate) as_of: Option<String>,
}

fn folders(below: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(root().join(below)).min_depth(1).max_depth(1);
    let entries = walk.sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

fn relative(path: &Path) -> String {
    let below = path.strip_prefix(root()).unwrap_or(path);
    below.to_string_lossy().replace('\\', "/")
}

fn fixture(folder: &Path, inputs: Vec<String>, as_of: Option<String>) -> Fixture {
    let plan = relative(&folder.join("plan.toml"));
    Fixture { name: relative(folder).replace("fixtures/", ""), plan, inputs, as_of }
}

pub(crate) fn of_rules() -> Vec<Fixture> {
    let read = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("expected.toml")).expect("expectations");
        let expected: toml::Table = text.parse().expect("expectations in TOML");
        let input = relative(&folder.join(expected["input"].as_str().expect("an input")));
        let as_of = expected["as_of"].as_datetime().expect("an instant").to_string();
        fixture(&folder, vec![input], Some(as_of))
    };
    folders("fixtures/rules").into_iter().map(read).collect()
}

pub(crate) fn of_formats() -> Vec<Fixture> {
    let read = |folder: PathBuf| {
        let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter();
        let files = files.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
        let described = ["plan.toml", "expected.jsonl", "README.md"];
        let exports = files.map(walkdir::DirEntry::into_path);
        let exports = exports.filter(|path| !described.iter().any(|name| path.ends_with(name)));
        let exports = exports.map(|path| relative(&path)).collect();
        fixture(&folder, exports, None)
    };
    folders("fixtures/formats").into_iter().map(read).collect()
}

pub(crate) fn of_scenarios() -> Vec<Fixture> {
    let provider = folders("fixtures/scenarios/document-provider");
    let mut all: Vec<Fixture> = provider
        .iter()
        .map(|folder| fixture(folder, vec![relative(&folder.join("logs"))], None))
        .collect();
    for (plan, as_of) in [("before", "20:36"), ("before", "21:20"), ("after", "22:50")] {
        let folder = "scenarios/storage-outage";
        all.push(Fixture {
            name: format!("{folder}/{plan}@{as_of}"),
            plan: format!("fixtures/{folder}/{plan}.toml"),
            inputs: vec![format!("fixtures/{folder}/gateway.jsonl")],
            as_of: Some(format!("2026-05-12T{as_of}:00Z")),
        });
    }
    all
}

#[test]
fn reports_of_the_rules_fixtures_are_unchanged() {
    check("rules/", &of_rules());
}

#[test]
fn reports_of_the_formats_fixtures_are_unchanged() {
    check("formats/", &of_formats());
}

#[test]
fn reports_of_the_scenarios_are_unchanged() {
    check("scenarios/", &of_scenarios());
}

fn check(group: &str, fixtures: &[Fixture]) {
    let found: Vec<String> = fixtures.iter().map(line).collect();
    let text = std::fs::read_to_string(root().join(KNOWN)).unwrap_or_default();
    if std::env::var_os("HOLDOVER_BLESS").is_some() {
        let others = text.lines().filter(|line| !line.starts_with(group)).map(str::to_owned);
        let mut lines: Vec<String> = others.chain(found).collect();
        lines.sort();
        std::fs::write(root().join(KNOWN), lines.join("\n") + "\n").expect("the known lines");
        return;
    }
    let known: Vec<&str> = text.lines().filter(|line| line.starts_with(group)).collect();
    assert_eq!(known.len(), found.len(), "fixtures of {group}");
    let mut found = found;
    found.sort();
    let changed: Vec<String> = known
        .iter()
        .zip(&found)
        .filter(|(known, found)| *known != found)
        .map(|(known, found)| format!("- {known}\n+ {found}"))
        .collect();
    assert!(changed.is_empty(), "\n{}\n", changed.join("\n"));
}

/// What is known of one fixture: exit status, verdict, rules, and a digest of each masked format.
fn line(fixture: &Fixture) -> String {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let bundle = scratch.path().join("bundle");
    let folder = bundle.to_string_lossy();
    let mut args = vec!["report", "-p", &fixture.plan, "-o", &folder];
    args.extend(fixture.inputs.iter().map(String::as_str));
    if let Some(as_of) = &fixture.as_of {
        args.extend(["--as-of", as_of]);
    }
    let output = program(&args).output().expect("the program starts");
    let read = |name: &str| {
        std::fs::read(bundle.join(name)).unwrap_or_else(|error| panic!("{args:?}: {name}: {error}"))
    };
    let text = |name: &str| String::from_utf8(read(name)).expect("UTF-8");
    let report = text("report.json");
    assert_eq!(crate::report_edits::rewritten(&report), report, "{args:?}");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let words = Words::of(&report);
    let masked = [
        ("json", Words::json(&report)),
        ("ledger.csv", text("ledger.csv")),
        ("evidence.csv", Words::csv(&text("evidence.csv"))),
        ("md", words.markdown(&text("report.md"))),
        ("html", words.html(&text("report.html"))),
    ];
    let mut line = format!("{} {} {}", fixture.name, status(&output), text_of(&report["verdict"]));
    for finding in report["findings"].as_array().expect("findings") {
        let class = finding["class"].as_str().unwrap_or("-");
        let severity = text_of(&finding["severity"]);
        write!(line, " {}:{severity}@{class}", text_of(&finding["rule"])).expect("a string");
    }
    for (name, text) in masked {
        keep(&fixture.name, name, &text);
        write!(line, " {name}={}", digest(text.as_bytes())).expect("a string");
    }
    for name in ["evidence.parquet", "coverage.parquet", "presence.parquet", "rejects.parquet"] {
        write!(line, " {name}={}", digest(&read(name))).expect("a string");
    }
    line
}

/// The program of this tree, or another version of it.
fn program(args: &[&str]) -> Command {
    let Some(binary) = std::env::var_os("HOLDOVER_BINARY") else { return holdover(args) };
    let mut command = Command::new(binary);
    command.args(args).current_dir(root()).env_clear().stdin(Stdio::null());
    command
}

fn keep(fixture: &str, format: &str, text: &str) {
    if let Some(folder) = std::env::var_os("HOLDOVER_IDENTITY") {
        let path = Path::new(&folder).join(format!("{}.{format}", fixture.replace('/', "_")));
        std::fs::write(path, text).expect("a masked text");
    }
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..6])
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

/// Keys of the JSON whose strings are wording.
const WORDING: &[&str] = &["summary", "remedy", "because", "detail", "says"];

static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?Z?)?|\b[EF]\d+\b").expect("a pattern")
});
static LEFT_OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)<script.*?</script>|<style.*?</style>|<meta[^>]*>|</?(code|strong|em|b|i|br)\b[^>]*>",
    )
    .expect("a pattern")
});
static WORDS_OF_TAGS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(title|aria-label|placeholder|content)="[^"]*""#).expect("a pattern")
});

/// What is wording in one report, and what is a name that must stay where it stands.
struct Words {
    /// Sentences, without the marks that formats put around names.
    sentences: Vec<String>,
    /// Names of classes and rules, words of verdicts and states.
    names: BTreeSet<String>,
}

impl Words {
    fn of(report: &Value) -> Self {
        let mut words = Self { sentences: Vec::new(), names: BTreeSet::new() };
        words.gather("", report);
        words.sentences.sort_by_key(|sentence| std::cmp::Reverse(sentence.len()));
        words.sentences.dedup();
        words
    }

    fn gather(&mut self, key: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                for (inner, value) in map {
                    let is_step = key == "containment" && inner == "action";
                    self.gather(if is_step { "summary" } else { inner }, value);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.gather(key, value)),
            Value::String(text) if WORDING.contains(&key) => self.sentences.push(bare(text)),
            Value::String(text) if ["class", "rule", "item"].contains(&key) => {
                self.names.insert(text.clone());
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The JSON, each string of wording replaced.
    fn json(report: &Value) -> String {
        let mut report = report.clone();
        mask(&mut report, false);
        serde_json::to_string_pretty(&report).expect("JSON")
    }

    /// The last column of the evidence is wording.
    fn csv(text: &str) -> String {
        let rows = text.lines().filter(|line| line.starts_with("\"E") || line.starts_with("\"id"));
        let kept = rows.map(|row| row.splitn(6, "\",\"").take(5).collect::<Vec<&str>>().join(","));
        kept.collect::<Vec<String>>().join("\n")
    }

    fn markdown(&self, text: &str) -> String {
        let facts = text.lines().map(|line| self.facts(line)).filter(|facts| !facts.is_empty());
        facts.collect::<Vec<String>>().join("\n")
    }

    /// Elements and attributes as they are, and the facts of the texts between them.
    fn html(&self, text: &str) -> String {
        let text = LEFT_OUT.replace_all(text, "");
        let text = WORDS_OF_TAGS.replace_all(&text, "$1");
        let mut masked = String::new();
        for piece in text.split('<') {
            let (tag, inner) = piece.split_once('>').unwrap_or(("", piece));
            let facts = self.facts(&inner.replace("&#39;", "'").replace("&#34;", "\""));
            writeln!(masked, "<{tag}>{facts}").expect("a string");
        }
        masked
    }

    /// Times, citations and names of a text, sorted, without those of its sentences of wording.
    fn facts(&self, text: &str) -> String {
        let mut text = bare(text);
        for sentence in &self.sentences {
            if text.contains(sentence.as_str()) {
                text = text.replace(sentence.as_str(), "");
            }
        }
        let mut facts: Vec<&str> = STAMP.find_iter(&text).map(|found| found.as_str()).collect();
        let edge = |c: char| c.is_whitespace() || ",;:()".contains(c);
        facts.extend(text.split(edge).filter(|word| self.names.contains(*word)));
        facts.sort_unstable();
        facts.join(" ")
    }
}

/// A text without the marks that formats put around names.
fn bare(text: &str) -> String {
    text.replace(['`', '\\', '*'], "")
}

fn mask(value: &mut Value, is_containment: bool) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let is_wording =
                    WORDING.contains(&key.as_str()) || (is_containment && key == "action");
                match value {
                    Value::String(text) if is_wording => "…".clone_into(text),
                    value => mask(value, key == "containment"),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| mask(value, is_containment)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
