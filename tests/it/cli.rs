/*! The command line: exit statuses, messages, bundles, pipes. */

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::harness::{holdover, printed, root, run, said, status};

const SCENARIO: &str = "fixtures/scenarios/document-provider";

struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a scratch folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path.to_string_lossy().into_owned()
    }
}

fn scenario(state: &str) -> (String, String) {
    (format!("{SCENARIO}/{state}/plan.toml"), format!("{SCENARIO}/{state}/logs"))
}

#[test]
fn the_verdict_is_the_exit_status() {
    for (state, expected) in [("morning-after", 10), ("ready", 0), ("split-brain", 10)] {
        let (plan, logs) = scenario(state);
        assert_eq!(status(&run(&["report", "-p", &plan, &logs])), expected, "{state}");
        assert_eq!(status(&run(&["report", "-p", &plan, &logs, "--exit-zero"])), 0, "{state}");
    }
}

#[test]
fn a_report_without_digests_says_that_it_cannot_be_verified() {
    let (plan, logs) = scenario("ready");
    let said = "this report cannot be verified later";
    let output = run(&["report", "-p", &plan, &logs, "--digest", "none"]);
    assert!(printed(&output).contains(said), "{}", printed(&output));
    assert_eq!(status(&output), 0, "it changes no verdict");
    assert!(!printed(&run(&["report", "-p", &plan, &logs])).contains(said));
}

#[test]
fn a_window_before_the_logs_is_inconclusive() {
    let (plan, logs) = scenario("ready");
    let output = run(&["report", "-p", &plan, &logs, "--as-of", "2026-04-30T00:00:00Z"]);
    assert_eq!(status(&output), 11, "{}", printed(&output));
}

#[test]
fn wrong_usage_is_2() {
    let (plan, logs) = scenario("ready");
    for args in [
        vec!["report"],
        vec!["report", "-p", &plan],
        vec!["report", "-p", &plan, &logs, "-f", "yaml"],
        vec!["report", "-p", &plan, &logs, "--as-of", "yesterday"],
        vec!["report", "-p", &plan, &logs, "--as-of", "2026-03-06T09:00:00"],
        vec!["explain", "split-brian"],
        vec!["frobnicate"],
    ] {
        let output = run(&args);
        assert_eq!(status(&output), 2, "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    assert!(
        said(&run(&["explain", "split-brian"])).contains("split-brain"),
        "the nearest rule is named"
    );
}

#[test]
fn an_invalid_plan_is_3_and_every_mistake_has_its_place() {
    let world = World::new();
    let plan =
        world.write("plan.toml", "[credential]\nnmae = \"x\"\n[rotation]\nwindow = \"soon\"\n");
    let (_, logs) = scenario("ready");
    for args in [vec!["report", "-p", &plan, &logs], vec!["plan", "check", &plan]] {
        let output = run(&args);
        assert_eq!(status(&output), 3, "{args:?}");
        let said = said(&output);
        assert!(said.contains("plan.toml:2:1: error[plan::unknown-key]"), "{said}");
        assert!(said.contains("plan.toml:4:10: error[plan::bad-duration]"), "{said}");
    }
}

#[test]
fn a_plan_that_cannot_be_read_is_3_as_a_bad_one_is() {
    let (_, logs) = scenario("ready");
    let output = run(&["report", "-p", "no/such/plan.toml", &logs]);
    assert_eq!(status(&output), 3);
    assert!(said(&output).contains("cannot read `no/such/plan.toml`"), "{}", said(&output));
}

#[test]
fn nothing_readable_is_4() {
    let world = World::new();
    fs::create_dir(world.path("empty")).expect("a folder");
    let (plan, _) = scenario("ready");
    let empty = world.path("empty").to_string_lossy().into_owned();
    for path in ["no/such/file.jsonl", "no/such/*.jsonl", &empty] {
        let output = run(&["report", "-p", &plan, path]);
        assert_eq!(status(&output), 4, "{path}: {}", said(&output));
        assert!(said(&output).contains("nothing readable"), "{}", said(&output));
    }
}

#[test]
fn a_missing_path_makes_the_report_inconclusive() {
    let (plan, logs) = scenario("ready");
    let output = run(&["report", "-p", &plan, &logs, "no/such/file.jsonl"]);
    assert_eq!(status(&output), 11, "{}", printed(&output));
    assert!(printed(&output).contains("no/such/file.jsonl"));
}

#[test]
fn standard_input_is_an_input() {
    let (plan, _) = scenario("ready");
    let mut child = holdover(&["report", "-p", &plan, "-f", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let line = br#"{"timestamp":"2026-03-01T00:00:00Z","service_name":"queue-worker","credential_uid":"doc-key-2024","outcome":"success"}"#;
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), line).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(status(&output), 10, "{}", printed(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(report["accounting"]["evidence"], 1);
    assert_eq!(report["inputs"][0]["path"], "-");
}

#[test]
fn a_closed_pipe_prints_no_error_and_never_ends_with_0() {
    let (plan, logs) = scenario("ready");
    let mut child = holdover(&["report", "-p", &plan, &logs, "-f", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_ne!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(said, "");
}

#[test]
fn a_bundle_is_complete_or_refused() {
    let world = World::new();
    let (plan, logs) = scenario("morning-after");
    let folder = world.path("bundle");
    let bundle = folder.to_string_lossy().into_owned();
    let first = run(&["report", "-p", &plan, &logs, "-o", &bundle, "-f", "json"]);
    assert_eq!(status(&first), 10, "{}", said(&first));
    let mut names: Vec<String> = list(&folder);
    names.sort();
    let expected = [
        ".lock",
        "bundle.json",
        "coverage.parquet",
        "evidence.csv",
        "evidence.parquet",
        "inputs.parquet",
        "ledger.csv",
        "links.parquet",
        "parts.parquet",
        "plan.toml",
        "presence.parquet",
        "rejects.parquet",
        "report.html",
        "report.json",
        "report.md",
        "report.txt",
    ];
    assert_eq!(names, expected);
    assert_eq!(fs::read(folder.join("report.json")).expect("a report"), first.stdout);
    assert_eq!(
        fs::read(folder.join("plan.toml")).expect("a plan"),
        fs::read(root().join(&plan)).expect("a plan")
    );
    let sum = run(&[
        "query",
        &bundle,
        "--sql",
        "SELECT COUNT(*) AS n FROM evidence WHERE credential_state = 'old'",
    ]);
    assert_eq!(status(&sum), 0, "{}", said(&sum));
    assert!(printed(&sum).starts_with("n\n"));
    assert_eq!(status(&run(&["query", &bundle, "old_use"])), 0);
    assert_eq!(status(&run(&["query", &bundle, "--sql", "SELECT nonsense FROM evidence"])), 3);
    assert_eq!(status(&run(&["query", &bundle, "no_such_query"])), 2);
    assert!(printed(&run(&["query", &bundle])).contains("undeclared"));
    fs::write(folder.join("report.txt"), "ready").expect("a change");
    let changed = run(&["query", &bundle, "old_use"]);
    assert_eq!(status(&changed), 1);
    assert!(said(&changed).contains("is not the file that was written"), "{}", said(&changed));
    fs::remove_file(folder.join("bundle.json")).expect("removed");
    assert!(said(&run(&["query", &bundle, "old_use"])).contains("is not a bundle"));
}

fn list(folder: &Path) -> Vec<String> {
    let entries = walkdir::WalkDir::new(folder).min_depth(1).into_iter().filter_map(Result::ok);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn each_rule_is_explained() {
    let all = printed(&run(&["explain"]));
    assert!(all.lines().count() >= 27, "{all}");
    for line in all.lines() {
        let rule = line.split_whitespace().last().expect("a rule");
        let output = run(&["explain", rule]);
        assert_eq!(status(&output), 0, "{rule}: {}", said(&output));
        assert!(printed(&output).starts_with(rule), "{rule}");
        assert!(printed(&output).lines().count() > 5, "{rule}");
    }
}

#[test]
fn a_first_plan_is_drafted_from_exports_alone() {
    let scratch = World::new();
    for state in ["morning-after", "ready"] {
        let (_, logs) = scenario(state);
        let plan = scratch.path(&format!("{state}.toml")).to_string_lossy().into_owned();
        let output = run(&["discover", &logs, "--write-plan", &plan]);
        assert_eq!(status(&output), 0, "{}", said(&output));
        let shown = printed(&output);
        assert!(shown.contains("`doc-key-2026` seems to follow `doc-key-2024`"), "{shown}");
        let output = run(&["plan", "check", &plan]);
        assert_eq!(status(&output), 0, "{}", said(&output));
        let text = fs::read_to_string(&plan).expect("the draft");
        for expected in
            ["markers = [\"doc-key-2024\"]", "match = [{ service_name = \"retry-worker\" }]"]
        {
            assert!(text.contains(expected), "{text}");
        }
        // The draft is a valid plan, and its unconfirmed guesses do not give `ready`.
        let output = run(&["report", "-p", &plan, &logs]);
        assert!([10, 11].contains(&status(&output)), "{state}: {}", printed(&output));
        let output = run(&["discover", &logs, "--write-plan", &plan]);
        assert_eq!(status(&output), 1, "an existing plan is kept: {}", said(&output));
        assert_eq!(fs::read_to_string(&plan).expect("the draft"), text);
    }
}

#[test]
fn a_draft_escapes_names_from_logs() {
    let scratch = World::new();
    let secret = ["ghp_0123456789", "abcdefghijABCDEFGHIJ012345"].concat();
    let record = |name: &str, key: &str| {
        format!(
            "{}\n",
            serde_json::json!({
                "timestamp": "2026-03-02T18:05:00Z", "service_name": name, "user_agent": format!("{name}/1"),
                "credential_uid": key, "outcome": "success",
            })
        )
    };
    let names = [
        "a\"b",
        "x\n[[consumer]]",
        "/regex/",
        "\u{1b}[31mred",
        "",
        "ünïcode",
        "prefix:x",
        "a'b\\c",
        "A",
        "a",
    ];
    let keys = ["key\"1", "prefix:", "/k/", "k\n2", secret.as_str()];
    let lines: String =
        names.iter().flat_map(|name| keys.iter().map(|key| record(name, key))).collect();
    let logs = scratch.write("hostile.jsonl", lines);
    let plan = scratch.path("draft.toml").to_string_lossy().into_owned();
    let output = run(&["discover", &logs, "--write-plan", &plan]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let shown = printed(&output);
    assert!(!shown.contains('\u{1b}') && !shown.contains(&secret), "{shown}");
    let text = fs::read_to_string(&plan).expect("the draft");
    let output = run(&["plan", "check", &plan]);
    assert_eq!(status(&output), 0, "{}\n{text}", said(&output));
    assert!(!text.contains(&secret), "{text}");
}

#[test]
fn help_and_version_are_0() {
    for args in [["--help"].as_slice(), &["--version"], &["report", "--help"]] {
        assert_eq!(status(&run(args)), 0, "{args:?}");
    }
}

#[test]
fn a_valid_plan_is_reported_as_valid() {
    let (plan, _) = scenario("ready");
    let output = run(&["plan", "check", &plan]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert!(printed(&output).contains("7 consumers"), "{}", printed(&output));
    assert_eq!(status(&run(&["plan", "check", "-p", &plan])), 0);
}

#[test]
fn plan_check_names_markers_that_are_too_common_to_be_searched_for() {
    let (plan, _) = scenario("ready");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let text = fs::read_to_string(&plan).expect("a plan");
    let shown = |marker: &str| {
        let path = scratch.path().join("plan.toml");
        fs::write(&path, text.replacen("\"doc-key-2024\"", &format!("\"{marker}\""), 1))
            .expect("written");
        printed(&run(&["plan", "check", &path.to_string_lossy()]))
    };
    for common in ["3", "k", "2024"] {
        let shown = shown(common);
        assert!(shown.contains(&format!("advice: the marker `{common}` of `")), "{shown}");
        assert!(shown.contains(&format!("path:{common}")), "{shown}");
    }
    for telling in ["v1", "51207", "doc-key-2024"] {
        assert!(!shown(telling).contains("advice"), "{telling}");
    }
}

#[test]
fn an_unknown_format_gets_the_nearest_profile() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let check = |text: &str, expected: &str| {
        let path = scratch.path().join("unknown.log");
        std::fs::write(&path, text).expect("written");
        let said = printed(&run(&["sources", "test", &path.to_string_lossy()]));
        assert!(said.contains(expected), "{text}: {said}");
    };
    check(
        "10.0.0.1 - ann [02/Mar/2026:18:05:00 +0000] GET /x HTTP/1.1 200 12\n",
        " text profiles fits; closest comes `access-log`, up to byte 44 of record 1",
    );
    check(
        "eventtime,eventname,foo\n1,2,3\n",
        "closest comes `cloudtrail-csv`: its header has 2 of 4 columns, `eventid` is missing",
    );
    check("foo bar\n", " text profiles fits\n");
    check("{\"when\":\"2026-03-02T09:00:00Z\"}\n", "`fields = { event_time = \"/when\" }`");
}
