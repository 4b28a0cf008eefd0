/*! Runs the tutorial: each command ends as the page says, and its quotes are lines of the output. */

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::root;

/// The tutorial's inputs. They are copied, because its commands write next to them.
const SCENARIOS: &str = "fixtures/scenarios";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

/// The fenced blocks of a page: their kind and their text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n')).collect()
}

#[test]
fn the_tutorial_runs_as_written() {
    let page = fs::read_to_string(root().join("docs/tutorial.md")).expect("the tutorial");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    copy(&root().join(SCENARIOS), scratch.path());
    let folder = scratch.path().join("document-provider");
    let (mut printed, mut commands, mut quotes) = (String::new(), 0, 0);
    for (kind, text) in blocks(&page) {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        if kind == "text" {
            for line in lines {
                let is_there = printed.lines().any(|printed| printed.trim_end() == line.trim_end());
                assert!(is_there, "not printed: {line}\n{printed}");
                quotes += 1;
            }
            continue;
        }
        assert_eq!(kind, "sh");
        for line in lines.filter(|line| line.starts_with("holdover ")) {
            let (typed, ends) = line.split_once(" # ends with ").unwrap_or((line, "0"));
            let args: Vec<&str> = typed.split_whitespace().skip(1).collect();
            let done = Command::new(env!("CARGO_BIN_EXE_holdover"))
                .args(&args)
                .current_dir(&folder)
                .output()
                .expect("it starts");
            let output = String::from_utf8_lossy(&done.stdout).into_owned();
            let status = done.status.code().map(|code| code.to_string());
            let errors = String::from_utf8_lossy(&done.stderr);
            assert_eq!(status.as_deref(), Some(ends.trim()), "{line}: {output}{errors}");
            printed.push_str(&output);
            commands += 1;
        }
    }
    assert!(commands >= 11 && quotes >= 14, "{commands} commands, {quotes} quotes");
}
