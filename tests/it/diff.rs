/*! `holdover diff`: what changed between two reports. Each change beside its silence, and what may not be compared. */

use holdover::diff::{Unlike, compare};
use holdover::model::changes::{Change, Changes, Effect, Topic};
use holdover::report::{self, TextOptions};
use holdover::wire::{Report, read};
use serde_json::{Value, json};

use crate::harness::{printed, run, said, status};
use crate::report_edits::{agree, agreeing_sample, class, make_ready};

type Edit = fn(&mut Value);

/// The sample's report, made to agree with itself; no two inputs of it hold the same.
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

/// What changed where `edit` was done to the newer report, and the same the other way round.
fn edited(edit: impl Fn(&mut Value)) -> [Changes; 2] {
    let before = sample();
    let mut after = sample();
    edit(&mut after);
    agree(&mut after);
    [compared(&before, &after), compared(&after, &before)]
}

fn about<'c>(told: &'c Changes, subject: &str) -> &'c Change {
    let found = told.changes.iter().find(|change| change.subject == subject);
    found.unwrap_or_else(|| panic!("nothing of `{subject}` in {:#?}", told.changes))
}

#[test]
fn a_report_has_not_changed_from_itself() {
    let told = compared(&sample(), &sample());
    assert_eq!(told.changes, []);
    assert_eq!(told.warnings().count(), 0);
    assert_eq!(told.direction(), Effect::Neutral);
    let text = report::text::changes(&told, TextOptions::default());
    assert!(text.contains("as before") && text.contains("nothing that the reports show"), "{text}");
}

#[test]
fn a_better_verdict_is_better_and_the_other_way_round_it_is_worse() {
    let [better, worse] = edited(make_ready);
    let change = about(&better, "rotation");
    assert_eq!((change.topic, change.effect), (Topic::Verdict, Effect::Better));
    assert_eq!(change.after.as_ref().map(|value| value.text.as_str()), Some("ready"));
    assert_eq!((better.direction(), better.improved), (Effect::Better, true));
    assert_eq!((worse.direction(), worse.improved), (Effect::Worse, false));
    assert_eq!(about(&worse, "rotation").effect, Effect::Worse);
    let gone = better.changes.iter().filter(|change| change.topic == Topic::Finding);
    assert!(gone.clone().count() >= 3 && gone.clone().all(|change| change.after.is_none()));
    assert!(gone.clone().any(|change| change.effect == Effect::Better));
    assert_eq!(better.warnings().count(), 0, "{:#?}", better.warnings().collect::<Vec<_>>());
}

/// Each edit could make a verdict better although nobody moved.
#[test]
fn a_better_verdict_on_weaker_grounds_is_warned_of() {
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
                .retain(|one| one["class"] != "retry-worker");
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
        let [told, _] = edited(|report| {
            make_ready(report);
            edit(report);
        });
        let warned: Vec<&str> = told.warnings().map(|change| change.subject.as_str()).collect();
        assert!(warned.contains(&subject.as_str()), "{subject} is not in {warned:?}");
        let text = report::text::changes(&told, TextOptions::default());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("WARNINGS") && words.contains("no consumer moved"), "{text}");
        // The same without a better verdict is told, and not warned of.
        let [told, _] = edited(edit);
        if !told.improved {
            assert!(about(&told, &subject).weakens, "{subject}");
            assert_eq!(told.warnings().count(), 0, "{subject}");
        }
    }
}

#[test]
fn ready_that_stays_ready_on_less_is_warned_of_too() {
    let mut before = sample();
    make_ready(&mut before);
    agree(&mut before);
    let mut after = before.clone();
    after["coverage"].as_array_mut().expect("streams").remove(0);
    let told = compared(&before, &after);
    assert!(!told.improved);
    let gone = before["coverage"][0]["stream"].as_str().expect("a stream");
    assert_eq!(told.warnings().map(|change| change.subject.as_str()).collect::<Vec<_>>(), [gone]);
}

#[test]
fn inputs_are_compared_by_digest_not_by_name() {
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
    let told = compared(&before, &moved);
    assert_eq!((about(&told, &path(0)).weakens, told.changes.len()), (false, 1));
    let mut grown = with(|input| input["bytes"] = json!(u64::MAX));
    grown["inputs"][0]["sha256"] = digest("b");
    let told = compared(&before, &grown);
    assert_eq!(about(&told, &path(0)).means, "it grew");
    let told = compared(&grown, &before);
    assert!(about(&told, &path(0)).weakens, "back, it shrank");
    let unknown = with(|input| input["sha256"] = json!(null));
    assert!(about(&compared(&before, &unknown), "digests").weakens);
}

#[test]
fn the_last_old_use_moves_for_better_and_for_worse() {
    let time = |at: &str| json!({"time": at, "evidence": null});
    let [later, earlier] =
        edited(|report| class(report)["last_old_use"] = time("2030-01-01T00:00:00Z"));
    let subject = "retry-worker, last old use";
    assert_eq!(about(&later, subject).effect, Effect::Worse);
    assert!(!about(&later, subject).weakens);
    assert!(about(&earlier, subject).weakens, "a cited use that is gone is no progress");
}

#[test]
fn what_does_not_belong_together_is_refused() {
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
fn what_is_no_report_is_refused_with_its_reason() {
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
        let told = broken(edit);
        assert!(told.contains(reason), "{told} lacks {reason}");
    }
    for text in ["", "[]", "{}", "null", "{\"schema\": 1}", "\u{0}"] {
        assert!(read(text).is_err(), "{text}");
    }
    let twice = sample().to_string().replacen("\"mode\":", "\"mode\":\"planned\",\"mode\":", 1);
    assert!(read(&twice).is_err(), "a key that stands twice");
}

#[test]
fn hostile_text_of_a_report_stays_text() {
    let hostile = "</code>\u{1b}[31m\u{202e}|`<script>\nverdict: ready";
    let [told, _] = edited(|report| {
        let name = class(report);
        name["owner"] = json!(hostile);
        report["inputs"][0]["path"] = json!(hostile);
        report["coverage"][0]["stream"] = json!(hostile);
        report["rotation"]["rollback"] = json!(hostile);
    });
    let text = report::text::changes(&told, TextOptions::default());
    let markdown = report::changes::markdown_text(&told);
    for shown in [&text, &markdown] {
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
        assert!(!shown.lines().any(|line| line.starts_with("verdict:")), "{shown}");
    }
    let outside: String = markdown.split('`').step_by(2).collect();
    assert!(!outside.contains("<script>"), "{markdown}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let ascii =
        report::text::changes(&told, TextOptions { unicode: false, ..TextOptions::default() });
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn secrets_in_a_report_of_somebody_else_are_masked() {
    let secret = ["ghp_0123456789", "abcdefghijABCDEFGHIJ012345"].concat();
    let [told, _] = edited(|report| {
        report["rotation"]["rollback"] = json!(format!("use {secret}"));
        class(report)["owner"] = json!(secret);
    });
    let text = report::text::changes(&told, TextOptions::default());
    let json = report::changes::json(&told).to_string();
    for shown in [text, json, report::changes::markdown_text(&told)] {
        assert!(!shown.contains(&secret), "{shown}");
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
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["schema"], "holdover.diff/1");
    assert_eq!(
        (&told["direction"], &told["old"]["verdict"]),
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
