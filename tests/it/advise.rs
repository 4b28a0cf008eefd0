/*! `holdover plan advise`: which model fits, who moves first, where to split, and what to log. */

use serde_json::{Value, json};

use crate::harness::{printed, root, run, said, status};
use crate::schemas::is_an_answer_of_advise;

const SCENARIOS: &str = "fixtures/scenarios/document-provider";

fn args(state: &str) -> [String; 4] {
    [
        "advise".to_owned(),
        "-p".to_owned(),
        format!("{SCENARIOS}/{state}/plan.toml"),
        format!("{SCENARIOS}/{state}/logs"),
    ]
}

fn text(state: &str, more: &[&str]) -> String {
    let [advise, p, plan, logs] = args(state);
    let output = run(&[&["plan", &advise, &p, &plan, &logs], more].concat());
    assert_eq!(status(&output), 0, "{}", said(&output));
    printed(&output)
}

fn answer(state: &str) -> Value {
    let answer = serde_json::from_str(&text(state, &["-f", "json"])).expect("JSON");
    is_an_answer_of_advise(&answer);
    answer
}

fn names(of: &Value) -> Vec<&str> {
    of.as_array().expect("a list").iter().filter_map(|one| one["consumer"].as_str()).collect()
}

#[test]
fn the_night_moves_the_primary_path_first() {
    let night = answer("split-brain");
    assert_eq!(night["fitting"], "dual-valid");
    let violated: Vec<&str> = night["models"]
        .as_array()
        .expect("models")
        .iter()
        .filter(|one| one["declared"] == true && one["state"] == "violated")
        .filter_map(|one| one["model"].as_str())
        .collect();
    assert_eq!(violated, ["consumer-by-consumer"]);
    let order = names(&night["order"]);
    assert_eq!(order[0], "queue-worker", "{order:?}");
    let place = |name: &str| order.iter().position(|one| *one == name);
    assert!(
        place("retry-worker") < place("support-replay"),
        "background before exception: {order:?}"
    );
    let moved = night["moved"].as_array().expect("names");
    assert!(
        !moved.is_empty()
            && moved.iter().all(|name| !order.contains(&name.as_str().unwrap_or_default()))
    );
}

#[test]
fn a_split_by_what_shortens_the_wait_of_most_is_the_first() {
    let night = answer("split-brain");
    let minutes = |wait: &Value| -> u64 {
        let text = wait.as_str().expect("a length");
        let (hours, minutes) = text.trim_end_matches('m').split_once('h').expect("hours");
        hours.parse::<u64>().expect("a number") * 60 + minutes.parse::<u64>().expect("a number")
    };
    let whole = minutes(&night["wait"]);
    let splits = night["splits"].as_array().expect("splits");
    assert!(!splits.is_empty());
    let sums: Vec<u64> = splits
        .iter()
        .map(|split| {
            let groups = split["groups"].as_array().expect("groups");
            assert!(
                groups.len() > 1 && groups.iter().any(|group| minutes(&group["wait"]) < whole),
                "{split}"
            );
            assert!(groups.iter().all(|group| minutes(&group["wait"]) <= whole), "{split}");
            groups
                .iter()
                .map(|group| {
                    minutes(&group["wait"])
                        * group["consumers"].as_array().expect("names").len() as u64
                })
                .sum()
        })
        .collect();
    assert!(sums.is_sorted(), "the best split first: {sums:?}");
}

#[test]
fn the_answer_fits_a_screen_and_never_calls_anything_ready() {
    for state in ["morning-after", "ready", "split-brain"] {
        let screen = text(state, &[]);
        assert!(
            screen.lines().count() <= 60,
            "{state}: {} lines\n{screen}",
            screen.lines().count()
        );
        assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
        assert!(!screen.to_lowercase().contains("ready"), "{screen}");
        let more = text(state, &["-v"]);
        assert!(more.lines().count() >= screen.lines().count());
        assert_eq!(screen, text(state, &["--threads", "1"]), "the same at any number of threads");
    }
    assert!(text("split-brain", &["--timezone", "Europe/Berlin"]).contains("+01:00"));
}

#[test]
fn where_no_marker_is_logged_the_field_that_would_carry_it_is_named() {
    let base = root().join("fixtures/rules/unversioned-evidence");
    let [plan, logs] =
        ["plan.toml", "logs.jsonl"].map(|name| base.join(name).to_string_lossy().into_owned());
    let output = run(&["plan", "advise", "-p", &plan, &logs, "-f", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    is_an_answer_of_advise(&answer);
    let found = &answer["unmarked"][0];
    assert_eq!(
        (&found["consumer"], &found["profile"], &found["attempts"]),
        (&json!("worker"), &json!("json"), &json!(3))
    );
    let fields = found["fields"].as_array().expect("fields");
    assert!(fields.contains(&json!("/credential_uid")), "{fields:?}");
    let text = printed(&run(&["plan", "advise", "-p", &plan, &logs]));
    assert!(text.contains("LOG A MARKER") && text.contains("worker: 3 of "), "{text}");
}

#[test]
fn wrong_plans_and_paths_end_as_in_other_commands() {
    let missing = run(&["plan", "advise", "-p", "no/plan.toml", "logs"]);
    assert_eq!(status(&missing), 3, "{}", said(&missing));
    let plan = format!("{SCENARIOS}/ready/plan.toml");
    let nothing = run(&["plan", "advise", "-p", &plan, "no/logs"]);
    assert_eq!(status(&nothing), 4, "{}", said(&nothing));
    assert_eq!(status(&run(&["plan", "advise", "-p", &plan])), 2);
}
