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
