/*! Each scenario under `fixtures/scenarios`, against what a person worked out by hand. */

use serde_json::Value;

use crate::harness::{report, root, rules, run, status};

fn check(state: &str) {
    let folder = root().join("fixtures/scenarios/document-provider").join(state);
    let text = std::fs::read_to_string(folder.join("expected.json")).expect("expectations");
    let expected: Value = serde_json::from_str(&text).expect("expectations in JSON");
    let (plan, logs) = (folder.join("plan.toml"), folder.join("logs"));
    let found = report(&plan, &[&logs], &[]);
    let may_fire: Vec<&str> = list(&expected["may_fire"]);
    let fired = |class: Option<&str>| {
        let mut rules = rules(&found, class);
        rules.retain(|rule| !may_fire.contains(&rule.as_str()));
        rules
    };
    assert_eq!(found["as_of"], expected["as_of"], "{state}");
    assert_eq!(fired(None), sorted(&expected["rotation"]["rules"]), "{state}: rotation");
    for class in expected["classes"].as_array().expect("classes") {
        let name = class["class"].as_str().expect("a name");
        let rows = found["classes"].as_array().expect("classes");
        let row = rows.iter().find(|row| row["class"] == name).expect("a class of the plan");
        assert_eq!(fired(Some(name)), sorted(&class["rules"]), "{state}: {name}");
        assert_eq!(row["verdict"], class["verdict"], "{state}: {name}");
        assert_eq!(row["truth"], class["truth"], "{state}: {name}");
        assert_eq!(row["silence"]["state"], class["silence"], "{state}: {name}");
        assert_eq!(row["last_old_use"]["time"], class["last_old_use"], "{state}: {name}");
        assert_eq!(row["first_new_success"]["time"], class["first_new_success"], "{state}: {name}");
    }
    assert_eq!(found["verdict"], expected["verdict"], "{state}");
    let (plan, logs) = (plan.to_string_lossy(), logs.to_string_lossy());
    let exit = status(&run(&["report", "-p", &plan, &logs]));
    assert_eq!(Some(i64::from(exit)), expected["exit_code"].as_i64(), "{state}");
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn sorted(value: &Value) -> Vec<String> {
    let mut rules: Vec<String> = list(value).into_iter().map(str::to_owned).collect();
    rules.sort();
    rules
}

#[test]
fn the_morning_after_is_not_ready_for_the_reasons_of_the_story() {
    check("morning-after");
}

#[test]
fn four_days_later_it_is_ready() {
    check("ready");
}

#[test]
fn two_truths_at_once_are_a_split_brain() {
    check("split-brain");
}

/// The evening of a storage service whose new key came to the wrong environment.
const OUTAGE: &str = "fixtures/scenarios/storage-outage";

#[test]
fn before_the_outage_the_key_may_not_go_since_only_staging_has_the_new_one() {
    let folder = root().join(OUTAGE);
    let log = std::fs::read_to_string(folder.join("gateway.jsonl")).expect("the log");
    // What was on disk then.
    let known = log.lines().take_while(|line| *line < r#"{"timestamp":"2026-05-12T20:36:01Z""#);
    let known = known.fold(String::new(), |all, line| all + line + "\n");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let input = scratch.path().join("gateway.jsonl");
    std::fs::write(&input, known).expect("a part of the log");
    let as_of = ["--as-of", "2026-05-12T20:36:00Z"];
    let found = report(&folder.join("before.toml"), &[&input], &as_of);
    assert_eq!(found["verdict"], "not_ready");
    let fired = rules(&found, Some("gateway"));
    for rule in ["old-use-in-window", "split-brain", "silent-consumer"] {
        assert!(fired.iter().any(|one| one == rule), "{rule}: {fired:?}");
    }
    assert_eq!(found["classes"][0]["first_new_success"], Value::Null);
}

#[test]
fn after_the_outage_report_and_replay_tell_the_same_delay() {
    let folder = root().join(OUTAGE);
    let log = folder.join("gateway.jsonl");
    let as_of = ["--as-of", "2026-05-12T22:50:00Z"];
    let found = report(&folder.join("after.toml"), &[&log], &as_of);
    assert_eq!((&found["mode"], &found["verdict"]), (&"postmortem".into(), &"not_ready".into()));
    let broken = &found["postmortem"]["broken"][0];
    assert_eq!(broken["delay"], "1h1m");
    assert_eq!(broken["first_failure"]["time"], "2026-05-12T21:38:00Z");
    assert_eq!(broken["recovered"]["time"], "2026-05-12T22:45:00Z");
    assert_eq!(broken["failures"], 67);
    let known = &found["postmortem"]["known"];
    assert_eq!(
        (&known["at"], &known["verdict"]),
        (&"2026-05-12T20:37:00Z".into(), &"not_ready".into())
    );
    let (plan, log) = (format!("{OUTAGE}/before.toml"), format!("{OUTAGE}/gateway.jsonl"));
    let output =
        run(&["replay", "-p", &plan, &log, "--revoke-at", "2026-05-12T20:37:00Z", "-f", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer");
    assert_eq!((&answer["events"], &answer["classes"][0]["delay"]), (&67.into(), &"1h1m".into()));
    assert_eq!(answer["classes"][0]["first"], "2026-05-12T21:38:00Z");
}
