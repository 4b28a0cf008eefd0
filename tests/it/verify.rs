/*! `holdover verify`: a report holds as long as nothing that it stands on has changed, and says why it does not. */

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::false_ready::{World, old};
use crate::harness::{printed, run, said, status};

pub(crate) const AS_OF: &str = "2026-03-02T21:00:00Z";
/// Soon after: no class was due since.
pub(crate) const SOON: &str = "2026-03-02T21:30:00Z";

pub(crate) struct Bundled {
    folder: tempfile::TempDir,
}

impl Bundled {
    /// A world, and the bundle that a report over it leaves.
    pub(crate) fn new(world: &World) -> Self {
        let own = Self { folder: tempfile::tempdir().expect("a scratch folder") };
        world.write(own.folder.path());
        let (plan, logs, bundle) = (own.text("plan.toml"), own.text("in"), own.text("bundle"));
        run(&["report", "-p", &plan, &logs, "-o", &bundle, "--as-of", AS_OF]);
        own
    }

    pub(crate) fn ready() -> Self {
        Self::new(&World::ready())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn add(&self, name: &str, lines: &[String]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, lines.join("\n") + "\n").expect("written");
    }

    pub(crate) fn verify(&self, report: &str, more: &[&str]) -> (i32, Value) {
        let (report, logs) = (self.text(report), self.text("in"));
        let mut args = vec!["verify", &report, &logs, "-f", "json"];
        if !more.contains(&"--as-of") {
            args.extend(["--as-of", SOON]);
        }
        args.extend(more);
        let output = run(&args);
        let told = serde_json::from_slice(&output.stdout);
        (status(&output), told.unwrap_or_else(|_| panic!("{args:?}: {}", said(&output))))
    }

    #[track_caller]
    fn ends(&self, expected: i32, because: &str) {
        let (status, told) = self.verify("bundle", &[]);
        assert_eq!(status, expected, "{told:#}");
        assert_eq!(told["holds"], expected == 0, "{told:#}");
        let told_why = told["reasons"].to_string() + &told["not_checked"].to_string();
        assert!(told_why.contains(because), "{told:#}");
    }
}

pub(crate) fn tick(at: &str) -> String {
    json!({"timestamp": at, "message": "tick"}).to_string()
}

/// An old use of somebody whom nobody declared, at a time.
pub(crate) fn used(at: &str) -> Vec<String> {
    vec![old(&json!({"timestamp": at})), tick(at)]
}

#[test]
fn a_ready_report_over_the_same_bytes_holds() {
    let world = Bundled::ready();
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!((status, &told["holds"], &told["verdict"]), (0, &json!(true), &json!("ready")));
    assert_eq!(told["newer_old_use"]["looked"], true);
    fs::rename(world.path("in/main"), world.path("in/moved")).expect("moved");
    assert_eq!(world.verify("bundle", &[]).0, 0, "bytes count, not paths");
    let text = run(&["verify", &world.text("bundle"), &world.text("in"), "--as-of", SOON]);
    assert!(printed(&text).starts_with("HOLDS  the report as of"), "{}", printed(&text));
}

#[test]
fn a_report_that_is_not_ready_never_ends_with_0() {
    let world = World::ready().input("other/a.jsonl", &used("2026-03-02T18:05:00Z"));
    let world = Bundled::new(&world);
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!((status, &told["holds"]), (10, &json!(true)), "{told:#}");
}

#[test]
fn newer_old_use_is_10_whoever_used_it_and_whatever_came_of_it() {
    for fields in [
        json!({}),
        json!({"service_name": "worker"}),
        json!({"outcome": "auth_failure"}),
        json!({"timestamp": "2026-03-02T20:00:00Z"}),
    ] {
        let world = Bundled::ready();
        let mut record = json!({"timestamp": "2026-03-02T21:10:00Z"});
        let own = record.as_object_mut().expect("an object");
        own.extend(fields.as_object().expect("an object").clone());
        world.add("in/later/a.jsonl", &[tick("2026-03-02T19:00:00Z"), old(&record)]);
        let (status, told) = world.verify("bundle", &[]);
        assert_eq!(status, 10, "{fields}: {told:#}");
        assert_eq!(told["newer_old_use"]["events"], 1, "{told:#}");
        assert_eq!(told["inputs"]["new"].as_array().map(Vec::len), Some(1), "{told:#}");
    }
}

#[test]
fn old_use_from_before_the_window_is_not_newer() {
    let world = Bundled::ready();
    world.add("in/earlier/a.jsonl", &used("2026-02-27T10:00:00Z"));
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!(told["newer_old_use"]["events"], 0, "{told:#}");
    assert_ne!(status, 10, "{told:#}");
}

#[test]
fn an_old_marker_that_is_not_understood_takes_the_ready_away() {
    let world = Bundled::ready();
    world.add("in/later/a.jsonl", &["{\"credential_uid\":\"doc-key-2024\", torn".to_owned()]);
    world.ends(11, "a report over the inputs as they are now says");
}

#[test]
fn inputs_that_changed_or_are_missing_are_named() {
    let world = Bundled::ready();
    let logs = world.path("in/main/logs.jsonl");
    let text = fs::read_to_string(&logs).expect("logs");
    fs::write(&logs, text.clone() + &tick("2026-03-02T20:59:00Z") + "\n").expect("written");
    world.ends(11, "1 input changed");
    fs::write(&logs, &text).expect("written");
    world.ends(0, "");
    fs::write(world.path("in/other.jsonl"), tick("2026-03-02T20:00:00Z")).expect("written");
    fs::remove_file(&logs).expect("gone");
    world.ends(11, "1 input missing");
}

#[test]
fn a_report_expires_when_its_window_is_over() {
    let world = Bundled::ready();
    let (_, told) = world.verify("bundle", &[]);
    let expires = told["expires"]["time"].as_str().expect("a time").to_owned();
    let (exit, told) = world.verify("bundle", &["--as-of", &expires]);
    assert_eq!((exit, &told["expires"]["expired"]), (11, &json!(true)), "{told:#}");
    let earlier = holdover::model::Timestamp::from_rfc3339(&expires).expect("a time");
    let earlier = holdover::model::Timestamp(earlier.0 - 1).rfc3339();
    assert_eq!(world.verify("bundle", &["--as-of", &earlier]).0, 0, "a microsecond before it");
    let now = run(&["verify", &world.text("bundle"), &world.text("in")]);
    assert_eq!(status(&now), 11, "today it is long expired: {}", printed(&now));
}

#[test]
fn the_first_class_to_be_due_again_ends_a_report_before_its_window_does() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let bundle = scratch.path().join("bundle").to_string_lossy().into_owned();
    let scenario = "fixtures/scenarios/document-provider/ready";
    let (plan, logs) = (format!("{scenario}/plan.toml"), format!("{scenario}/logs"));
    run(&["report", "-p", &plan, &logs, "-o", &bundle]);
    let at = |now: &str| run(&["verify", &bundle, &logs, "--as-of", now]);
    let before = at("2026-03-07T08:59:59Z");
    assert_eq!(status(&before), 0, "{}", printed(&before));
    let after = at("2026-03-07T09:00:00Z");
    assert_eq!(status(&after), 11, "{}", printed(&after));
    assert!(printed(&after).contains("`reconciliation-cron` is due every 24 h"));
}

#[test]
fn without_the_plan_nothing_is_said_to_hold() {
    let world = Bundled::ready();
    fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
    let (status, told) = world.verify("alone.json", &[]);
    assert_eq!((status, &told["newer_old_use"]["looked"]), (11, &json!(false)), "{told:#}");
    assert!(told["not_checked"].to_string().contains("the verdict"), "{told:#}");
    let text = run(&["verify", &world.text("alone.json"), &world.text("in"), "--as-of", SOON]);
    assert!(printed(&text).starts_with("NOT CHECKED"), "{}", printed(&text));
    let (status, told) = world.verify("alone.json", &["-p", &world.text("plan.toml")]);
    assert_eq!((status, &told["verdict_now"]), (0, &json!("ready")), "it is read again: {told:#}");
    world.add("in/later/a.jsonl", &used("2026-03-02T21:10:00Z"));
    assert_eq!(world.verify("alone.json", &["-p", &world.text("plan.toml")]).0, 10);
}

/// An input that grew holds the old uses that the report has counted. Only a further one is unknown.
#[test]
fn old_use_that_the_report_knows_is_not_called_unknown() {
    // More than a finding cites.
    let known: Vec<String> =
        (10..40).flat_map(|minute| used(&format!("2026-03-02T20:{minute}:00Z"))).collect();
    let world = Bundled::new(&World::ready().input("other/b.jsonl", &known));
    fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
    let input = world.path("in/other/b.jsonl");
    let grow = |lines: &[String]| {
        let text = fs::read_to_string(&input).expect("an input") + &lines.join("\n") + "\n";
        fs::write(&input, text).expect("written");
    };
    grow(&[tick("2026-03-02T21:05:00Z")]);
    let plan = world.text("plan.toml");
    for report in ["bundle", "alone.json"] {
        let (exit, told) = world.verify(report, &["-p", &plan]);
        assert_eq!((exit, &told["newer_old_use"]["events"]), (11, &json!(0)), "{told:#}");
        assert_eq!(told["inputs"]["changed"].as_array().map(Vec::len), Some(1), "{told:#}");
    }
    grow(&used("2026-03-02T21:06:00Z"));
    for report in ["bundle", "alone.json"] {
        let (exit, told) = world.verify(report, &["-p", &plan]);
        assert_eq!((exit, &told["newer_old_use"]["events"]), (10, &json!(1)), "{told:#}");
    }
}

/// A report alone names the digest of its plan. One of an older version does not.
#[test]
fn a_report_alone_knows_its_plan() {
    let world = Bundled::ready();
    let plan = fs::read_to_string(world.path("plan.toml")).expect("a plan");
    fs::write(world.path("other.toml"), plan + "# one more line\n").expect("written");
    fs::copy(world.path("bundle/report.json"), world.path("alone.json")).expect("copied");
    let (status, told) = world.verify("alone.json", &["-p", &world.text("other.toml")]);
    assert_eq!((status, &told["plan_changed"]), (11, &json!(true)), "{told:#}");
    let text = fs::read_to_string(world.path("alone.json")).expect("a report");
    let mut older: Value = serde_json::from_str(&text).expect("JSON");
    older.as_object_mut().expect("an object").remove("plan");
    fs::write(world.path("alone.json"), older.to_string()).expect("written");
    let (status, told) = world.verify("alone.json", &["-p", &world.text("plan.toml")]);
    assert_eq!((status, &told["plan_changed"]), (11, &json!(false)), "{told:#}");
    assert!(told["not_checked"].to_string().contains("digest"), "{told:#}");
}

#[test]
fn another_plan_is_said_to_be_one() {
    let world = Bundled::ready();
    let plan = fs::read_to_string(world.path("plan.toml")).expect("a plan");
    fs::write(world.path("other.toml"), plan + "# one more line\n").expect("written");
    let (status, told) = world.verify("bundle", &["-p", &world.text("other.toml")]);
    assert_eq!((status, &told["plan_changed"]), (11, &json!(true)), "{told:#}");
}

#[test]
fn a_bundle_that_was_tampered_with_vouches_for_nothing() {
    let world = Bundled::ready();
    let report = fs::read_to_string(world.path("bundle/report.json")).expect("a report");
    fs::write(world.path("bundle/report.json"), report + " ").expect("written");
    let output = run(&["verify", &world.text("bundle"), &world.text("in")]);
    assert_eq!(status(&output), 1);
    assert!(said(&output).contains("is not the file that was written"), "{}", said(&output));
}

#[test]
fn a_report_without_digests_cannot_be_verified() {
    let world = Bundled::ready();
    let (plan, logs, bundle) = (world.text("plan.toml"), world.text("in"), world.text("bundle"));
    let more = ["-o", &bundle, "--digest", "none", "--as-of", AS_OF];
    run(&[&["report", "-p", &plan, &logs], &more[..]].concat());
    world.ends(11, "without a digest");
}

#[test]
fn a_report_with_blake3_is_verified_by_it() {
    let world = Bundled::ready();
    let (plan, logs, bundle) = (world.text("plan.toml"), world.text("in"), world.text("bundle"));
    let more = ["-o", &bundle, "--digest", "blake3", "--as-of", AS_OF];
    run(&[&["report", "-p", &plan, &logs], &more[..]].concat());
    let report = fs::read_to_string(world.path("bundle/report.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let input = &report["inputs"][0];
    let digits = input["blake3"].as_str().unwrap_or_default();
    assert!(digits.len() == 64 && input["sha256"].is_null(), "{input:#}");
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!(status, 0, "{told:#}");
    let sql = "SELECT sha256, blake3 FROM inputs";
    let found = run(&["query", &bundle, "--sql", sql]);
    assert!(String::from_utf8_lossy(&found.stdout).contains(digits), "{}", said(&found));
    let shown = run(&["show", &bundle, "E1"]);
    assert_eq!(crate::harness::status(&shown), 0, "{}", said(&shown));
    let stated = run(&["report", "-p", &plan, &logs, "--digest", "blake3", "-f", "in-toto"]);
    let stated = String::from_utf8_lossy(&stated.stdout).into_owned();
    assert!(stated.contains(&format!("\"blake3\": \"{digits}\"")), "{stated}");
    let file = input["path"].as_str().expect("a path");
    let bytes = fs::read(file).expect("bytes");
    fs::write(file, [bytes.as_slice(), b"\n"].concat()).expect("written");
    let (status, told) = world.verify("bundle", &[]);
    assert_eq!(status, 11, "{told:#}");
}

#[test]
fn a_waiver_that_has_ended_no_longer_holds_the_report_up() {
    let waiver = "[[waiver]]\nrule = \"incomplete-plan\"\nclass = \"replay\"\nowner = \"platform\"\n\
                  until = 2026-03-02T21:20:00Z\nreason = \"nobody took it over yet\"\n";
    let world = World::ready().plan("owner       = \"support\"\n", "").source(waiver);
    let world = Bundled::new(&world);
    let report = fs::read_to_string(world.path("bundle/report.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["waivers"][0]["in_force"], true, "{:#}", report["waivers"]);
    let rests = report["waivers"][0]["findings"].as_array().is_some_and(|all| !all.is_empty());
    let (_, told) = world.verify("bundle", &[]);
    let ended = told["reasons"].to_string().contains("ended at 2026-03-02T21:20:00Z");
    assert_eq!(ended, rests, "{told:#}");
    assert!(rests, "the waiver takes a finding out: {:#}", report["findings"]);
    let (_, told) = world.verify("bundle", &["--as-of", "2026-03-02T21:19:59Z"]);
    assert!(!told["reasons"].to_string().contains("ended at"), "{told:#}");
}

#[test]
fn a_report_that_was_edited_is_3() {
    let edits: [fn(&mut Value); 8] = [
        |report| drop(report.as_object_mut().expect("keys").remove("classes")),
        |report| drop(report.as_object_mut().expect("keys").remove("inputs")),
        |report| report["classes"] = json!([]),
        |report| report["classes"][0]["verdict"] = json!("not_ready"),
        |report| report["classes"][0]["safe_to_revoke"] = json!(false),
        |report| report["accounting"]["records"] = json!(1),
        |report| report["inputs"][0]["sha256"] = json!("abc"),
        |report| report["window"]["to"] = json!("2026-03-02T20:00:00Z"),
    ];
    let world = Bundled::ready();
    let report = fs::read_to_string(world.path("bundle/report.json")).expect("a report");
    for (number, edit) in edits.iter().enumerate() {
        let mut report: Value = serde_json::from_str(&report).expect("JSON");
        edit(&mut report);
        fs::write(world.path("edited.json"), report.to_string()).expect("written");
        let (report, plan) = (world.text("edited.json"), world.text("plan.toml"));
        let output = run(&["verify", &report, &world.text("in"), "-p", &plan, "--as-of", SOON]);
        assert_eq!(status(&output), 3, "edit {number}: {}", said(&output));
    }
}

#[test]
fn a_report_without_a_key_that_the_check_needs_is_11() {
    let world = Bundled::ready();
    let report = fs::read_to_string(world.path("bundle/report.json")).expect("a report");
    for (key, expected) in [("timeline", 0), ("layers", 0), ("findings", 11)] {
        let mut report: Value = serde_json::from_str(&report).expect("JSON");
        report.as_object_mut().expect("keys").remove(key).filter(|_| key != "findings");
        for class in report["classes"].as_array_mut().expect("classes") {
            class.as_object_mut().expect("keys").remove(key);
        }
        if key == "findings" {
            report["findings"] = json!([]);
        }
        fs::write(world.path("older.json"), report.to_string()).expect("written");
        let (status, verified) = world.verify("older.json", &["-p", &world.text("plan.toml")]);
        assert_eq!(status, expected, "{key}: {verified:#}");
        let is_named = verified["reasons"].to_string().contains("`classes[].findings`");
        assert_eq!(is_named, key == "findings", "{verified:#}");
    }
}

#[test]
fn what_is_not_a_report_is_3() {
    let world = Bundled::ready();
    for (name, text) in [("a.json", "{}"), ("b.json", "not"), ("c.json", "{\"schema\":\"x/2\"}")] {
        fs::write(world.path(name), text).expect("written");
        let output = run(&["verify", &world.text(name), &world.text("in")]);
        assert_eq!(status(&output), 3, "{name}: {}", said(&output));
    }
}
