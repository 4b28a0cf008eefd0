/*! `holdover verify` makes the verdict anew: an edited report holds no longer, and what cannot be checked is said. */

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use sha2::Digest;

use crate::false_ready::World;
use crate::harness::{printed, run, said, status};
use crate::verify::{AS_OF, Bundled, SOON, tick, used};

impl Bundled {
    /// Changes the report in the bundle, and makes the manifest fit.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Value)) {
        let mut report: Value =
            serde_json::from_slice(&fs::read(self.path("bundle/report.json")).expect("a report"))
                .expect("JSON");
        edit(&mut report);
        self.replace("report.json", report.to_string().as_bytes());
    }

    /// Replaces a file of the bundle, and makes the manifest fit.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("bundle").join(name), bytes).expect("written");
        self.edit_manifest(|listed| {
            for file in listed["files"].as_array_mut().expect("files") {
                if file["name"] == name {
                    file["bytes"] = json!(bytes.len());
                    file["sha256"] = json!(sha256(bytes));
                }
            }
        });
    }

    pub(crate) fn edit_manifest(&self, edit: impl FnOnce(&mut Value)) {
        let manifest = self.path("bundle/bundle.json");
        let mut listed: Value =
            serde_json::from_slice(&fs::read(&manifest).expect("a manifest")).expect("JSON");
        edit(&mut listed);
        fs::write(manifest, listed.to_string()).expect("written");
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    holdover::model::hex(&sha2::Sha256::digest(bytes))
}

/// Makes a report that says ready of one that does not, so that it does not contradict itself.
fn made_ready(report: &mut Value) {
    report["verdict"] = json!("ready");
    for key in ["findings", "waivers", "missing_proof", "containment", "undeclared"] {
        report[key] = json!([]);
    }
    for class in report["classes"].as_array_mut().expect("classes") {
        class["verdict"] = json!("ready");
        class["safe_to_revoke"] = json!(true);
        class["findings"] = json!([]);
    }
    for item in report["checklist"].as_array_mut().expect("a checklist") {
        item["status"] = json!("yes");
    }
}

#[test]
fn a_verdict_that_the_inputs_do_not_give_does_not_hold() {
    let worlds = [
        World::ready().input("other/a.jsonl", &used("2026-03-02T18:05:00Z")),
        World::ready().plan("owner       = \"support\"\n", ""),
    ];
    for world in worlds {
        let world = Bundled::new(&world);
        let true_verdict = world.verify("bundle", &[]).1["verdict_now"].clone();
        assert_ne!(true_verdict, "ready");
        world.edit(made_ready);
        let (status, told) = world.verify("bundle", &[]);
        assert_eq!((status, &told["verdict"]), (11, &json!("ready")), "{told:#}");
        assert_eq!(told["verdict_now"], true_verdict, "{told:#}");
        fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
        let plan = world.text("plan.toml");
        assert_eq!(world.verify("alone.json", &["-p", &plan]).0, 11, "alone it is the same");
        let kept = run(&["verify", &world.text("bundle"), "--as-of", SOON]);
        assert_eq!(status_and_head(&kept), (11, "NO LONGER HOLDS".to_owned()));
    }
}

fn status_and_head(output: &Output) -> (i32, String) {
    let text = printed(output);
    (status(output), text.split("  ").next().unwrap_or_default().to_owned())
}

#[test]
fn a_report_that_says_worse_than_the_inputs_does_not_hold_either() {
    let world = Bundled::ready();
    world.edit(|report| {
        report["verdict"] = json!("inconclusive");
        report["classes"][0]["verdict"] = json!("inconclusive");
        report["classes"][0]["safe_to_revoke"] = json!(false);
    });
    let output = run(&["verify", &world.text("bundle"), &world.text("in"), "--as-of", SOON]);
    // The strict reader may see first that no finding carries such a verdict.
    assert!([3, 11].contains(&status(&output)), "{}{}", printed(&output), said(&output));
}

#[test]
fn an_instant_before_the_report_is_11() {
    let world = Bundled::ready();
    assert_eq!(world.verify("bundle", &["--as-of", AS_OF]).0, 0, "its own instant is in it");
    for before in ["2026-03-02T20:59:59Z", "2026-02-01T00:00:00Z"] {
        let (status, told) = world.verify("bundle", &["--as-of", before]);
        assert_eq!((status, &told["holds"]), (11, &json!(false)), "{told:#}");
        assert!(told["reasons"].to_string().contains("before its own"), "{told:#}");
    }
}

#[test]
fn without_exports_the_scans_of_the_bundle_are_judged_and_the_rest_is_not_checked() {
    let world = Bundled::ready();
    let bundle = world.text("bundle");
    fs::remove_dir_all(world.path("in")).expect("the exports are elsewhere");
    let output = run(&["verify", &bundle, "--as-of", SOON, "-f", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((status(&output), &told["verdict_now"]), (11, &json!("ready")), "{told:#}");
    assert_eq!(told["reasons"], json!([]), "{told:#}");
    assert!(told["not_checked"].to_string().contains("no exports are given"), "{told:#}");
    fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
    let plan = world.text("plan.toml");
    let output = run(&["verify", &world.text("alone.json"), "-p", &plan, "--as-of", SOON]);
    assert_eq!(status_and_head(&output), (11, "NOT CHECKED".to_owned()));
}

#[test]
fn a_bundle_knows_its_exports_and_sees_what_was_added_to_them() {
    let world = Bundled::ready();
    let bundle = world.text("bundle");
    let verify = || {
        let output = run(&["verify", &bundle, "--as-of", SOON, "-f", "json"]);
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (status(&output), told)
    };
    let (unchanged, told) = verify();
    assert_eq!((unchanged, &told["not_checked"]), (0, &json!([])), "{told:#}");
    fs::create_dir_all(world.path("in/late")).expect("a folder");
    fs::write(world.path("in/late/a.jsonl"), used("2026-03-02T20:30:00Z").join("\n"))
        .expect("written");
    assert_eq!(verify().0, 10, "a newer old use in a new file");
    fs::remove_dir_all(world.path("in/late")).expect("removed");
    let first = walkdir::WalkDir::new(world.path("in")).into_iter().filter_map(Result::ok);
    let first = first
        .into_iter()
        .find(|entry: &walkdir::DirEntry| entry.file_type().is_file())
        .expect("an export");
    fs::remove_file(first.path()).expect("removed");
    assert_ne!(verify().0, 0, "an export is missing");
}

#[test]
fn a_use_that_the_report_knows_is_not_newer_although_its_input_has_grown() {
    let world = World::ready().input("other/a.jsonl", &used("2026-03-02T18:05:00Z"));
    let world = Bundled::new(&world);
    let grown = world.path("in/other/a.jsonl");
    let text = fs::read_to_string(&grown).expect("logs");
    fs::write(&grown, text.clone() + &tick("2026-03-02T21:05:00Z") + "\n").expect("written");
    fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
    let plan = world.text("plan.toml");
    for report in ["bundle", "alone.json"] {
        let (status, told) = world.verify(report, &["-p", &plan]);
        assert_eq!(told["newer_old_use"]["events"], 0, "{report}: {told:#}");
        assert_eq!(status, 11, "{report}: {told:#}");
        assert!(told["reasons"].to_string().contains("1 input changed"), "{told:#}");
    }
    let more = used("2026-03-02T21:06:00Z").join("\n") + "\n";
    fs::write(&grown, text + &more).expect("written");
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!((status, &told["newer_old_use"]["events"]), (10, &json!(1)), "{told:#}");
}

#[test]
fn a_plan_that_the_manifest_does_not_list_is_not_used() {
    let world = Bundled::ready();
    let manifest = world.path("bundle/bundle.json");
    let mut listed: Value =
        serde_json::from_slice(&fs::read(&manifest).expect("a manifest")).expect("JSON");
    listed["files"].as_array_mut().expect("files").retain(|file| file["name"] != "plan.toml");
    fs::write(manifest, listed.to_string()).expect("written");
    let output = run(&["verify", &world.text("bundle"), &world.text("in"), "--as-of", SOON]);
    assert_eq!(status(&output), 1);
    assert!(said(&output).contains("it holds no `plan.toml`"), "{}", said(&output));
}
