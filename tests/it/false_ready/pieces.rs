/*! Lines over 16 KiB in the logs of Docker: one line is several records. */

use serde_json::json;

use super::{World, old};

const PIECE: usize = 16 << 10;

/// The pieces of a line that shows the old version. The marker is cut in two.
fn cut(fields: &serde_json::Value) -> Vec<String> {
    let line = old(fields);
    let at = line.find("key-2024").expect("the marker");
    let padding = "x".repeat(PIECE - at - 4 - r#""note":"","#.len());
    let line = format!(r#"{{"note":"{padding}",{}"#, &line[1..]) + "\n";
    [&line[..PIECE], &line[PIECE..]].map(|log| record(log, "stdout")).to_vec()
}

fn record(log: &str, stream: &str) -> String {
    json!({"log": log, "stream": stream, "time": "2026-03-02T18:05:00.250Z"}).to_string()
}

fn verdict(lines: &[String]) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    World::ready().input("c/0-json.log", lines).verdict(folder.path())
}

#[test]
fn a_marker_that_is_cut_in_two_is_found() {
    let pieces = cut(&json!({}));
    assert!(!pieces.iter().any(|piece| piece.contains("doc-key-2024")), "no piece holds it");
    assert_eq!(verdict(&pieces), "not_ready");
    let between = record("{\"message\": \"tick\"}\n", "stderr");
    let apart = [pieces[0].clone(), between, pieces[1].clone()];
    assert_eq!(verdict(&apart), "not_ready", "the other stream stands between them");
}

#[test]
fn a_line_without_its_end_is_reported() {
    let pieces = cut(&json!({}));
    assert_ne!(verdict(&pieces[..1]), "ready");
    let other = record("{\"message\": \"tick\"}\n", "stdout");
    assert_ne!(verdict(&[pieces[0].clone(), other]), "ready", "the container was started again");
    assert_eq!(verdict(&[record("{\"message\": \"tick\"}", "stdout")]), "ready", "a whole line");
}

#[test]
fn the_line_after_one_without_its_end_is_read() {
    let text = "y".repeat(PIECE);
    let next = record(&(old(&json!({})) + "\n"), "stdout");
    assert_eq!(verdict(&[record(&text, "stdout"), next]), "not_ready");
}
