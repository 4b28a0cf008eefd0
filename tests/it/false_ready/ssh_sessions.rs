/*! Sessions of an SSH server whose accounts are the versions: which of them still goes on, and what their ends say. */

use serde_json::Value;

use super::World;

fn line(day: u32, hour: u32, minute: u32, pid: u32, text: &str) -> String {
    format!("2026-03-{day:02}T{hour:02}:{minute:02}:00.000000+00:00 h1 sshd[{pid}]: {text}")
}

fn opened(account: &str) -> String {
    format!("Accepted password for {account} from 10.0.0.5 port 4000 ssh2")
}

fn closed(account: &str) -> String {
    format!("pam_unix(sshd:session): session closed for user {account}")
}

/// A session of 19 minutes in each hour, by the old account before the change, and these lines.
fn report(more: &[String]) -> Value {
    let mut lines = more.to_vec();
    for at in 20..45_u32 {
        let (day, hour, pid) = (1 + at / 24, at % 24, 1_000 + at);
        let account = if at < 33 { "app_v1" } else { "app_v2" };
        lines.push(line(day, hour, 1, pid, &opened(account)));
        lines.push(line(day, hour, 20, pid, &closed(account)));
    }
    lines.push(line(2, 21, 0, 5, "Server listening on 0.0.0.0 port 22."));
    lines.sort();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let world = World::ready()
        .plan("[\"doc-key-2024\"]", "[\"doc-key-2024\", \"app_v1\"]")
        .plan("[\"doc-key-2026\"]", "[\"doc-key-2026\", \"app_v2\"]")
        .plan(
            "match       = [{ service_name = \"worker\" }]",
            "match       = [{ service_name = \"worker\" }, { principal = [\"app_v1\", \"app_v2\"] }]",
        );
    world.input("ssh/auth.log", &lines).report(folder.path())
}

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["rule"].as_str()).collect()
}

#[test]
fn a_session_of_the_old_account_without_an_end_is_noticed() {
    assert_eq!(report(&[])["verdict"], "ready");
    let open = line(2, 8, 30, 777, &opened("app_v1"));
    assert!(rules(&report(std::slice::from_ref(&open))).contains(&"open-session"));
    let other = line(2, 8, 50, 778, &closed("app_v1"));
    assert!(rules(&report(&[open.clone(), other])).contains(&"open-session"));
    let end = line(2, 8, 50, 777, &closed("app_v1"));
    assert_eq!(report(&[open, end])["verdict"], "ready");
}

#[test]
fn lines_that_name_the_account_of_an_ended_session_withhold_nothing() {
    let lines = [
        line(
            2,
            9,
            10,
            777,
            "pam_unix(sshd:session): session opened for user app_v1(uid=1001) by (uid=0)",
        ),
        line(2, 9, 11, 777, &closed("app_v1")),
        line(2, 9, 12, 779, "Disconnected from user app_v1 10.0.0.5 port 4000"),
        line(
            2,
            9,
            13,
            780,
            "Connection closed by authenticating user app_v1 10.0.0.5 port 4000 [preauth]",
        ),
    ];
    assert_eq!(rules(&report(&lines)).iter().find(|rule| **rule == "unmapped-marker"), None);
}
