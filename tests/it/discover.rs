//! `discover` as a person uses it who has a folder and no plan: every lasting credential is in the answer, and the
//! draft has been tested on the same folder.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{printed, report, rules, run, said, shared, status};

/// What `discover` prints with these options.
fn discovered(path: &Path, more: &[&str]) -> String {
    let path = path.to_string_lossy();
    let output = run(&[&["discover", &path], more].concat());
    assert_eq!(status(&output), 0, "{}", said(&output));
    printed(&output)
}

/// What it prints, and the plan that it drafts.
fn drafted(path: &Path, more: &[&str]) -> (String, String) {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let plan = scratch.path().join("plan.toml");
    let shown = discovered(path, &[more, &["--write-plan", &plan.to_string_lossy()]].concat());
    (shown, fs::read_to_string(plan).expect("a draft"))
}

/// The rules that fire with the draft, when what it leaves open is filled in.
fn fired(draft: &str, logs: &Path) -> BTreeSet<String> {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let plan = scratch.path().join("plan.toml");
    fs::write(&plan, draft.replace("\"<which team>\"", "\"team-a\"")).expect("a plan");
    let report = report(&plan, &[logs], &[]);
    let classes = report["classes"].as_array().expect("classes").iter();
    let mut fired: BTreeSet<String> = rules(&report, None).into_iter().collect();
    for class in classes.filter_map(|class| class["class"].as_str()) {
        fired.extend(rules(&report, Some(class)));
    }
    fired
}

/// What a draft must never bring about.
fn fits(draft: &str, logs: &Path) {
    let fired = fired(draft, logs);
    for rule in
        ["ambiguous-attribution", "unmapped-marker", "undeclared-consumer", "rejected-records"]
    {
        assert!(!fired.contains(rule), "{rule}: {fired:?}\n{draft}");
    }
    assert!(fired.contains("incomplete-plan"), "{fired:?}");
}

fn hours(range: std::ops::Range<u32>) -> impl Iterator<Item = (u32, String)> {
    range.map(|hour| (hour, format!("2026-03-{:02}T{:02}:00:00", 1 + hour / 24, hour % 24)))
}

/// A folder with three rotations: database users, AWS keys, and the key of a vendor whose calls are logged in words and
/// fields that nobody knows.
fn mixed(folder: &Path) {
    let mut postgres = String::new();
    for (hour, at) in hours(0..72) {
        let user = if hour < 40 { "app_old" } else { "app_new" };
        let at = at.replace('T', " ");
        let _ = writeln!(
            postgres,
            "{at}.000 UTC [{pid}] {user}@shop LOG:  connection authorized: user={user} database=shop application_name=web",
            pid = 100 + hour,
        );
        let _ = writeln!(
            postgres,
            "{at}.900 UTC [{pid}] {user}@shop LOG:  disconnection: session time: 0:00:00.900 user={user} database=shop \
             host=192.0.2.{host} port=40000",
            pid = 100 + hour,
            host = 1 + hour % 3,
        );
    }
    fs::write(folder.join("postgresql.log"), postgres).expect("written");
    let call = |hour: u32, at: &str, key: &str, user: &str| {
        json!({
            "eventVersion": "1.08", "eventSource": "ec2.amazonaws.com", "eventName": "DescribeInstances",
            "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}"), "accessKeyId": key},
            "eventTime": format!("{at}Z"), "awsRegion": "us-east-1", "sourceIPAddress": format!("198.51.100.{}", 1 + hour % 2),
            "userAgent": "aws-cli/2.15", "eventID": format!("{user}-{hour}"), "recipientAccountId": "111122223333",
        })
    };
    let mut records: Vec<Value> = Vec::new();
    for (hour, at) in hours(0..72) {
        let key = if hour < 60 { "AKIAEXAMPLEOLDKEY001" } else { "AKIAEXAMPLENEWKEY002" };
        records.push(call(hour, &at, key, "deploy"));
        for part in 0..4 {
            let key = format!("ASIAEXAMPLESESS{:05}", 4 * hour + part);
            records.push(call(1000 + 4 * hour + part, &at, &key, "svc"));
        }
    }
    let trail = json!({ "Records": records }).to_string();
    fs::write(folder.join("trail.json"), trail).expect("written");
    let mut vendor = String::new();
    for (hour, at) in hours(0..72) {
        let key = if hour < 50 { "vend-3f2a-2024" } else { "vend-b81e-2026" };
        let line = json!({ "moment": format!("{at}Z"), "call": { "apiKeyRef": key }, "outcome": "converted" });
        let _ = writeln!(vendor, "{line}");
        // Most of its records show no credential.
        for minute in ["10", "20", "30"] {
            let at = at.replacen(":00:", &format!(":{minute}:"), 1);
            let _ = writeln!(vendor, "{}", json!({ "moment": format!("{at}Z"), "note": "idle" }));
        }
    }
    fs::create_dir_all(folder.join("pdf-renderer")).expect("a folder");
    fs::write(folder.join("pdf-renderer/calls.jsonl"), vendor).expect("written");
}

#[test]
fn a_folder_with_three_rotations_shows_each_and_drafts_the_one_that_is_chosen() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    mixed(folder.path());
    let (shown, database) = drafted(folder.path(), &["--credential", "app_old"]);
    for handover in [
        "`app_new` seems to follow `app_old`",
        "`AKIAEXAMPLENEWKEY002` seems to follow `AKIAEXAMPLEOLDKEY001`",
        "288 session keys of arn:aws:iam::111122223333:user/svc: 288 records",
    ] {
        assert!(shown.contains(handover), "{handover}: {shown}");
    }
    assert_eq!(shown.matches(" seems to follow ").count(), 2, "{shown}");
    assert!(!shown.contains("ASIA"), "{shown}");
    assert!(shown.contains("in one class    72 of 72 uses\n  left over       nothing"), "{shown}");
    assert!(database.contains("markers = [\"app_old\"]") && database.contains("[\"app_new\"]"));
    assert!(!database.contains("principal = "), "{database}");
    fits(&database, folder.path());

    let (_, cloud) = drafted(folder.path(), &["--credential", "AKIAEXAMPLEOLDKEY001"]);
    assert!(cloud.contains("client_address = \"198.51.100.1\""), "split by address: {cloud}");
    // A log without a readable time might hide a use of any credential, so it is read, too.
    assert!(cloud.contains("fields   = { event_time = \"/moment\""), "{cloud}");
    fits(&cloud, folder.path());

    // No field is known to show the vendor's key: it is found by the marker, in a file that names no consumer.
    let (shown, vendor) =
        drafted(folder.path(), &["--credential", "vend-3f2a-2024", "--new", "vend-b81e-2026"]);
    for line in [
        "credential_uid = \"/call/apiKeyRef\"",
        "event_time = \"/moment\"",
        "outcomes = { success = [\"converted\"] }   # CONFIRM",
        "class    = \"pdf-renderer\"",
    ] {
        assert!(vendor.contains(line), "{line}: {vendor}");
    }
    assert!(shown.contains("in one class    72 of 72 uses\n  left over       nothing"), "{shown}");
    fits(&vendor, folder.path());
}

#[test]
fn a_session_key_is_not_drafted_and_a_file_that_exists_is_kept() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    mixed(folder.path());
    let (logs, plan) = (folder.path().join("trail.json"), folder.path().join("plan.toml"));
    let (logs, written) = (logs.to_string_lossy(), plan.to_string_lossy());
    let asked =
        ["discover", &logs, "--credential", "ASIAEXAMPLESESS00000", "--write-plan", &written];
    let output = run(&asked);
    assert_eq!(status(&output), 2);
    assert!(said(&output).contains("nobody rotates it"), "{}", said(&output));
    fs::write(&plan, "mine").expect("written");
    assert_eq!(status(&run(&["discover", &logs, "--write-plan", &written])), 1);
    assert_eq!(fs::read_to_string(&plan).expect("a plan"), "mine");
}

#[test]
fn a_field_that_nobody_knows_is_read_as_a_guess_where_nothing_else_shows_a_credential() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    mixed(folder.path());
    let logs = folder.path().join("pdf-renderer");
    let (shown, draft) = drafted(&logs, &[]);
    assert!(shown.contains("read as a guess by its name: `/call/apiKeyRef`"), "{shown}");
    assert!(shown.contains("`vend-b81e-2026` seems to follow `vend-3f2a-2024`"), "{shown}");
    assert!(shown.contains("in one class    72 of 72 uses"), "{shown}");
    fits(&draft, &logs);
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn a_rare_key_is_not_hidden_by_session_keys() {
    let (shown, draft) = drafted(&shared("cases/people/discover-hides-rare-key"), &[]);
    assert!(
        shown.contains("`AKIAEXAMPLENEWKEY002` seems to follow `AKIAEXAMPLEOLDKEY001`"),
        "{shown}"
    );
    assert!(shown.contains("30 session keys of arn:aws:iam::111122223333:user/svc"), "{shown}");
    assert!(!draft.contains("ASIA"), "{draft}");
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn a_draft_has_no_class_by_the_credential_itself() {
    let logs = shared("cases/people/draft-principal-class/logs");
    let (shown, draft) = drafted(&logs, &[]);
    assert!(shown.contains("774 of 774 uses\n  left over       nothing"), "{shown}");
    assert!(!draft.contains("principal"), "{draft}");
    fits(&draft, &logs);
}

/// The long-lived keys of a real account by an answer that was computed without this program.
fn keys(corpus: &str) -> Vec<String> {
    let answers = fs::read_to_string(shared(corpus).join("answers.json")).expect("answers");
    let answers: Value = serde_json::from_str(&answers).expect("JSON");
    let keys = answers["long_lived_keys_AKIA"].as_array().expect("keys").iter();
    keys.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn every_long_lived_key_of_a_real_account_is_in_the_answer() {
    for (corpus, logs) in [("cloudtrail-stratus", "docs"), ("cloudtrail-invictus", "CloudTrail")] {
        let corpus = format!("corpora/{corpus}");
        let shown = discovered(&shared(&corpus).join(logs), &[]);
        let keys = keys(&corpus);
        assert!(!keys.is_empty());
        for key in keys {
            assert!(shown.lines().any(|line| line.starts_with(&key)), "{corpus}: {key}\n{shown}");
        }
        assert!(!shown.contains("`ASIA"), "{shown}");
    }
}

#[test]
fn a_chosen_credential_is_the_only_one_that_is_listed_and_one_that_no_record_holds_is_not_drafted()
{
    let folder = tempfile::tempdir().expect("a scratch folder");
    mixed(folder.path());
    let logs = folder.path().to_string_lossy();
    let shown = printed(&run(&["discover", &logs, "--credential", "app_old"]));
    assert!(shown.contains("\napp_old  "), "{shown}");
    assert!(!shown.contains("\nAKIAEXAMPLEOLDKEY001  "), "{shown}");
    assert!(!shown.contains("drafted for the first"), "{shown}");
    let all = printed(&run(&["discover", &logs]));
    assert!(all.contains("\nAKIAEXAMPLEOLDKEY001  ") && all.contains("drafted for the first"));

    let plan = folder.path().join("plan.toml");
    let written = plan.to_string_lossy();
    let output = run(&["discover", &logs, "--credential", "nope", "--write-plan", &written]);
    assert_eq!(status(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("no record holds `nope`"), "{}", said(&output));
    assert!(!plan.exists());
    fs::write(&plan, "mine").expect("written");
    let output = run(&["discover", &logs, "--write-plan", &written]);
    assert!(said(&output).contains("the file is there already"), "{}", said(&output));
}
