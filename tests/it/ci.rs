/*! Runs the shell steps of the examples in `docs/ci` on the shipped scenario. */

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::{printed, root, run, said, status};

const SCENARIO: &str = "fixtures/scenarios/document-provider";

/// A checkout with a plan and exports, and the program on the path.
struct Checkout {
    folder: tempfile::TempDir,
    bins: tempfile::TempDir,
}

impl Checkout {
    fn new(state: &str) -> Self {
        let checkout = Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
            bins: tempfile::tempdir().expect("a scratch folder"),
        };
        let scenario = root().join(SCENARIO).join(state);
        fs::copy(scenario.join("plan.toml"), checkout.path("holdover.toml")).expect("copied");
        for (from, to) in inputs(&scenario.join("logs")) {
            // The plan's sources name their folders.
            checkout.put(&format!("exports/logs/{to}"), &fs::read(from).expect("an export"));
        }
        // `verify` reads the clock: the scenario's time takes its place.
        let program = env!("CARGO_BIN_EXE_holdover");
        let script = format!(
            "#!/bin/sh\ncase $1 in\nverify) exec {program} \"$@\" --as-of 2026-03-06T12:00:00Z ;;\n\
             *) exec {program} \"$@\" ;;\nesac\n"
        );
        checkout.program("../bin-holdover", &script);
        checkout.program("revoke-old-version", "#!/bin/sh\ntouch revoked\n");
        checkout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    /// Writes a script into the checkout, or into the folder on the `PATH`.
    fn program(&self, name: &str, text: &str) {
        let path = match name.strip_prefix("../bin-") {
            Some(name) => self.bins.path().join(name),
            None => self.path(name),
        };
        fs::write(&path, text).expect("written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(path, mode).expect("it may run");
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = format!("{}:/usr/bin:/bin", self.bins.path().display());
        command.current_dir(self.folder.path()).env_clear().env("PATH", path);
        command.env("GITHUB_STEP_SUMMARY", self.path("summary.md"));
        command
    }

    /// Runs the steps in order until one fails, and returns the status of the last one that ran.
    fn steps(&self, steps: &[String]) -> i32 {
        for step in steps {
            let output =
                self.command("bash").args(["-eo", "pipefail", "-c", step]).output().expect("bash");
            if !output.status.success() {
                return status(&output);
            }
        }
        0
    }

    fn is_revoked(&self) -> bool {
        self.path("revoked").exists()
    }
}

/// Each export with its path in the folder.
fn inputs(folder: &Path) -> Vec<(PathBuf, String)> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    walk.filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let below = entry.path().strip_prefix(folder).expect("below the folder");
            (entry.path().to_owned(), below.to_string_lossy().into_owned())
        })
        .collect()
}

fn example(name: &str) -> String {
    fs::read_to_string(root().join("docs/ci").join(name)).expect("an example")
}

/// The shell of each step: the indented lines under `run: |`.
fn run_blocks(text: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = text.lines().collect();
    let begins = lines.iter().enumerate().filter(|(_, line)| line.trim() == "run: |");
    begins
        .map(|(at, line)| {
            let body = lines[at + 1..].iter();
            let body =
                body.take_while(|next| next.trim().is_empty() || indent(next) > indent(line));
            body.map(|line| line.trim_start().to_owned() + "\n").collect()
        })
        .collect()
}

/// The shell of each step: the items under `script:`.
fn script_items(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = lines.iter().enumerate().filter(|(_, line)| line.trim() == "script:");
    let items = begins.flat_map(|(at, _)| {
        lines[at + 1..].iter().map_while(|line| line.strip_prefix("    - ").map(str::to_owned))
    });
    items.collect()
}

#[test]
fn the_gates_revoke_only_if_the_report_is_ready() {
    let github = run_blocks(&example("github-actions.yml"));
    let gitlab = script_items(&example("gitlab-ci.yml"));
    assert_eq!((github.len(), gitlab.len()), (3, 3), "{github:?} {gitlab:?}");
    for steps in [&github, &gitlab] {
        for (state, expected) in [("ready", 0), ("morning-after", 10), ("split-brain", 10)] {
            let checkout = Checkout::new(state);
            assert_eq!(checkout.steps(steps), expected, "{state}: {steps:?}");
            assert_eq!(checkout.is_revoked(), expected == 0, "{state}: {steps:?}");
        }
    }
    let checkout = Checkout::new("ready");
    checkout.steps(&github);
    let summary = fs::read_to_string(checkout.path("summary.md")).expect("a summary");
    assert!(summary.contains("verdict: ready") && summary.contains("HOLDS"), "{summary}");
}

#[test]
fn the_gates_stop_if_exports_changed_after_the_report() {
    let used = "{\"timestamp\":\"2026-03-06T10:00:00Z\",\"service_name\":\"x\",\
                \"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\"}\n";
    let github = run_blocks(&example("github-actions.yml"));
    let gitlab = script_items(&example("gitlab-ci.yml"));
    for steps in [&github, &gitlab] {
        let checkout = Checkout::new("ready");
        assert_eq!(checkout.steps(&steps[..1]), 0);
        checkout.put("exports/new/a.jsonl", used.as_bytes());
        assert_eq!(checkout.steps(&steps[1..]), 10);
        assert!(!checkout.is_revoked());
        fs::remove_dir_all(checkout.path("exports")).expect("gone");
        assert_ne!(checkout.steps(&steps[1..]), 0, "without exports there is no answer");
        assert!(!checkout.is_revoked());
    }
}

fn daily(checkout: &Checkout) -> Output {
    let script = root().join("docs/ci/daily.sh");
    let mut command = checkout.command("sh");
    command.arg(script).args(["holdover.toml", "exports", "evidence"]).output().expect("sh")
}

#[test]
fn daily_runs_add_up_to_the_report_over_all_days() {
    let checkout = Checkout::new("ready");
    let whole = run_in(&checkout, &["report", "-p", "holdover.toml", "exports", "-f", "md"]);
    let all = inputs(&checkout.path("exports"));
    fs::rename(checkout.path("exports"), checkout.path("later")).expect("renamed");
    let days = [&all[..10], &all[10..25], &all[25..]];
    for (number, day) in days.iter().enumerate() {
        // The exports of earlier days are gone.
        let _first_day = fs::remove_dir_all(checkout.path("exports"));
        for (_, name) in *day {
            let bytes = fs::read(checkout.path("later").join(name)).expect("an export");
            checkout.put(&format!("exports/{name}"), &bytes);
        }
        let output = daily(&checkout);
        let expected: &[i32] = if number + 1 < days.len() { &[10, 11] } else { &[0] };
        assert!(expected.contains(&status(&output)), "day {number}: {}", said(&output));
    }
    let report = fs::read_to_string(checkout.path("evidence.md")).expect("a report");
    assert_eq!(report, printed(&whole));
    assert!(checkout.path("evidence.json").exists());
    fs::write(checkout.path("holdover.toml"), "[credential]\n").expect("written");
    assert_eq!(status(&daily(&checkout)), 3, "with an invalid plan there is no answer");
    let kept = fs::read_to_string(checkout.path("evidence.md")).expect("a report");
    assert_eq!(kept, report, "the previous report is kept");
}

fn run_in(checkout: &Checkout, args: &[&str]) -> Output {
    checkout.command("holdover").args(args).output().expect("the program starts")
}

#[test]
fn the_timer_passes_three_paths_to_the_script() {
    let service = example("holdover-daily.service");
    let started =
        service.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a start");
    assert_eq!(started.split(' ').count(), 4, "{started}");
    assert!(service.contains("SuccessExitStatus=10 11"));
    assert!(example("README.md").contains(started), "cron and systemd run the same");
    let help = printed(&run(&["collect", "--help"]));
    assert!(help.contains("-o, --output <BUNDLE>"), "{help}");
}
