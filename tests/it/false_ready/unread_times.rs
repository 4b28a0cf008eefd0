/*! When an old marker that nobody reads may have been used: not only when its record is stamped. */

use serde_json::{Value, json};

use super::{World, old};

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

/// A record before the change with the old marker where nobody reads it.
fn unread(fields: &Value) -> String {
    let mut record = json!({"timestamp": "2026-03-02T08:05:00Z", "credential_uid": null, "note": "doc-key-2024"});
    let object = record.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("an object").clone());
    old(&record)
}

fn of(fields: &Value) -> Value {
    verdict(&World::ready().rogue(&unread(fields)))
}

#[test]
fn a_marker_that_arrives_late_counts_until_then() {
    assert_eq!(of(&json!({})), "ready");
    assert_eq!(of(&json!({"ingested_at": "2026-03-02T08:06:00Z"})), "ready");
    assert_eq!(of(&json!({"ingested_at": "2026-03-02T18:05:00Z"})), "inconclusive");
    let respelled = json!({"note": null, "credential_uid": "DOC-KEY-2024"});
    assert_eq!(of(&respelled), "ready");
    let mut late = respelled;
    late["ingested_at"] = "2026-03-02T18:05:00Z".into();
    assert_eq!(of(&late), "inconclusive");
}

#[test]
fn the_arrival_of_a_bulk_load_says_nothing() {
    let line = |day: u32, fields: &Value| {
        let mut record = json!({
            "timestamp": format!("2026-02-{day}T08:05:00Z"), "ingested_at": format!("2026-03-02T18:{day}:00Z"),
        });
        let object = record.as_object_mut().expect("an object");
        object.extend(fields.as_object().expect("an object").clone());
        unread(&record)
    };
    for fields in [json!({}), json!({"note": null, "credential_uid": "DOC-KEY-2024"})] {
        let verdict = |days: std::ops::Range<u32>| {
            let lines: Vec<String> = days.map(|day| line(day, &fields)).collect();
            verdict(&World::ready().input("other/a.jsonl", &lines))
        };
        assert_eq!(verdict(20..26), "ready", "{fields}");
        assert_eq!(verdict(20..21), "inconclusive", "{fields}");
    }
}

#[test]
fn a_marker_after_the_report_counts_like_old_use_after_it() {
    let later = json!({"timestamp": "2026-03-02T22:05:00Z"});
    assert_eq!(of(&later), "inconclusive");
    let respelled = json!({"timestamp": "2026-03-02T22:05:00Z", "note": null, "credential_uid": "DOC-KEY-2024"});
    assert_eq!(of(&respelled), "inconclusive");
}

#[test]
fn a_marker_counts_until_the_latest_time_next_to_it() {
    for (fields, expected) in [
        (json!({"last_used_at": "2026-03-02T18:05:00Z"}), "inconclusive"),
        (json!({"usage": {"last": 1_772_474_700}}), "inconclusive"),
        (json!({"last_used_at": "2026-03-02T07:05:00Z"}), "ready"),
        (
            json!({"expires_at": "2026-03-02T18:05:00Z", "next_rotation": "2026-03-02T19:05:00Z"}),
            "ready",
        ),
        (json!({"size": 1_772_474_700}), "ready"),
    ] {
        assert_eq!(of(&fields), expected, "{fields}");
    }
    let listed = |used: &str| {
        let line = format!("ts=2025-03-01T00:00:00Z id=doc-key-2024 last_used_at={used}");
        verdict(&World::ready().input("keys/keys.log", &[line]))
    };
    assert_eq!(listed("2026-03-02T18:05:00Z"), "inconclusive");
    assert_eq!(listed("2026-02-02T18:05:00Z"), "ready");
}
