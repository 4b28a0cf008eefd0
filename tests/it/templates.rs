/*! `holdover plan new`: each template is a plan that is read, names its exports, and is never enough for a verdict. */

use std::fs;

use holdover::plan::{is_unsaid, templates};
use holdover::{pipeline, plan};

use crate::harness::{printed, root, run, said, status};

#[test]
fn each_template_is_a_plan_that_names_its_exports_and_what_they_cannot_show() {
    assert!(templates::TEMPLATES.len() >= 12);
    for (name, text) in templates::TEMPLATES {
        let path = root().join("templates").join(format!("{name}.toml"));
        let plan = pipeline::load_plan(&path).expect(name).plan;
        assert!(plan.consumers.len() >= 3, "{name}");
        let lines: Vec<&str> = text.lines().collect();
        let exports = lines
            .split(|line| *line == "#")
            .filter(|block| block.first().is_some_and(|line| line.starts_with("# export: ")));
        let with_commands: Vec<bool> =
            exports.map(|block| block.iter().any(|line| line.starts_with("#   $ "))).collect();
        assert!(!with_commands.is_empty() && with_commands.iter().all(|has| *has), "{name}");
        assert!(lines.iter().any(|line| line.starts_with("# cannot show: ")), "{name}");
        // Whatever is left open counts as missing.
        assert!(is_unsaid(plan.rotation.rollback.as_deref()), "{name}");
        assert!(is_unsaid(plan.rotation.decision_owner.as_deref()), "{name}");
        for consumer in &plan.consumers {
            assert!(is_unsaid(consumer.owner.as_deref()), "{name}");
        }
        assert!(templates::unfilled(text).len() >= 8, "{name}");
    }
}

#[test]
fn each_file_of_the_folder_is_a_template() {
    let files = fs::read_dir(root().join("templates")).expect("the folder");
    assert_eq!(files.count(), templates::TEMPLATES.len());
}

#[test]
fn an_unfilled_template_is_never_ready() {
    let logs = "fixtures/scenarios/document-provider/ready/logs";
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let path = scratch.path().join("plan.toml");
    let file = path.to_string_lossy();
    let written = run(&["plan", "new", "vendor-api-key", "-o", &file]);
    assert_eq!(status(&written), 0, "{}", said(&written));
    assert!(printed(&written).contains("fill in "), "{}", printed(&written));
    // With the markers and the time filled in, and nothing else.
    let text = fs::read_to_string(&path).expect("a plan");
    let text = text
        .replace("<key id of the old key>", "doc-key-2024")
        .replace("<key id of the new key>", "doc-key-2026")
        .replace("2099-01-01T00:00:00Z", "2026-03-02T09:00:00Z");
    fs::write(&path, text).expect("a plan");
    let report = run(&["report", "-p", &file, logs]);
    assert_eq!(status(&report), 10, "{}", said(&report));
    let again = run(&["plan", "new", "vendor-api-key", "-o", &file]);
    assert_eq!(status(&again), 1, "an existing file is left as it is");
}

#[test]
fn names_are_listed_and_a_wrong_one_gets_the_nearest() {
    let list = printed(&run(&["plan", "new"]));
    for (name, _) in templates::TEMPLATES {
        assert!(list.lines().any(|line| line.starts_with(name)), "{name}");
    }
    let wrong = run(&["plan", "new", "aws-acess-key"]);
    assert_eq!(status(&wrong), 2);
    assert!(said(&wrong).contains("the nearest is `aws-access-key`"), "{}", said(&wrong));
}

#[test]
fn a_check_names_the_lines_that_are_still_open() {
    let checked = run(&["plan", "check", "templates/vault-kv.toml"]);
    assert_eq!(status(&checked), 0, "{}", said(&checked));
    assert!(printed(&checked).contains("still to fill in"), "{}", printed(&checked));
    let whole = "fixtures/scenarios/document-provider/ready/plan.toml";
    assert!(!printed(&run(&["plan", "check", whole])).contains("fill in"));
    assert!(plan::templates::template("vault-kv").is_ok());
}
