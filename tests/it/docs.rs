/*! The README's commands run, and its excerpt of a report is what the program prints. */

use std::fs;

use crate::harness::{printed, root, run, said, status};

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect(name)
}

/// The arguments of each line of the README that runs one of `COMMANDS`.
fn commands(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("$ "));
    lines
        .filter_map(|line| {
            let rest =
                line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("holdover "))?;
            let typed = rest.split(" #").next()?.split(" >").next()?;
            let is_run = COMMANDS.iter().any(|command| typed.starts_with(command));
            is_run.then(|| typed.split_whitespace().map(of_fixture).collect())
        })
        .collect()
}

/// The commands that the README must show.
const COMMANDS: [&str; 8] =
    ["report", "replay", "during", "who", "discover", "show", "verify", "collect"];

/// The fixture's plan and exports in place of the reader's.
fn of_fixture(word: &str) -> &str {
    match word {
        "holdover.toml" => "fixtures/scenarios/document-provider/ready/plan.toml",
        "exports/" => "fixtures/scenarios/document-provider/ready/logs",
        word => word,
    }
}

/// The files and folders that the README's commands write.
const WRITTEN: [&str; 3] = ["bundle", "first-plan.toml", "evidence"];

#[test]
fn each_command_of_the_readme_runs() {
    let readme = read("README.md");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let in_scratch = |name: &&str| scratch.path().join(name).to_string_lossy().into_owned();
    let bundles: Vec<String> = WRITTEN.iter().map(in_scratch).collect();
    let written = |arg: &str| WRITTEN.iter().position(|name| *name == arg);
    let commands = commands(&readme);
    for command in COMMANDS {
        assert!(commands.iter().any(|args| args[0] == command), "the README shows `{command}`");
    }
    for args in commands {
        let args: Vec<&str> =
            args.iter().map(|arg| written(arg).map_or(*arg, |at| &bundles[at])).collect();
        let output = run(&args);
        assert!([0, 10, 11].contains(&status(&output)), "{args:?}: {}", said(&output));
    }
}

#[test]
fn the_readme_quotes_the_report_word_for_word() {
    let readme = read("README.md");
    let quoted = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next())
        .expect("an excerpt");
    let scenario = "fixtures/scenarios/document-provider/morning-after";
    let output =
        run(&["report", "-p", &format!("{scenario}/plan.toml"), &format!("{scenario}/logs")]);
    let report = printed(&output);
    for line in quoted.lines().filter(|line| line.trim() != "…") {
        assert!(
            report.lines().any(|printed| printed.trim_end() == line.trim_end()),
            "not in the report: {line}"
        );
    }
}

#[test]
fn the_readme_says_what_ci_runs() {
    let readme = read("README.md");
    assert!(readme.contains("cargo nextest run"));
    assert!(read(".ci/run").contains("cargo nextest run"));
}
