/*! Old markers that are written in an encoding or in another base, in the field of the credential and elsewhere. Each
 * case has a healthy neighbour.
 */

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use super::{MARKER, World, old};

fn verdict(world: &World) -> Value {
    let folder = tempfile::tempdir().expect("a scratch folder");
    world.verdict(folder.path())
}

/// `doc-key-2024`, and the same of another key.
const SPELLINGS: [(&str, &str); 9] = [
    ("doc%2Dkey%2D2024", "doc%2Dkey%2D2031"),
    ("doc%252Dkey%252D2024", "doc%252Dkey%252D2031"),
    ("doc&#45;key&#x2d;2024", "doc&#45;key&#x2d;2031"),
    ("doc&amp;#45;key-2024", "doc&amp;#45;key-2031"),
    ("ｄｏｃ－ｋｅｙ－２０２４", "ｄｏｃ－ｋｅｙ－２０３１"),
    ("doc\u{2011}key\u{2011}2024", "doc\u{2011}key\u{2011}2031"),
    ("doc-\u{200b}key-2024", "doc-\u{200b}key-2031"),
    ("ZG9jLWtleS0yMDI0", "ZG9jLWtleS0yMDMx"),
    ("Basic c3ZjOmRvYy1rZXktMjAyNA==", "Basic c3ZjOmRvYy1rZXktMjAzMQ=="),
];

#[test]
fn an_encoded_marker_is_found_where_nobody_reads() {
    for (spelled, other) in SPELLINGS {
        for field in ["note", "request_header", "url"] {
            let record = |text: &str| {
                let fields = json!({"credential_uid": null, "outcome": null, "user_agent": "x", field: text});
                World::ready().rogue(&old(&fields))
            };
            assert_ne!(verdict(&record(spelled)), "ready", "{field}: {spelled}");
            assert_eq!(verdict(&record(other)), "ready", "{field}: {other}");
        }
    }
}

#[test]
fn an_encoded_credential_is_the_same_credential() {
    for (spelled, other) in SPELLINGS {
        let record = |text: &str| World::ready().rogue(&old(&json!({"credential_uid": text})));
        assert_ne!(verdict(&record(spelled)), "ready", "{spelled}");
        assert_eq!(verdict(&record(other)), "ready", "{other}");
    }
}

#[test]
fn an_encoded_marker_is_found_in_a_line_of_text() {
    for (spelled, other) in SPELLINGS.iter().take(5) {
        let line = |text: &str| {
            let line = format!(
                "10.0.0.9 - - [02/Mar/2026:18:05:00 +0000] \"GET /v1/docs?key={text} HTTP/1.1\" 200 512 \"-\" \"x\""
            );
            World::ready().input("other/access.log", &[line])
        };
        assert_ne!(verdict(&line(spelled)), "ready", "{spelled}");
        assert_eq!(verdict(&line(other)), "ready", "{other}");
    }
}

#[test]
fn a_number_is_one_in_each_base() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        (
            "4022250974",
            &["efbeadde", "EF:BE:AD:DE", "0xEFBEADDE", "+4022250974"],
            &["efbeaddf", "4022250975"],
        ),
        ("EFBEADDE", &["4022250974", "0xefbeadde", "4022250974.0"], &["4022250975", "0xefbeaddf"]),
        ("0A1B2C3D4E5F", &["11111822610015", "0x0a1b2c3d4e5f"], &["11111822610016"]),
        ("51207", &["+51207", "0xC807", "51207.0"], &["+51208", "0xC808", "512070"]),
    ];
    for (marker, same, others) in cases {
        let world = |shown: &str| {
            let mut world = World::ready().plan(MARKER, &format!("[\"{marker}\"]"));
            world.logs = world.logs.replace("doc-key-2024", marker);
            world.rogue(&old(&json!({"credential_uid": shown})))
        };
        for shown in *same {
            assert_ne!(verdict(&world(shown)), "ready", "{shown} is {marker}");
        }
        for shown in *others {
            assert_eq!(verdict(&world(shown)), "ready", "{shown} is not {marker}");
        }
    }
}

/// A zip with one member and these remarks.
fn zipped(comment: &str, of_member: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment(comment).expect("a comment");
    let options = SimpleFileOptions::default().into_full_options().with_file_comment(of_member);
    writer.start_file("a.jsonl", options).expect("a member");
    let tick = json!({"timestamp": "2026-03-02T18:01:00Z", "message": "tick"});
    writeln!(writer, "{tick}").expect("written");
    writer.finish().expect("a zip").into_inner()
}

#[test]
fn a_record_in_a_comment_of_a_zip_is_counted_as_unread() {
    let record = old(&json!({}));
    let text = "2026-03-02T18:05:00Z rogue calls with doc-key-2024";
    let packed = |comment: &str, of_member: &str| {
        verdict(&World::ready().packed("bundle.zip", zipped(comment, of_member)))
    };
    for remark in [record.as_str(), text] {
        assert_ne!(packed(remark, ""), "ready", "the comment {remark}");
        assert_ne!(packed("", remark), "ready", "the comment of a member {remark}");
    }
    for note in ["", "taken by the night shift", "8a4f21c9d0b7e6a5f4c3b2a1908f7e6d5c4b3a29"] {
        assert_eq!(packed(note, note), "ready", "{note}");
    }
}
