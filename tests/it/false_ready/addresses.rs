/*! Members of a class that only their addresses tell apart, in logs that write a port behind each. */

use serde_json::json;

use super::World;

/// Whether a member is said not to have moved, of two of the worker's: one calls each hour, the other twice a day.
fn is_missed(field: &str, address: &dyn Fn(&str, usize) -> String, last_moves: bool) -> bool {
    let mut lines = Vec::new();
    for hour in 8..45 {
        for (member, host) in ["10.0.0.5", "10.0.0.6"].iter().enumerate() {
            let at =
                format!("2026-03-{:02}T{:02}:{:02}:30Z", 1 + hour / 24, hour % 24, 10 + member);
            let is_new = hour >= 34;
            let is_idle = member == 1 && (hour - 8) % 12 > 0;
            if is_idle || is_new && member == 1 && !last_moves {
                continue;
            }
            let uid = if is_new { "doc-key-2026" } else { "doc-key-2024" };
            let mut record = json!({
                "timestamp": at, "service_name": "worker", "action": "call", "credential_uid": uid,
                "outcome": "success",
            });
            record[field] = json!(address(host, 40_000 + hour * 7 + member));
            lines.push(record.to_string());
        }
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let report = World::ready().input("other/a.jsonl", &lines).report(folder.path());
    let mut findings = report["findings"].as_array().expect("findings").iter();
    findings.any(|finding| finding["rule"] == "unmoved-holder")
}

/// How somebody writes the address of a host.
type Writes<'w> = &'w dyn Fn(&str, usize) -> String;

#[test]
fn a_port_hides_no_holder() {
    let bare = |host: &str, _: usize| host.to_owned();
    let with_port = |host: &str, port: usize| format!("{host}:{port}");
    let mapped = |host: &str, port: usize| format!("[::ffff:{host}]:{port}");
    let writes: [Writes<'_>; 3] = [&bare, &with_port, &mapped];
    for write in writes {
        for field in ["remote_addr", "client_ip"] {
            assert!(is_missed(field, write, false), "{field} {}", write("10.0.0.6", 1));
            assert!(!is_missed(field, write, true), "{field} {}", write("10.0.0.6", 1));
        }
    }
}
