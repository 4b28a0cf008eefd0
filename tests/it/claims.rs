/*! Sentences that were not true: each test is a small world in which a report, or what is said about one, claimed what
 * its records do not show.
 */

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::false_ready::World;
use crate::harness::{printed, report, run, said, status};

const AS_OF: &str = "2026-03-02T21:00:00Z";

/// A world in a folder of its own.
struct Placed {
    folder: tempfile::TempDir,
}

impl Placed {
    fn new(world: &World) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        world.write(folder.path());
        Self { folder }
    }

    fn text(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn report(&self, more: &[&str]) -> Value {
        self.report_of("plan.toml", more)
    }

    fn report_of(&self, plan: &str, more: &[&str]) -> Value {
        let (plan, logs) = (self.folder.path().join(plan), self.folder.path().join("in"));
        report(&plan, &[&logs], &[&["--as-of", AS_OF], more].concat())
    }

    fn readiness(&self) -> Vec<(String, String)> {
        let (plan, logs) = (self.text("plan.toml"), self.text("in"));
        let args = ["replay", "-p", &plan, &logs, "--readiness", "-f", "json"];
        let output = run(&args);
        assert_eq!(status(&output), 0, "{}", said(&output));
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let point = |point: &Value| (point["as_of"].to_string(), point["verdict"].to_string());
        told["readiness"].as_array().expect("a curve").iter().map(point).collect()
    }
}

/// Records of the worker in a second log source, from 20:00 on.
fn second_source(world: World) -> World {
    let line = |minute: u32, fields: Value| {
        let mut record = json!({"timestamp": format!("2026-03-02T20:{minute:02}:00Z")});
        record
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("fields").clone());
        record.to_string()
    };
    let lines: Vec<String> = (0..60)
        .step_by(5)
        .flat_map(|minute| {
            let work = json!({
                "service_name": "worker", "service_instance_id": "w1", "action": "call",
                "credential_uid": "doc-key-2026", "outcome": "success",
            });
            [line(minute, work), line(minute + 1, json!({"message": "tick"}))]
        })
        .collect();
    world
        .source("\n[[source]]\npaths = [\"**/pods2/*\"]\nmax_gap = \"1h\"\n")
        .input("pods2/x.jsonl", &lines)
}

#[test]
fn an_earlier_report_does_not_know_a_log_source_that_began_later() {
    let alone = Placed::new(&World::ready()).readiness();
    let both = Placed::new(&second_source(World::ready())).readiness();
    let before = |curve: &[(String, String)]| -> Vec<(String, String)> {
        curve.iter().filter(|(at, _)| at.as_str() < "\"2026-03-02T20").cloned().collect()
    };
    let (alone, both) = (before(&alone), before(&both));
    assert!(alone.iter().any(|(_, verdict)| verdict == "\"ready\""), "{alone:?}");
    assert_eq!(alone, both);
}

#[test]
fn a_postmortem_quotes_the_report_that_was_possible_at_the_revocation() {
    let revoked = |world: World| {
        let at = "revoked = 2026-03-02T19:00:00Z\nin_flight      =";
        Placed::new(&world.plan("in_flight      =", at)).report(&[])["postmortem"]["known"].clone()
    };
    let alone = revoked(World::ready());
    let both = revoked(second_source(World::ready()));
    assert_eq!((&alone["verdict"], &alone), (&json!("ready"), &both));
}

/// Compares the reports of a world with two plans.
fn compared(was: &Placed, edit: impl Fn(&str) -> String) -> (Value, Value, Value) {
    let text = fs::read_to_string(was.folder.path().join("plan.toml")).expect("a plan");
    fs::write(was.folder.path().join("soft.toml"), edit(&text)).expect("written");
    let (hard, soft) = (was.report(&[]), was.report_of("soft.toml", &[]));
    let changes = difference(was.folder.path(), &hard, &soft);
    (hard, soft, changes)
}

fn difference(folder: &Path, was: &Value, is: &Value) -> Value {
    let written = [("a.json", was), ("b.json", is)].map(|(name, report)| {
        let path = folder.join(name);
        fs::write(&path, report.to_string()).expect("written");
        path.to_string_lossy().into_owned()
    });
    let output = run(&["diff", &written[0], &written[1], "-f", "json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

fn warnings(changes: &Value) -> Vec<String> {
    let warnings = changes["warnings"].as_array().expect("warnings");
    warnings
        .iter()
        .map(|change| change["subject"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_softer_plan_is_named_before_a_better_verdict() {
    // Logs that end over an hour before the instant: too early for the usual lag, and not for a longer one.
    let world = World::ready();
    let placed = Placed::new(&world);
    let logs = placed.folder.path().join("in/main/logs.jsonl");
    let text = fs::read_to_string(&logs).expect("logs");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("T20:")).collect();
    fs::write(&logs, kept.join("\n") + "\n").expect("written");
    let lag = |plan: &str| plan.replace("path        =", "lag = \"1h30m\"\npath        =");
    let (hard, soft, changes) = compared(&placed, lag);
    assert_ne!(hard["verdict"], "ready");
    assert_eq!(soft["verdict"], "ready");
    let warned = warnings(&changes);
    assert!(warned.contains(&"worker, lag".to_owned()), "{warned:?}");
    let (_, _, changes) = compared(&placed, |plan| plan.to_owned() + "\n# a remark\n");
    assert!(changes.to_string().contains("every term that decides is the same"), "{changes:#}");
    assert_eq!(warnings(&changes), Vec::<String>::new());
}

#[test]
fn terms_that_no_other_key_of_the_report_shows_are_compared() {
    let placed = Placed::new(&World::ready());
    for (from, to, subject) in [
        ("session_max = \"2h\"", "session_max = \"1h\"", "worker, session_max"),
        (
            "{ service_name = \"worker\" }",
            "{ service_name = \"worker\", action = \"call\" }",
            "worker, match",
        ),
        (
            "fallback    = [{ route = \"local\" }]",
            "environments = [\"prod\"]",
            "worker, environments",
        ),
        (
            "markers = [\"doc-key-2024\"]",
            "markers = [\"doc-key-2024\", \"x-2\"]",
            "version v1, markers",
        ),
    ] {
        let (_, _, changes) = compared(&placed, |plan| {
            assert!(plan.contains(from), "{from}");
            plan.replace(from, to)
        });
        let listed = changes["changes"].as_array().expect("changes");
        let change = listed.iter().find(|change| change["subject"] == subject);
        assert!(change.is_some_and(|change| change["weakens"] == true), "{subject}: {changes:#}");
    }
}

#[test]
fn an_older_report_is_compared_as_far_as_it_goes() {
    let placed = Placed::new(&World::ready());
    let new = placed.report(&[]);
    let mut old = new.clone();
    old.as_object_mut().expect("an object").remove("plan");
    let changes = difference(placed.folder.path(), &old, &new);
    assert!(changes.to_string().contains("lacks plan"), "{changes:#}");
}

#[test]
fn the_same_exports_in_a_renamed_folder_are_compared_with_each_other() {
    let was = Placed::new(&second_source(World::ready()));
    let is = Placed::new(&second_source(World::ready()));
    let line = json!({"timestamp": "2026-03-02T20:59:30Z", "message": "tick"}).to_string();
    let grown = is.folder.path().join("in/pods2/x.jsonl");
    let text = fs::read_to_string(&grown).expect("logs") + &line + "\n";
    fs::write(&grown, text).expect("written");
    let changes = difference(was.folder.path(), &was.report(&[]), &is.report(&[]));
    assert_eq!(warnings(&changes), Vec::<String>::new(), "{changes:#}");
    let weakened: Vec<&Value> = changes["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter(|change| change["weakens"] == true)
        .collect();
    assert!(weakened.is_empty(), "{weakened:#?}");
    assert!(changes.to_string().contains("it grew"), "{changes:#}");
}

#[test]
fn a_postmortem_measures_from_the_revocation_and_says_so() {
    let at = "revoked = 2026-03-02T18:00:00Z\nin_flight      =";
    let told = Placed::new(&World::ready().plan("in_flight      =", at)).report(&[]).to_string();
    assert!(!told.contains("last used the old version at 2026-03-02T18:00:00Z"), "{told}");
    assert!(!told.contains("last old use at 2026-03-02T18:00:00Z"), "{told}");
}

#[test]
fn a_draft_that_is_left_as_it_is_names_no_owner_and_no_rollback() {
    let draft = World::ready()
        .plan(
            "rollback       = \"restart with v1\"",
            "rollback       = \"how to restore the old version\"",
        )
        .plan("decision_owner = \"platform\"", "decision_owner = \"who may revoke\"")
        .plan("owner       = \"documents\"", "owner       = \"which team\"");
    let told = Placed::new(&draft).report(&[]);
    assert_eq!(told["verdict"], "inconclusive");
    let text = told["findings"].to_string();
    for said in ["rollback and decision_owner of the rotation", "owner of `worker`"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn one_report_writes_numbers_in_one_way() {
    let lines: Vec<String> = (0..1_500)
        .map(|n| {
            let at = format!("2026-03-02T20:{:02}:{:02}Z", 10 + n / 60, n % 60);
            crate::false_ready::old(&json!({"timestamp": at}))
        })
        .collect();
    let placed = Placed::new(&World::ready().input("other/a.jsonl", &lines));
    let (plan, logs) = (placed.text("plan.toml"), placed.text("in"));
    let output = run(&["report", "-p", &plan, &logs, "--as-of", AS_OF]);
    let text = printed(&output);
    assert!(text.contains("1,500"), "{text}");
    // A place is no number: `a.jsonl:1500`.
    let mut words = text.split_whitespace();
    assert!(!words.any(|word| word == "1500"), "{text}");
}
