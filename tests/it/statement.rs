//! An in-toto statement vouches for one report, its plan and its inputs, and can be signed by a tool of the field.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{printed, root, run, said, skip, status};
use crate::verify::{AS_OF, Bundled, SOON};

/// A way to change a statement.
type Change = fn(&mut Value);

struct Stated(Bundled);

impl Stated {
    fn new() -> Self {
        let world = Bundled::ready();
        let (plan, logs) = (world.text("plan.toml"), world.text("in"));
        for (format, file) in [("json", "report.json"), ("in-toto", "statement.json")] {
            let output = run(&["report", "-p", &plan, &logs, "--as-of", AS_OF, "-f", format]);
            assert_eq!(status(&output), 0, "{}", said(&output));
            fs::write(world.path(file), output.stdout).expect("written");
        }
        Self(world)
    }

    fn statement(&self) -> Value {
        let text = fs::read(self.0.path("statement.json")).expect("a statement");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// The exit status with the statement changed in this way, and what was said.
    fn verified(&self, change: impl FnOnce(&mut Value)) -> (i32, String) {
        let mut statement = self.statement();
        change(&mut statement);
        fs::write(self.0.path("changed.json"), statement.to_string()).expect("written");
        let output = run(&[
            "verify",
            &self.0.text("report.json"),
            &self.0.text("in"),
            "-p",
            &self.0.text("plan.toml"),
            "--statement",
            &self.0.text("changed.json"),
            "--as-of",
            SOON,
        ]);
        (status(&output), printed(&output) + &said(&output))
    }
}

#[test]
fn a_statement_vouches_for_one_report_its_plan_and_its_inputs() {
    let stated = Stated::new();
    let statement = stated.statement();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    let subjects = statement["subject"].as_array().expect("subjects");
    let names: Vec<&str> = subjects.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(&names[..2], ["report.json", "plan.toml"]);
    assert!(
        subjects.iter().all(|one| {
            one["digest"]["sha256"].as_str().is_some_and(|digest| digest.len() == 64)
        })
    );
    assert_eq!(statement["predicate"]["verdict"], "ready");
    assert_eq!(stated.verified(|_| ()).0, 0, "{}", stated.verified(|_| ()).1);
    let changes: [(Change, &str); 5] = [
        (|it| it["subject"][0]["digest"]["sha256"] = json!("00"), "on another report"),
        (|it| it["subject"][1]["digest"]["sha256"] = json!("00"), "does not name the plan"),
        (|it| it["subject"][2]["digest"]["sha256"] = json!("00"), "does not vouch for 1 input"),
        (|it| it["predicate"]["inputs_without_digest"] = json!(2), "does not vouch for 2 inputs"),
        (|it| it["predicate"]["verdict"] = json!("not_ready"), "another verdict"),
    ];
    for (change, reason) in changes {
        let (status, told) = stated.verified(change);
        assert_eq!(status, 11, "{reason}: {told}");
        assert!(told.contains(reason), "{reason}: {told}");
    }
    let (status, told) = stated.verified(|it| it["predicateType"] = json!("slsa"));
    assert_eq!(status, 3, "{told}");
    assert!(told.contains("expected an in-toto statement"), "{told}");
}

/// The commands of the page, with this program first among them.
fn recipe() -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/signing.md")).expect("the page");
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

fn shell(line: &str, folder: &Path) {
    let binary = Path::new(env!("CARGO_BIN_EXE_holdover")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", binary.display()))
        .output()
        .expect("a shell");
    assert!(output.status.success(), "{line}: {}{}", printed(&output), said(&output));
}

#[test]
fn the_recipe_signs_a_statement_with_a_key_made_here() {
    if Command::new("minisign").arg("-v").output().is_err() {
        return skip("`minisign` is not installed");
    }
    let world = Bundled::ready();
    fs::rename(world.path("in"), world.path("exports")).expect("renamed");
    let lines = recipe();
    assert!(lines.len() >= 6, "{lines:?}");
    for line in lines {
        let as_of = if line.contains("verify") { SOON } else { AS_OF };
        let line = if line.starts_with("holdover report") {
            line.replace(" > ", &format!(" --as-of {as_of} > "))
        } else if line.starts_with("holdover verify") {
            format!("{line} --as-of {as_of}")
        } else {
            line
        };
        shell(&line, world.path("").as_path());
    }
    let mut statement = fs::read_to_string(world.path("statement.json")).expect("a statement");
    statement = statement.replace("\"verdict\": \"ready\"", "\"verdict\": \"not_ready\"");
    fs::write(world.path("statement.json"), statement).expect("written");
    let forged = Command::new("minisign")
        .args(["-V", "-p", "holdover.pub", "-m", "statement.json"])
        .current_dir(world.path(""))
        .output()
        .expect("minisign");
    assert!(!forged.status.success(), "a changed statement has no good signature");
}
