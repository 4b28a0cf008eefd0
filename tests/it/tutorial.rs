/*! Runs the pages that lead through an example: each command ends as they say, and each quote is a line of the output.
 */

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{root, skip};

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

/// The search path with the tested program before all others.
fn search_path() -> OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_holdover")).parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(own).chain(std::env::split_paths(&others));
    std::env::join_paths(all).expect("folders")
}

/// Runs the commands of a page in a copy of the scenarios. The first one only says in which folder of them.
fn runs_as_written(page: &str, wanted: (usize, usize)) {
    let text = fs::read_to_string(root().join(page)).expect("the page");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    copy(&root().join("fixtures/walks"), &scratch.path().join("walks"));
    copy(&root().join(SCENARIOS), &scratch.path().join("scenarios"));
    let mut folder = scratch.path().to_owned();
    let (mut printed, mut commands, mut quotes) = (String::new(), 0, 0);
    for (kind, text) in blocks(&text) {
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
        for line in lines {
            if let Some(below) = line.strip_prefix("cd fixtures/") {
                folder = scratch.path().join(below);
                continue;
            }
            let (typed, ends) = line.split_once(" # ends with ").unwrap_or((line, "0"));
            let mut shell = Command::new("sh");
            shell.args(["-c", typed]).env("PATH", search_path()).current_dir(&folder);
            let done = shell.output().expect("it starts");
            let output = String::from_utf8_lossy(&done.stdout).into_owned();
            let status = done.status.code().map(|code| code.to_string());
            let errors = String::from_utf8_lossy(&done.stderr);
            assert_eq!(status.as_deref(), Some(ends.trim()), "{line}: {output}{errors}");
            printed.push_str(&output);
            commands += 1;
        }
    }
    assert!(commands >= wanted.0 && quotes >= wanted.1, "{commands} commands, {quotes} quotes");
}

#[test]
fn the_tutorial_runs_as_written() {
    runs_as_written("docs/tutorial.md", (11, 14));
}

#[test]
fn the_walks_run_as_written() {
    if Command::new("python3").arg("--version").output().is_err() {
        return skip("python3 is not installed");
    }
    runs_as_written("docs/walks.md", (17, 13));
}
