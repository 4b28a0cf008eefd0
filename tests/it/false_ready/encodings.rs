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
const SPELLINGS: [(&str, &str); 10] = [
    ("doc%2Dkey%2D2024", "doc%2Dkey%2D2031"),
    ("doc%252Dkey%252D2024", "doc%252Dkey%252D2031"),
    ("doc&#45;key&#x2d;2024", "doc&#45;key&#x2d;2031"),
    ("doc&amp;#45;key-2024", "doc&amp;#45;key-2031"),
    ("ｄｏｃ－ｋｅｙ－２０２４", "ｄｏｃ－ｋｅｙ－２０３１"),
    ("doc\u{2011}key\u{2011}2024", "doc\u{2011}key\u{2011}2031"),
    ("doc-\u{200b}key-2024", "doc-\u{200b}key-2031"),
    ("ZG9jLWtleS0yMDI0", "ZG9jLWtleS0yMDMx"),
    ("646f632D6b65792d32303234", "646f632D6b65792d32303331"),
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
fn a_digest_is_one_in_each_alphabet() {
    // The SHA-256 of a secret, in hexadecimal and as OpenSSH writes fingerprints.
    let marker = "sha256:a6f2f3f095a13903c638f603690fd1c789e30cc01e19622817ce4f58338949e7";
    let shown = "pvLz8JWhOQPGOPYDaQ/Rx4njDMAeGWIoF85PWDOJSec";
    let world = |fields: &Value| {
        World::ready()
            .plan(MARKER, &format!("[\"doc-key-2024\", \"{marker}\"]"))
            .rogue(&old(fields))
    };
    for text in [shown.to_owned(), format!("SHA256:{shown}"), format!("{shown}=")] {
        assert_ne!(verdict(&world(&json!({"credential_uid": text}))), "ready", "{text}");
        let elsewhere = json!({"credential_uid": null, "outcome": null, "note": text});
        assert_ne!(verdict(&world(&elsewhere)), "ready", "a note of {text}");
    }
    let other = shown.replacen("pvL", "AvL", 1);
    assert_eq!(verdict(&world(&json!({"credential_uid": other}))), "ready");
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

#[test]
fn a_record_in_a_header_of_gzip_or_tar_is_counted_as_unread() {
    let record = old(&json!({}));
    let tick = json!({"timestamp": "2026-03-02T18:01:00Z", "message": "tick"}).to_string() + "\n";
    let gzipped = |comment: &str| {
        let mut encoder = flate2::GzBuilder::new()
            .comment(comment)
            .write(Vec::new(), flate2::Compression::fast());
        encoder.write_all(tick.as_bytes()).expect("written");
        verdict(&World::ready().packed("a.jsonl.gz", encoder.finish().expect("finished")))
    };
    assert_ne!(gzipped(&record), "ready");
    assert_eq!(gzipped("taken by the night shift"), "ready");
}

/// A file with one record that is no use.
fn tick() -> Vec<u8> {
    let tick = json!({"timestamp": "2026-03-02T18:01:00Z", "message": "tick"});
    format!("{tick}\n").into_bytes()
}

/// A tar with one member of this name and a link to it by that name.
fn tarred(name: &str, owner: &str, target: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(tick().len() as u64);
    header.set_username(owner).expect("a short owner");
    builder.append_data(&mut header, name, tick().as_slice()).expect("a member");
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder.append_link(&mut link, "latest", target).expect("a link");
    builder.into_inner().expect("a tar")
}

/// A zip with one member of this name.
fn zipped_as(name: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).expect("a member");
    writer.write_all(&tick()).expect("written");
    writer.finish().expect("a zip").into_inner()
}

fn gzipped_as(name: &str) -> Vec<u8> {
    let file = flate2::GzBuilder::new().filename(name);
    let mut encoder = file.write(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&tick()).expect("written");
    encoder.finish().expect("finished")
}

#[test]
fn a_record_as_a_name_in_an_archive_is_counted_as_unread() {
    let packed = |path: &str, bytes: Vec<u8>| verdict(&World::ready().packed(path, bytes));
    let text = "2026-03-02T18:05:00Z rogue calls with doc-key-2024";
    for record in [old(&json!({})).as_str(), text] {
        assert_ne!(packed("a.tar", tarred(record, "", record)), "ready", "a member {record}");
        assert_ne!(packed("a.zip", zipped_as(record)), "ready", "a member {record}");
        assert_ne!(packed("a.gz", gzipped_as(record)), "ready", "the file {record}");
        let folder = format!("{record}/a.jsonl");
        assert_ne!(packed("a.tar", tarred(&folder, "", &folder)), "ready", "a folder {record}");
        assert_ne!(packed("a.zip", zipped_as(&folder)), "ready", "a folder {record}");
    }
    let owner = "18:05 key=doc-key-2024";
    assert_ne!(packed("a.tar", tarred("a.jsonl", owner, "a.jsonl")), "ready", "an owner");
    assert_ne!(packed(&format!("{owner}.log"), tick()), "ready", "a file");
    assert_eq!(packed("18:05 key=doc-key-2031.log", tick()), "ready", "a file");
    for name in [
        "a.jsonl",
        "doc-key-2024/2026-03-02T18:05:00Z.jsonl",
        "2026-03-02 18:05:00.jsonl",
        "2026-03-02T18:05:00Z rogue calls with doc-key-2026.jsonl",
    ] {
        assert_eq!(packed("a.tar", tarred(name, "", name)), "ready", "{name}");
        assert_eq!(packed("a.zip", zipped_as(name)), "ready", "{name}");
    }
    assert_eq!(packed("a.gz", gzipped_as("doc-key-2024/2026-03-02T18:05:00Z.jsonl")), "ready");
}

#[test]
fn a_record_as_the_target_of_a_link_is_counted_as_unread() {
    let record = old(&json!({}));
    let packed = verdict(&World::ready().packed("a.tar", tarred("a.jsonl", "", &record)));
    assert_ne!(packed, "ready");
}

#[test]
fn what_journald_writes_as_bytes_is_read() {
    let entry = |message: &str| {
        let bytes = message.as_bytes();
        json!({
            "__CURSOR": "s=1;i=6", "__REALTIME_TIMESTAMP": "1772474700000000", "_HOSTNAME": "h9",
            "SYSLOG_IDENTIFIER": "rogue", "MESSAGE": bytes,
        })
        .to_string()
    };
    let shown = |message: &str| {
        let entries = [entry("\u{1b}[32mstarted\u{1b}[0m"), entry(message)];
        verdict(&World::ready().input("other/journal.json", &entries))
    };
    assert_ne!(shown(&old(&json!({}))), "ready");
    assert_ne!(shown("\u{1b}[32mcalls with doc-key-2024\u{1b}[0m"), "ready");
    assert_eq!(shown("\u{1b}[32mcalls with doc-key-2031\u{1b}[0m"), "ready");
}
