/*! `holdover show`: from an evidence id to the record in its export. */

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::harness::{holdover, printed, run, said, status};
use crate::ingest::combinations::PLAN;

struct World {
    folder: tempfile::TempDir,
}

impl World {
    /// Exports of one file, and the bundle that a report over it leaves.
    fn new(records: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a scratch folder") };
        fs::write(world.path("plan.toml"), PLAN).expect("a plan");
        fs::create_dir(world.path("in")).expect("a folder");
        fs::write(world.input(), records).expect("a file");
        let (plan, input) = (world.text("plan.toml"), world.text("in"));
        run(&["report", "-p", &plan, &input, "-o", &world.text("bundle")]);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    fn input(&self) -> PathBuf {
        self.path("in/a.jsonl")
    }

    fn report(&self) -> Value {
        let text = fs::read(self.path("bundle/report.json")).expect("a report");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn show(&self, more: &[&str]) -> (i32, String) {
        let bundle = self.text("bundle");
        let output = run(&[&["show", &bundle], more].concat());
        (status(&output), printed(&output) + &said(&output))
    }
}

fn line(minute: u32, more: &str) -> String {
    format!(
        "{{\"time\":\"2026-03-02T10:{minute:02}:00Z\",\"service\":\"app\",\"n\":{minute}{more}}}\n"
    )
}

/// One old use among records of its class.
fn exports() -> String {
    let used = ",\"action\":\"call\",\"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\"";
    (0..9).map(|minute| line(minute, if minute == 4 { used } else { "" })).collect()
}

/// The old use of one address, and a new one of another.
fn members() -> String {
    let used = |address: &str, version: &str| {
        format!(
            ",\"action\":\"call\",\"client_address\":\"{address}\",\"credential_uid\":\"doc-key-{version}\",\"outcome\":\"success\""
        )
    };
    let more = |minute| match minute {
        2 | 4 => used("203.0.113.77", "2024"),
        6 => used("203.0.113.80", "2026"),
        8 => used("203.0.113.78", "2024"),
        _ => String::new(),
    };
    (0..9).map(|minute| line(minute, &more(minute))).collect()
}

#[test]
fn a_member_is_shown_as_the_report_names_it() {
    let world = World::new(&members());
    let report = world.report();
    let holders = report["classes"][0]["holders"].as_array().expect("holders").clone();
    let is_own = |holder: &&Value| holder["value"] == "203.0.113.78";
    let own = holders.iter().find(is_own).unwrap_or_else(|| panic!("{holders:?}"));
    let ids = own["evidence"].as_array().expect("evidence");
    for name in ["address=203.0.113.78", "client_address=203.0.113.78", "address 203.0.113.78"] {
        let (status, text) = world.show(&[name]);
        assert_eq!(status, 0, "{text}");
        assert!(text.starts_with("address 203.0.113.78 of "), "{text}");
        let last = own["last_old_use"].as_str().expect("a time");
        assert!(text.contains(&format!("last old use: {last}")), "{text}");
        assert!(!ids.is_empty() && ids.iter().all(|id| text.contains(id.as_str().expect("an id"))));
        assert!(text.contains("   > ") && text.contains("doc-key-2024"), "its record: {text}");
    }
    let (status, text) = world.show(&["address=203.0.113.79"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("no member `address 203.0.113.79` used the old version"), "{text}");
    assert!(text.contains("`address=203.0.113.78`"), "{text}");
    let (status, text) = world.show(&["host=web-1"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("the report tells no members apart by their host"), "{text}");
}

#[test]
fn each_id_of_a_report_is_shown_as_it_stands_in_its_export() {
    let world = World::new(&exports());
    let cited = world.report()["evidence"].as_array().expect("evidence").clone();
    assert!(!cited.is_empty());
    let lines: Vec<String> = exports().lines().map(str::to_owned).collect();
    for one in &cited {
        let record = one["record"].as_u64().and_then(|record| usize::try_from(record).ok());
        let record = record.expect("a record");
        let (status, text) = world.show(&[one["id"].as_str().expect("an id")]);
        assert_eq!(status, 0, "{text}");
        assert!(text.contains(one["says"].as_str().expect("words")), "{text}");
        assert!(text.contains(&format!("   > {}", lines[record - 1])), "{text}");
        let around = [record - 3, record - 2, record, record + 1];
        assert!(around.iter().all(|at| text.contains(&format!("     {}", lines[*at]))), "{text}");
        assert!(!text.contains(&lines[record + 2]), "two neighbours on each side: {text}");
    }
}

#[test]
fn ids_may_be_several_and_the_context_of_any_size() {
    let world = World::new(&exports());
    let (status, text) = world.show(&["E1", "e1", "--context", "0"]);
    assert_eq!(status, 0);
    assert_eq!(text.matches("   > ").count(), 2, "{text}");
    assert!(!text.contains("\"n\":3"), "{text}");
    let (_, text) = world.show(&["E1", "--context", "100"]);
    assert_eq!(text.matches("\"n\":").count(), 9, "{text}");
    let (_, text) = world.show(&["E1", "--chars", "10"]);
    assert!(text.contains("   > {\"time\":\"…\n"), "{text}");
}

#[test]
fn an_unknown_id_is_wrong_usage_and_the_known_ones_are_named() {
    let world = World::new(&exports());
    let last = world.report()["evidence"].as_array().expect("evidence").len();
    let (status, text) = world.show(&["E999"]);
    assert_eq!(status, 2);
    assert!(text.contains("no evidence `E999`") && text.contains(&format!("E{last}`")), "{text}");
    let (status, text) = world.show(&["F1"]);
    assert_eq!(status, 2, "{text}");
}

#[test]
fn a_record_that_cannot_be_read_again_is_said_to_be_so() {
    let world = World::new(&exports());
    let changed = exports().replace("\"n\":8", "\"n\":7");
    fs::write(world.input(), &changed).expect("a file");
    let (status, text) = world.show(&["E1"]);
    assert_eq!(status, 4);
    assert!(text.contains("not shown: the input has changed") && !text.contains("\"n\""), "{text}");
    fs::remove_file(world.input()).expect("gone");
    let (status, text) = world.show(&["E1"]);
    assert_eq!(status, 4);
    assert!(text.contains("cannot be read") && text.contains("where the input is now"), "{text}");
}

#[test]
fn an_input_that_was_moved_is_read_where_it_lies() {
    let world = World::new(&exports());
    fs::create_dir(world.path("elsewhere")).expect("a folder");
    fs::rename(world.input(), world.path("elsewhere/a.jsonl")).expect("moved");
    assert_eq!(world.show(&["E1"]).0, 4);
    let (status, text) = world.show(&["E1", &world.text("elsewhere")]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("   > "), "{text}");
}

#[test]
fn what_came_from_standard_input_cannot_be_shown() {
    let world = World::new(&exports());
    let (plan, bundle) = (world.text("plan.toml"), world.text("bundle"));
    let mut command = holdover(&["report", "-p", &plan, "-", "-o", &bundle]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(exports().as_bytes()).expect("written");
    drop(stdin);
    child.wait().expect("an end");
    let (status, text) = world.show(&["E1"]);
    assert_eq!(status, 4);
    assert!(text.contains("standard input"), "{text}");
}

#[test]
fn nothing_of_a_record_reaches_the_terminal_as_it_is() {
    let hostile = ",\"credential_uid\":\"doc-key-2024\",\"outcome\":\"success\",\
                   \"note\":\"\u{7f}\u{202e}\u{9b}5n\",\"password\":\"hunter2hunter2\"";
    let world = World::new(&(line(3, hostile) + &line(4, hostile)));
    let (_, text) = world.show(&["E1"]);
    assert!(text.contains("\\u{7f}\\u{202e}\\u{9b}5n") && text.contains("fp:"), "{text}");
    assert!(
        !text.contains(['\u{7f}', '\u{202e}', '\u{9b}']) && !text.contains("hunter2"),
        "{text}"
    );
}

#[test]
fn a_folder_that_is_no_bundle_is_said_to_be_none() {
    let output = run(&["show", "fixtures", "E1"]);
    assert_eq!(status(&output), 1);
    assert!(said(&output).contains("is not a bundle"), "{}", said(&output));
}
