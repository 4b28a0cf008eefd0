/*! Each folder under `fixtures/rules`: one world that is ready, and one change to it that makes its rule fire. */

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::Value;

use crate::harness::{report, root, rules};

fn folders() -> Vec<PathBuf> {
    let folder = root().join("fixtures/rules");
    let entries = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    let folders =
        entries.into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_dir());
    folders.map(walkdir::DirEntry::into_path).collect()
}

/// What is wrong with the report of one fixture, if anything.
fn check(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("expected.toml")).expect("expectations");
    let expected: Value = text.parse::<toml::Table>().expect("expectations in TOML").into();
    let word = |key: &str| expected.get(key).and_then(Value::as_str);
    let as_of = expected["as_of"].as_datetime().expect("an instant").to_string();
    let input = folder.join(word("input").expect("an input"));
    let found = report(&folder.join("plan.toml"), &[&input], &["--as-of", &as_of]);
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut wrong = Vec::new();
    let verdict = word("verdict").expect("a verdict in expected.toml");
    if found["verdict"] != verdict {
        wrong.push(format!("{name}: verdict {}", found["verdict"]));
    }
    if expected["fires"].as_bool() == Some(false) {
        return wrong;
    }
    let rule = word("rule").expect("a rule in expected.toml");
    let severity = word("severity").expect("a severity in expected.toml");
    let fired = rules(&found, word("class"));
    if !fired.iter().any(|code| code == rule) {
        wrong.push(format!("{name}: `{rule}` is silent for {:?}; {fired:?} fire", word("class")));
    }
    let findings = found["findings"].as_array().expect("findings");
    let mut of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
    if !of_rule.all(|finding| finding["severity"] == severity) {
        wrong.push(format!("{name}: `{rule}` has another severity than {severity}"));
    }
    wrong
}

#[test]
fn each_rule_fires_on_its_fixture_and_the_base_is_ready() {
    let folders = folders();
    assert!(folders.len() > 27, "a base and a folder for each rule");
    let wrong: Vec<String> = folders.iter().flat_map(|folder| check(folder)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What `docs/rules.md` says that the rule says, on one line.
fn documented(docs: &str, rule: &str) -> String {
    let section = docs.split("\n## ").find(|section| section.starts_with(rule)).unwrap_or_default();
    let said = section.split("\nSays: ").nth(1).unwrap_or_default();
    said.split("\n\n").next().unwrap_or_default().trim_end().replace('\n', " ")
}

#[test]
fn the_docs_quote_what_each_rule_says() {
    let docs = std::fs::read_to_string(root().join("docs/rules.md")).expect("the rules");
    let mut wrong = Vec::new();
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("expected.toml")).expect("expectations");
        let expected: toml::Table = text.parse().expect("expectations in TOML");
        let Some(rule) = expected.get("rule").and_then(Value::as_str) else { continue };
        if !folder.ends_with(rule) {
            continue;
        }
        let as_of = expected["as_of"].as_datetime().expect("an instant").to_string();
        let below = folder.strip_prefix(root()).expect("a folder of the project");
        let input = below.join(expected["input"].as_str().expect("an input"));
        let found = report(&below.join("plan.toml"), &[&input], &["--as-of", &as_of]);
        let findings = found["findings"].as_array().expect("findings");
        let mut of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
        let quoted = documented(&docs, rule);
        if !of_rule.any(|finding| finding["summary"] == quoted.as_str()) {
            wrong.push(format!("{rule}: {quoted}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn in_each_fixture_the_missing_proof_resolves_every_open_finding() {
    for folder in folders() {
        let expected = std::fs::read_to_string(folder.join("expected.toml")).expect("expectations");
        let input = expected.split("input = \"").nth(1).and_then(|rest| rest.split('"').next());
        let log = folder.join(input.expect("an input"));
        let as_of = ["--as-of", "2026-03-02T21:00:00Z"];
        let report = report(&folder.join("plan.toml"), &[&log], &as_of);
        let mut settled: BTreeSet<&str> = BTreeSet::new();
        for action in report["missing_proof"].as_array().expect("a list") {
            assert!(action["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{action}");
            let ids = action["settles"].as_array().into_iter().flatten();
            settled.extend(ids.filter_map(|id| id.as_str()));
        }
        let findings = report["findings"].as_array().expect("a list").iter();
        let open = findings
            .filter(|finding| finding["severity"] != "advises" && finding["waived"].is_null());
        let open: BTreeSet<&str> = open.filter_map(|finding| finding["id"].as_str()).collect();
        assert_eq!(settled, open, "{}", folder.display());
        assert_eq!(report["verdict"] == "ready", open.is_empty(), "{}", folder.display());
        assert_eq!(report["checklist"].as_array().map(Vec::len), Some(10));
    }
}
