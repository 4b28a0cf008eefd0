/*! What makes a cached scan stale (links in later inputs, another plan, a later time of the run), and what does not. */

use std::fs;

use holdover::model::Timestamp;
use serde_json::{Value, json};

use super::{NOW, World};
use crate::ingest::combinations::PLAN;

/// A use of a session key. Only the record that issued the key links it to a version.
pub(crate) fn used(at: &str, key: &str) -> String {
    json!({
        "eventVersion": "1.08", "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
        "eventTime": at, "eventID": format!("{at}-{key}"), "awsRegion": "eu-west-1",
        "sourceIPAddress": "10.0.0.1", "userAgent": "app",
        "userIdentity": {"type": "AssumedRole", "accessKeyId": key, "principalId": "AROA:app"},
    })
    .to_string()
}

pub(crate) fn issued(at: &str, by: &str, key: &str) -> String {
    json!({
        "eventVersion": "1.08", "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
        "eventTime": at, "eventID": format!("{at}-{by}"), "awsRegion": "eu-west-1",
        "sourceIPAddress": "10.0.0.1", "userAgent": "app",
        "userIdentity": {"type": "IAMUser", "accessKeyId": by, "userName": "app"},
        "responseElements": {"credentials": {"accessKeyId": key}},
    })
    .to_string()
}

pub(crate) fn trail(records: &[String]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

const OLD: &str = "AKIAOLDOLDOLDOLDOLD1";
const SESSION: &str = "ASIASESSIONSESSION01";

fn cloud() -> World {
    let plan = PLAN.replace("doc-key-2024", OLD).replace("doc-key-2026", "AKIANEWNEWNEWNEWNEW1");
    World::new(&plan.replace("service_name = \"app\"", "user_agent = \"nobody\""))
}

fn old_uses(report: &Value) -> u64 {
    let consumers = report["undeclared"].as_array().expect("a list");
    consumers.iter().filter_map(|consumer| consumer["events"].as_u64()).sum()
}

/// Does a finding say that there is no verdict because of this input?
fn withheld(report: &Value, path: &str) -> bool {
    let findings = report["findings"].as_array().expect("findings");
    let names = |finding: &Value| {
        finding["rule"] == "damaged-input"
            && finding["severity"] == "withholds"
            && finding["summary"].as_str().is_some_and(|text| text.contains(path))
    };
    findings.iter().any(names)
}

#[test]
fn an_input_is_stale_when_a_later_one_links_its_keys_until_it_is_read_again() {
    let world = cloud();
    let uses = [used("2026-03-02T10:00:00Z", SESSION), used("2026-03-02T11:00:00Z", SESSION)];
    let one = world.write("in/1/a.json", &trail(&uses));
    let two = world.write("in/2/b.json", &trail(&[issued("2026-03-02T09:30:00Z", OLD, SESSION)]));
    let whole = world.report(&[&one, &two]);
    assert_eq!(old_uses(&whole), 3, "{:#}", whole["undeclared"]);
    assert_eq!(world.add(&[&one]).stale, Vec::<String>::new());
    assert_eq!(world.add(&[&two]).stale, [one.as_str()]);
    let kept = world.kept();
    assert!(old_uses(&kept) < 3 && withheld(&kept, "a.json"), "{:#}", kept["findings"]);
    assert_ne!(kept["verdict"], "ready");
    let counts = world.add(&[&one]);
    assert_eq!((counts.stale.len(), counts.read, counts.known), (0, 1, 1));
    assert_eq!(world.kept(), whole);
    fs::remove_dir_all(world.path("in")).expect("the exports are gone");
    assert_eq!(world.kept(), whole);
}

#[test]
fn known_links_apply_to_new_inputs_and_other_links_make_nothing_stale() {
    let world = cloud();
    let issue = world.write("in/1/a.json", &trail(&[issued("2026-03-02T09:30:00Z", OLD, SESSION)]));
    let first = world.write("in/2/b.json", &trail(&[used("2026-03-02T10:00:00Z", SESSION)]));
    let later = world.write("in/3/c.json", &trail(&[used("2026-03-02T11:00:00Z", SESSION)]));
    world.add(&[&issue, &first]);
    assert_eq!(world.add(&[&later]).stale, Vec::<String>::new());
    let whole = world.report(&[&issue, &first, &later]);
    assert_eq!((old_uses(&whole), world.kept()), (3, whole));
    // The issue of another key changes nothing for them.
    let other = trail(&[issued("2026-03-02T12:00:00Z", OLD, "ASIAOTHEROTHEROTHER1")]);
    let other = world.write("in/4/d.json", &other);
    assert_eq!(world.add(&[&other]).stale, Vec::<String>::new());
    assert_eq!(world.kept(), world.report(&[&issue, &first, &later, &other]));
    // If the new version issues the same key too, its uses still count as old.
    let both = trail(&[issued("2026-03-02T09:40:00Z", "AKIANEWNEWNEWNEWNEW1", SESSION)]);
    let both = world.write("in/5/e.json", &both);
    world.add(&[&both]);
    assert_eq!(world.kept(), world.report(&[&issue, &first, &later, &other, &both]));
}

fn line(at: &str, uid: &str) -> String {
    json!({"time": at, "service": "app", "action": "call", "credential_uid": uid, "outcome": "success"})
        .to_string()
        + "\n"
}

#[test]
fn a_change_of_markers_or_consumers_makes_scans_stale_and_a_change_of_owners_does_not() {
    let world = World::new(PLAN);
    let one = world.write("in/a.jsonl", &line("2026-03-02T10:00:00Z", "doc-key-2024"));
    let two = world.write("in/b.jsonl", &line("2026-03-02T11:00:00Z", "doc-key-2026"));
    world.add(&[&one, &two]);
    let own = "class = \"app\"\nowner = \"platform\"\nevery = \"6h\"\neffects = [\"x\"]\n";
    let plan = PLAN.replace("class = \"app\"\n", own).replace("window = \"6h\"", "window = \"8h\"");
    fs::write(world.path("plan.toml"), &plan).expect("written");
    assert_eq!(world.kept(), world.report(&[&one, &two]), "reading does not depend on these");
    for (from, to) in [
        ("markers = [\"doc-key-2024\"]", "markers = [\"doc-key-2023\"]"),
        ("introduced = 2026-03-02T09:00:00Z", "introduced = 2026-03-02T09:30:00Z"),
        (
            "[[consumer]]",
            "[[consumer]]\nclass = \"first\"\nmatch = [{ action = \"call\" }]\n[[consumer]]",
        ),
        ("class = \"app\"", "class = \"application\""),
    ] {
        assert!(PLAN.contains(from));
        fs::write(world.path("plan.toml"), PLAN.replacen(from, to, 1)).expect("written");
        let kept = world.kept();
        assert_ne!(kept["verdict"], "ready");
        assert!(withheld(&kept, "a.jsonl"), "{to}: {:#}", kept["findings"]);
        assert_eq!(world.report(&[&world.text("bundle"), &one, &two]), world.report(&[&one, &two]));
    }
    // Inputs that are given under the new plan count, the others stay stale. No evidence counts for another consumer.
    assert_eq!(world.add(&[&two]).stale, [one.as_str()]);
    assert!(withheld(&world.kept(), "a.jsonl"));
    world.add(&[&one]);
    assert_eq!(world.kept(), world.report(&[&one, &two]));
}

#[test]
fn a_stale_input_that_showed_the_old_version_cannot_be_waived() {
    let world = World::new(PLAN);
    let old = world.write("in/a.jsonl", &line("2026-03-02T10:00:00Z", "doc-key-2024"));
    world.add(&[&old]);
    let waiver = "[[waiver]]\nrule = \"damaged-input\"\nowner = \"x\"\nuntil = 2027-01-01T00:00:00Z\n\
                  reason = \"x\"\n";
    let plan = PLAN.replace("class = \"app\"", "class = \"other\"") + waiver;
    fs::write(world.path("plan.toml"), plan).expect("written");
    let kept = world.kept();
    let findings = kept["findings"].as_array().expect("findings");
    let damaged = findings.iter().find(|finding| finding["rule"] == "damaged-input");
    assert_eq!(damaged.expect("a finding")["waived"], Value::Null, "{kept:#}");
}

#[test]
fn a_time_that_was_in_the_future_is_read_again_when_it_has_passed() {
    let at = Timestamp::from_rfc3339("2026-03-02T10:00:00Z").expect("a time");
    let early = World { now: at, ..World::new(PLAN) };
    let text = line("2026-03-02T09:50:00Z", "doc-key-2026")
        + &line("2026-03-02T12:00:00Z", "doc-key-2024");
    let path = early.write("in/a.jsonl", &text);
    early.add(&[&path]);
    assert_eq!(early.kept(), early.report(&[&path]), "at that time");
    let late = World { now: Timestamp(at.0 + 3 * 3_600_000_000), ..early };
    let kept = late.kept();
    assert!(withheld(&kept, "a.jsonl"), "{:#}", kept["findings"]);
    assert_eq!(late.add(&[&path]).read, 1);
    assert_eq!(late.kept(), late.report(&[&path]));
    let later = World { now: NOW, ..late };
    assert_eq!(later.kept(), later.report(&[&path]), "nothing was in the future then");
}

#[test]
fn a_time_without_a_year_is_read_again_when_it_can_be_of_this_year() {
    let at = Timestamp::from_rfc3339("2026-03-02T10:00:00Z").expect("a time");
    let early = World { now: at, ..World::new(PLAN) };
    let syslog = |clock: &str| {
        format!(
            "Mar  2 {clock} h1 sshd[7]: Failed password for doc-key-2024 from 10.0.0.1 port 22 ssh2\n"
        )
    };
    let path = early.write("in/auth.log", &(syslog("09:50:00") + &syslog("12:00:00")));
    early.add(&[&path]);
    assert_eq!(early.kept(), early.report(&[&path]), "at that time");
    let late = World { now: Timestamp(at.0 + 3 * 3_600_000_000), ..early };
    assert!(withheld(&late.kept(), "auth.log"));
    late.add(&[&path]);
    assert_eq!(late.kept(), late.report(&[&path]));
}
