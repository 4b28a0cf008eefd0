/*! `--timezone`: people read times in their zone, with its offset; programs read UTC. */

use std::path::{Path, PathBuf};

use regex::Regex;

use crate::harness::{printed, root, run, said, status};

const BERLIN: [&str; 2] = ["--timezone", "Europe/Berlin"];

/// The base world over the night in which Berlin puts its clocks forward, with an old use on its second day.
fn spring(folder: &Path) -> (PathBuf, PathBuf) {
    let base = root().join("fixtures/rules/old-use-in-window");
    let moved = |name: &str| {
        let text = std::fs::read_to_string(base.join(name)).expect("a file");
        let text = text.replace("2026-03-01T", "2026-03-28T").replace("2026-03-02T", "2026-03-29T");
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    (moved("plan.toml"), moved("logs.jsonl"))
}

fn text(args: &[&str], more: &[&str]) -> String {
    printed(&run(&[args, more].concat()))
}

/// The times of a text that are in UTC, and those that show an offset.
fn times(text: &str) -> (Vec<String>, Vec<String>) {
    let found = |pattern: &str| -> Vec<String> {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.find_iter(text).map(|one| one.as_str().to_owned()).collect()
    };
    (
        found(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ"),
        found(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+-]\d\d:\d\d"),
    )
}

#[test]
fn people_read_their_zone_and_programs_read_utc() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (plan, logs) = spring(scratch.path());
    let [plan, logs] = [plan, logs].map(|path| path.to_string_lossy().into_owned());
    let args = ["report", "-p", &plan, &logs, "--as-of", "2026-03-29T21:00:00Z", "--exit-zero"];
    for format in [&["-f", "text"][..], &["-v"], &["-vv"], &["-f", "md"]] {
        let utc = times(&text(&args, format));
        assert!(!utc.0.is_empty() && utc.1.is_empty(), "{format:?}: {utc:?}");
        let local = times(&text(&args, &[format, &BERLIN].concat()));
        assert!(local.0.is_empty(), "{format:?} keeps {:?}", local.0);
        assert_eq!(local.1.len(), utc.0.len(), "{format:?}");
        let at = |text: &String| holdover::model::Timestamp::from_rfc3339(text).expect("a time");
        let instants = |of: &[String]| of.iter().map(at).collect::<Vec<_>>();
        assert_eq!(instants(&local.1), instants(&utc.0), "{format:?}: the same instants");
    }
    let page = text(&args, &[&["-vv"], &BERLIN[..]].concat());
    assert!(page.contains("2026-03-28T21:05:00+01:00"), "before the clocks change: {page}");
    assert!(page.contains("2026-03-29T11:00:00+02:00"), "after that: {page}");
    for format in ["json", "csv", "evidence-csv", "sarif", "junit", "openmetrics", "github"] {
        let of = ["-f", format];
        assert_eq!(text(&args, &of), text(&args, &[&of[..], &BERLIN].concat()), "{format}");
    }
}

#[test]
fn the_page_says_whose_times_it_shows() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (plan, logs) = spring(scratch.path());
    let [plan, logs] = [plan, logs].map(|path| path.to_string_lossy().into_owned());
    let args = ["report", "-p", &plan, &logs, "-f", "html", "--exit-zero"];
    let (utc, local) = (text(&args, &[]), text(&args, &BERLIN));
    assert!(utc.contains("All times are UTC."));
    assert!(
        local.contains("Times are those of Europe/Berlin, with their offset; the axis"),
        "its zone"
    );
    assert!(!local.contains("All times are UTC."));
    assert!(
        local.contains("2026-03-29 11:00:00+02:00") && !local.contains(">2026-03-29 09:00:00<")
    );
    assert_eq!(local, text(&args, &BERLIN), "the same bytes again");
    let record = "2026-03-29T16:20:00Z";
    assert!(local.contains(record), "a quoted record stays as it was logged");
}

#[test]
fn each_command_that_prints_times_knows_the_zone() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (plan, logs) = spring(scratch.path());
    let [plan, logs, bundle] =
        [plan, logs, scratch.path().join("bundle")].map(|path| path.to_string_lossy().into_owned());
    let saved =
        run(&["report", "-p", &plan, &logs, "-o", &bundle, "--exit-zero", BERLIN[0], BERLIN[1]]);
    assert_eq!(status(&saved), 0, "{}", said(&saved));
    let report = format!("{bundle}/report.json");
    let kept =
        std::fs::read_to_string(format!("{bundle}/report.txt")).expect("the report of the bundle");
    assert!(times(&kept).1.is_empty(), "a bundle stays in UTC");
    let who = ["who", &logs, "-m", "doc-key-2024"];
    let during = ["during", "-p", &plan, &logs];
    let leaked = ["during", "-p", &plan, &logs, "--leaked"];
    let diff = ["diff", &report, &report];
    let diff_md = ["diff", &report, &report, "-f", "md"];
    let replay = [
        "replay",
        "-p",
        &plan,
        &logs,
        "--revoke-at",
        "2026-03-29T11:30:00Z",
        "--curve",
        "--readiness",
    ];
    let verify = ["verify", &report, &logs, "-p", &plan, "--as-of", "2026-03-29T22:00:00Z"];
    for args in [&who[..], &during, &leaked, &diff, &diff_md, &replay, &verify] {
        let (utc, local) = (times(&text(args, &[])), times(&text(args, &BERLIN)));
        assert!(!utc.0.is_empty(), "{args:?} prints times");
        assert!(local.0.is_empty() && local.1.len() == utc.0.len(), "{args:?}: {local:?}");
    }
    for args in [&who[..], &during, &diff, &replay, &verify] {
        let of = ["-f", "json"];
        assert_eq!(text(args, &of), text(args, &[&of[..], &BERLIN].concat()), "{args:?}");
    }
    let shown = text(&["show", &bundle, "E1"], &BERLIN);
    assert!(shown.contains("byte") && !times(&shown).1.is_empty(), "{shown}");
}

#[test]
fn a_zone_that_nobody_knows_is_wrong_usage() {
    for (name, help) in [
        (
            "berlin",
            "expected a name of the IANA database, such as `Europe/Berlin`; similar: `Europe/Berlin`",
        ),
        ("Mars/Olympus", "expected a name of the IANA database, such as `Europe/Berlin`"),
    ] {
        let output = run(&["report", "-p", "plan.toml", "logs", "--timezone", name]);
        assert_eq!(status(&output), 2);
        let said = said(&output);
        assert!(said.contains(help) && said.contains("--timezone"), "{said}");
    }
}
