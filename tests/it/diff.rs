/*! `holdover diff`: what changed between two reports. Each change is reported, its absence is not, and reports that
 * cannot be compared are refused.
 */

use holdover::diff::{Unlike, compare};
use holdover::model::changes::{Change, Changes, Effect, Topic};
use holdover::report::{self, TextOptions};
use holdover::wire::{Report, read};
use holdover::wording::Zone;
use serde_json::{Value, json};

use crate::harness::{printed, run, said, status};
use crate::report_edits::{agree, agreeing_sample, class, make_ready};

type Edit = fn(&mut Value);

/// The report of the sample, made to agree with itself. Each input has its own digest.
fn sample() -> Value {
    let mut report = agreeing_sample();
    for (number, input) in report["inputs"].as_array_mut().expect("inputs").iter_mut().enumerate() {
        input["sha256"] = json!(format!("{number:064}"));
    }
    report
}

fn read_value(report: &Value) -> Report {
    read(&report.to_string()).expect("a report")
}

fn compared(before: &Value, after: &Value) -> Changes {
    compare(&read_value(before), &read_value(after)).expect("reports that belong together")
}

/// What changed if `edit` was applied to the newer report, and then if it was applied to the older one.
fn edited(edit: impl Fn(&mut Value)) -> [Changes; 2] {
    let before = sample();
    let mut after = sample();
    edit(&mut after);
    agree(&mut after);
    [compared(&before, &after), compared(&after, &before)]
}

fn about<'c>(changes: &'c Changes, subject: &str) -> &'c Change {
    let change = changes.changes.iter().find(|change| change.subject == subject);
    change.unwrap_or_else(|| panic!("nothing about `{subject}` in {:#?}", changes.changes))
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let changes = compared(&sample(), &sample());
    assert_eq!(changes.changes, []);
    assert_eq!(changes.warnings().count(), 0);
    assert_eq!(changes.direction(), Effect::Neutral);
    let text = report::text::changes(&changes, TextOptions::default());
    assert!(text.contains("as before") && text.contains("nothing that the reports show"), "{text}");
}

#[test]
fn a_better_verdict_counts_as_better_and_a_worse_one_as_worse() {
    let [better, worse] = edited(make_ready);
    let change = about(&better, "rotation");
    assert_eq!((change.topic, change.effect), (Topic::Verdict, Effect::Better));
    assert_eq!(change.after.as_ref().map(|value| value.text.as_str()), Some("ready"));
    assert_eq!((better.direction(), better.improved), (Effect::Better, true));
    assert_eq!((worse.direction(), worse.improved), (Effect::Worse, false));
    assert_eq!(about(&worse, "rotation").effect, Effect::Worse);
    let removed = better.changes.iter().filter(|change| change.topic == Topic::Finding);
    assert!(removed.clone().count() >= 3 && removed.clone().all(|change| change.after.is_none()));
    assert!(removed.clone().any(|change| change.effect == Effect::Better));
    assert_eq!(better.warnings().count(), 0, "{:#?}", better.warnings().collect::<Vec<_>>());
}

/// Each edit could make a verdict better although no consumer moved.
#[test]
fn a_better_verdict_on_weaker_facts_gives_a_warning() {
    let edits: [(&str, Edit); 14] = [
        ("logs/retry/2026-03-02.jsonl.gz", |report| {
            report["inputs"].as_array_mut().expect("inputs").remove(0);
        }),
        ("window", |report| report["window"]["from"] = report["window"]["to"].clone()),
        ("as of", |report| report["as_of"] = json!("2026-03-06T08:30:00Z")),
        ("limit alpha", |report| report["limits"]["alpha"] = json!(0.5)),
        ("program", |report| report["tool"]["version"] = json!("9.9.9")),
        ("introduced", |report| report["rotation"]["introduced"] = json!("2026-03-02T08:00:00Z")),
        ("old versions", |report| report["credential"]["old"] = json!(["v1", "v0"])),
        ("retry-worker", |report| {
            report["classes"]
                .as_array_mut()
                .expect("classes")
                .retain(|class| class["class"] != "retry-worker");
        }),
        ("retry-worker, disabled", |report| class(report)["disabled"] = json!(true)),
        ("retry-worker, use", |report| class(report)["use"] = json!("indirect")),
        ("retry-worker, last old use", |report| class(report)["last_old_use"] = json!(null)),
        ("retry-worker, required silence", |report| {
            class(report)["silence"]["needed"] = json!("0h1m");
        }),
        ("a-rule", |report| {
            report["waivers"].as_array_mut().expect("waivers").push(json!({
                "rule": "a-rule", "class": null, "owner": "o", "until": "2030-01-01T00:00:00Z", "reason": "r",
                "in_force": true, "findings": [],
            }));
        }),
        ("records", |report| {
            report["inputs"][0]["irrelevant"] = json!(0);
            report["inputs"][0]["records"] = report["inputs"][0]["evidence"].clone();
        }),
    ];
    for (subject, edit) in edits {
        let mut subject = subject.to_owned();
        if subject.starts_with("logs/") {
            subject = sample()["inputs"][0]["path"].as_str().expect("a path").to_owned();
        }
        let [changes, _] = edited(|report| {
            make_ready(report);
            edit(report);
        });
        let warned: Vec<&str> = changes.warnings().map(|change| change.subject.as_str()).collect();
        assert!(warned.contains(&subject.as_str()), "{subject} is not in {warned:?}");
        let text = report::text::changes(&changes, TextOptions::default());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("WARNINGS") && words.contains("no consumer moved"), "{text}");
        // Without a better verdict the same change is reported, without a warning.
        let [changes, _] = edited(edit);
        if !changes.improved {
            assert!(about(&changes, &subject).weakens, "{subject}");
            assert_eq!(changes.warnings().count(), 0, "{subject}");
        }
    }
}

#[test]
fn a_verdict_that_stays_ready_on_weaker_facts_gives_a_warning_too() {
    let mut before = sample();
    make_ready(&mut before);
    agree(&mut before);
    let mut after = before.clone();
    after["coverage"].as_array_mut().expect("streams").remove(0);
    let changes = compared(&before, &after);
    assert!(!changes.improved);
    let removed = before["coverage"][0]["stream"].as_str().expect("a stream");
    assert_eq!(
        changes.warnings().map(|change| change.subject.as_str()).collect::<Vec<_>>(),
        [removed]
    );
}

#[test]
fn inputs_are_compared_by_digest_and_not_by_name() {
    let path = |n: usize| sample()["inputs"][n]["path"].as_str().expect("a path").to_owned();
    let digest = |byte: &str| json!(byte.repeat(64));
    let with = |edit: Edit| {
        let mut report = sample();
        report["inputs"].as_array_mut().expect("inputs").truncate(1);
        report["inputs"][0]["sha256"] = json!("a".repeat(64));
        edit(&mut report["inputs"][0]);
        agree(&mut report);
        report
    };
    let before = with(|_| {});
    let moved = with(|input| input["path"] = json!("elsewhere.jsonl"));
    let changes = compared(&before, &moved);
    assert_eq!((about(&changes, &path(0)).weakens, changes.changes.len()), (false, 1));
    let mut grown = with(|input| input["bytes"] = json!(u64::MAX));
    grown["inputs"][0]["sha256"] = digest("b");
    let changes = compared(&before, &grown);
    assert_eq!(about(&changes, &path(0)).means, "it grew");
    let changes = compared(&grown, &before);
    assert!(about(&changes, &path(0)).weakens, "back, it shrank");
    let unknown = with(|input| input["sha256"] = json!(null));
    assert!(about(&compared(&before, &unknown), "digests").weakens);
}

#[test]
fn a_later_last_old_use_is_worse_and_an_earlier_one_is_suspect() {
    let time = |at: &str| json!({"time": at, "evidence": null});
    let [later, earlier] =
        edited(|report| class(report)["last_old_use"] = time("2030-01-01T00:00:00Z"));
    let subject = "retry-worker, last old use";
    assert_eq!(about(&later, subject).effect, Effect::Worse);
    assert!(!about(&later, subject).weakens);
    assert!(about(&earlier, subject).weakens, "a cited use that disappears is not progress");
}

#[test]
fn reports_of_different_credentials_or_rotations_are_refused() {
    let mut other = sample();
    other["credential"]["name"] = json!("another");
    let refused =
        compare(&read_value(&sample()), &read_value(&other)).expect_err("another credential");
    assert!(matches!(refused, Unlike::Credential(..)), "{refused}");
    let mut other = sample();
    other["credential"]["old"] = json!(["v9"]);
    let refused =
        compare(&read_value(&sample()), &read_value(&other)).expect_err("another rotation");
    assert!(matches!(refused, Unlike::Rotation(_)), "{refused}");
}

#[test]
fn a_file_that_is_not_a_report_is_refused_with_the_reason() {
    let broken = |edit: Edit| {
        let mut report = sample();
        edit(&mut report);
        read(&report.to_string()).expect_err("refused").to_string()
    };
    let cases: [(Edit, &str); 9] = [
        (|report| report["schema"] = json!("holdover.report/2"), "`holdover.report/2`"),
        (|report| drop(report["schema"].take()), "not a report"),
        (|report| report["verdict"] = json!("fine"), "expected `ready`"),
        (|report| report["as_of"] = json!("2026-03-06T09:00:00+01:00"), "expected a time"),
        (|report| drop(report.as_object_mut().expect("keys").remove("inputs")), "`inputs`"),
        (|report| drop(class(report).as_object_mut().expect("keys").remove("owner")), "`owner`"),
        (|report| report["verdict"] = json!("ready"), "its verdict is ready"),
        (|report| report["accounting"]["records"] = json!(1), "do not add up"),
        (|report| class(report)["safe_to_revoke"] = json!(true), "called safe"),
    ];
    for (edit, reason) in cases {
        let error = broken(edit);
        assert!(error.contains(reason), "{error} lacks {reason}");
    }
    for text in ["", "[]", "{}", "null", "{\"schema\": 1}", "\u{0}"] {
        assert!(read(text).is_err(), "{text}");
    }
    let twice = sample().to_string().replacen("\"mode\":", "\"mode\":\"planned\",\"mode\":", 1);
    assert!(read(&twice).is_err(), "a key that is given twice");
}

#[test]
fn hostile_text_of_a_report_stays_text() {
    let hostile = "</code>\u{1b}[31m\u{202e}|`<script>\nverdict: ready";
    let [changes, _] = edited(|report| {
        class(report)["owner"] = json!(hostile);
        report["inputs"][0]["path"] = json!(hostile);
        report["coverage"][0]["stream"] = json!(hostile);
        report["rotation"]["rollback"] = json!(hostile);
    });
    let text = report::text::changes(&changes, TextOptions::default());
    let markdown = report::changes::markdown_text(&changes, Zone::default());
    for output in [&text, &markdown] {
        assert!(!output.contains('\u{1b}') && !output.contains('\u{202e}'), "{output}");
        assert!(!output.lines().any(|line| line.starts_with("verdict:")), "{output}");
    }
    let outside: String = markdown.split('`').step_by(2).collect();
    assert!(!outside.contains("<script>"), "{markdown}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let ascii =
        report::text::changes(&changes, TextOptions { unicode: false, ..TextOptions::default() });
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn secrets_in_a_foreign_report_are_masked() {
    let secret = ["ghp_0123456789", "abcdefghijABCDEFGHIJ012345"].concat();
    let [changes, _] = edited(|report| {
        report["rotation"]["rollback"] = json!(format!("use {secret}"));
        class(report)["owner"] = json!(secret);
    });
    let text = report::text::changes(&changes, TextOptions::default());
    let json = report::changes::json(&changes).to_string();
    for output in [text, json, report::changes::markdown_text(&changes, Zone::default())] {
        assert!(!output.contains(&secret), "{output}");
    }
}

#[test]
fn the_command_compares_two_files_and_ends_with_0() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let write = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let scenario = |state: &str| {
        let folder = format!("fixtures/scenarios/document-provider/{state}");
        let args = [
            "report",
            "-p",
            &format!("{folder}/plan.toml"),
            &format!("{folder}/logs"),
            "-f",
            "json",
        ];
        write(&format!("{state}.json"), &printed(&run(&args)))
    };
    let (old, new) = (scenario("morning-after"), scenario("ready"));
    let output = run(&["diff", &old, &new]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    let text = printed(&output);
    assert!(
        text.starts_with("✗ NOT READY → ✓ READY   v1 of document_provider_api_token"),
        "{text}"
    );
    let output = run(&["diff", &old, &new, "-f", "json"]);
    let diff: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(diff["schema"], "holdover.diff/1");
    assert_eq!(
        (&diff["direction"], &diff["old"]["verdict"]),
        (&json!("better"), &json!("not_ready"))
    );
    assert!(printed(&run(&["diff", &new, &old, "-f", "md"])).starts_with("## ready → not ready"));

    let mut other: Value =
        serde_json::from_str(&std::fs::read_to_string(&new).expect("a report")).expect("JSON");
    other["credential"]["name"] = json!("another\u{1b}[31m");
    let other = write("other.json", &other.to_string());
    for (args, expected) in [
        (["diff", &old, &other], 2),
        (["diff", &old, &write("plan.toml", "[credential]")], 3),
        (["diff", &old, "no/such/report.json"], 1),
    ] {
        let output = run(&args);
        assert_eq!(status(&output), expected, "{args:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && !said(&output).contains('\u{1b}'), "{args:?}");
    }
}
