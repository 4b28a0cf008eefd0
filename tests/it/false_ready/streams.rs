/*! Lines that a container runtime cut, with lines of the other stream between their pieces. */

use serde_json::json;

use super::{World, old};

fn line(second: u32, stream: &str, tag: &str, text: &str) -> String {
    format!("2026-03-02T18:05:{second:02}.250Z {stream} {tag} {text}")
}

fn verdict(lines: &[String]) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("pods/a/0.log", lines).verdict(folder.path())
}

#[test]
fn a_line_between_two_pieces_of_the_other_stream_is_read() {
    let tick = json!({"message": "tick", "note": "0123456789"}).to_string();
    let (first, second) = tick.split_at(20);
    let shown = old(
        &json!({"credential_uid": "doc-key-2026", "service_name": "worker", "outcome": "auth_failure"}),
    );
    let between = [
        line(1, "stdout", "P", first),
        line(2, "stderr", "F", &shown),
        line(3, "stdout", "F", second),
    ];
    assert_ne!(verdict(&between), "ready");
    let quiet = [
        line(1, "stdout", "P", first),
        line(2, "stderr", "F", &tick),
        line(3, "stdout", "F", second),
    ];
    assert_eq!(verdict(&quiet), "ready");
}

#[test]
fn a_marker_that_is_cut_around_the_other_stream_is_found() {
    let shown = old(&json!({}));
    let (first, second) = shown.split_at(shown.find("key-2024").expect("the marker"));
    let cut = [
        line(1, "stdout", "P", first),
        line(2, "stderr", "P", "{\"message\":"),
        line(3, "stdout", "F", second),
        line(4, "stderr", "F", "\"tick\"}"),
    ];
    assert_eq!(verdict(&cut), "not_ready");
}
