/*! One old use in every codec, framing and container at once: it is found, and the same evidence comes out. */

use std::collections::BTreeMap;
use std::path::Path;

use holdover::ingest::{CODECS, Codec, FRAMINGS};
use holdover::model::Outcome;
use holdover::model::credential::State;
use holdover::pipeline::Collected;
use zip::CompressionMethod;

use super::archives::{tar, zip};
use super::containers::{bzip2, gzip, xz, zstd};
use crate::harness::collect;

/// A use of a version: time, marker and outcome.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    time: String,
    uid: &'static str,
    outcome: &'static str,
}

pub(crate) const OLD: &str = "doc-key-2024";
pub(crate) const NEW: &str = "doc-key-2026";

/// An old use, a new use, and a refused attempt with the old version. `seconds` differs for each combination.
fn uses(seconds: usize) -> [Use; 3] {
    let at = |hour: usize| format!("2026-03-02T{hour:02}:{:02}:{:02}Z", seconds / 60, seconds % 60);
    [
        Use { time: at(8), uid: OLD, outcome: "success" },
        Use { time: at(10), uid: NEW, outcome: "success" },
        Use { time: at(12), uid: OLD, outcome: "auth_failure" },
    ]
}

fn json(usage: &Use) -> String {
    let Use { time, uid, outcome } = usage;
    format!(
        r#"{{"time":"{time}","service":"app","action":"call","credential_uid":"{uid}","outcome":"{outcome}"}}"#
    )
}

/// One line for each use.
fn lines(uses: &[Use], line: fn(&Use) -> String) -> String {
    uses.iter().map(|usage| line(usage) + "\n").collect()
}

/// A line of a database server and a line that continues it.
fn postgresql(usage: &Use) -> String {
    let time = usage.time.replace('T', " ").replace('Z', " UTC");
    let said = match usage.outcome {
        "success" => format!("LOG:  connection authorized: user={} database=docs", usage.uid),
        _ => format!("FATAL:  password authentication failed for user \"{}\"", usage.uid),
    };
    format!("{time} [7] {}@docs {said}\n\tand more of it", usage.uid)
}

/// A line of a container runtime, cut in the middle of the marker.
fn partial(usage: &Use) -> String {
    let text = json(usage);
    let (first, last) = text.split_at(text.find("key-20").expect("a marker"));
    let time = &usage.time;
    format!("{time} stdout P {first}\n{time} stdout F {last}")
}

fn docker(usage: &Use) -> String {
    let log = format!("{}\n", json(usage));
    serde_json::json!({"log": log, "stream": "stdout", "time": usage.time}).to_string()
}

/// A layout of records and the framing that reads it.
type Layout = (&'static str, &'static str, fn(&[Use]) -> String);

const LAYOUTS: &[Layout] = &[
    ("JSON lines", "lines", |uses| lines(uses, json)),
    ("documents", "documents", |uses| {
        uses.iter().map(|one| json(one).replace(',', ",\n  ") + "\n").collect()
    }),
    ("an array", "array", |uses| {
        format!("[\n{}\n]\n", uses.iter().map(json).collect::<Vec<_>>().join(",\n"))
    }),
    ("an array under a key", "array", |uses| {
        format!("{{\"Records\":[{}]}}", uses.iter().map(json).collect::<Vec<_>>().join(","))
    }),
    ("rows", "rows", |uses| {
        let row = |one: &Use| format!("{},app,call,{},\"{}\"", one.time, one.uid, one.outcome);
        let rows: Vec<String> = uses.iter().map(row).collect();
        format!("time,service,action,credential_uid,outcome\r\n{}\r\n", rows.join("\r\n"))
    }),
    ("pairs", "lines", |uses| {
        lines(uses, |Use { time, uid, outcome }| {
            format!("time={time} service=app action=call credential_uid={uid} outcome={outcome}")
        })
    }),
    ("text over several lines", "text", |uses| lines(uses, postgresql)),
    ("partial lines of a container", "partial", |uses| lines(uses, partial)),
    ("lines of docker", "lines", |uses| lines(uses, docker)),
];

type Compressed = (&'static str, fn(&[u8]) -> Vec<u8>);

const COMPRESSED: &[Compressed] =
    &[("plain", <[u8]>::to_vec), ("gzip", gzip), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

fn tarred(bytes: &[u8]) -> Vec<u8> {
    tar(&[("app/a.log", bytes)])
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    zip(&[("app/a", bytes)], CompressionMethod::Deflated)
}

/// A container, and how a compressed file is put into it or it is compressed.
type Container = (&'static str, fn(&[u8], fn(&[u8]) -> Vec<u8>) -> Vec<u8>);

const CONTAINERS: &[Container] = &[
    ("alone", |bytes, compress| compress(bytes)),
    ("in a tar", |bytes, compress| tarred(&compress(bytes))),
    ("around a tar", |bytes, compress| compress(&tarred(bytes))),
    ("in a zip", |bytes, compress| zipped(&compress(bytes))),
    ("around a zip", |bytes, compress| compress(&zipped(bytes))),
    ("in a tar in a zip", |bytes, compress| zipped(&tarred(&compress(bytes)))),
    ("around a tar in a zip", |bytes, compress| zipped(&compress(&tarred(bytes)))),
];

pub(crate) const PLAN: &str = r#"
[credential]
name = "api_token"
[[credential.version]]
name = "v1"
state = "old"
markers = ["doc-key-2024"]
[[credential.version]]
name = "v2"
state = "new"
markers = ["doc-key-2026"]
[rotation]
introduced = 2026-03-02T09:00:00Z
window = "6h"
[[consumer]]
class = "app"
match = [{ service_name = "app" }]
"#;

pub(crate) fn read(folder: &Path) -> Collected {
    collect(PLAN, &folder.join("in"), false)
}

/// The number of the combination in the path of an input or member.
pub(crate) fn number(path: &str) -> usize {
    let (_, name) = path.split_once("/in/").unwrap();
    name.split('!').next().unwrap().parse().unwrap()
}

/// Writes a file for each combination, named by its number. Returns the description and framing of each.
pub(crate) fn write(folder: &Path) -> Vec<(String, &'static str)> {
    std::fs::create_dir(folder).unwrap();
    let mut cases = Vec::new();
    for (layout, framing, lay_out) in LAYOUTS {
        for (codec, compress) in COMPRESSED {
            for (container, put_in) in CONTAINERS {
                let text = lay_out(&uses(cases.len()));
                let path = folder.join(cases.len().to_string());
                std::fs::write(path, put_in(text.as_bytes(), *compress)).unwrap();
                cases.push((format!("{layout}, {codec} {container}"), *framing));
            }
        }
    }
    cases
}

#[test]
fn every_codec_and_framing_is_among_the_combinations() {
    for framing in FRAMINGS {
        assert!(LAYOUTS.iter().any(|(_, name, _)| *name == framing.name), "{}", framing.name);
    }
    // Encodings are in the matrix of containers, not here.
    let taken_off = |codec: &&Codec| codec.is_read() && !codec.is_archive() && !codec.is_of_rows();
    for codec in CODECS.iter().filter(taken_off) {
        let is_tried = COMPRESSED.iter().any(|(name, _)| *name == codec.name);
        assert!(is_tried || codec.name.contains("text"), "{}", codec.name);
    }
}

#[test]
fn an_old_use_is_found_in_every_codec_framing_and_container() {
    let scratch = tempfile::tempdir().unwrap();
    let cases = write(&scratch.path().join("in"));
    let report = read(scratch.path());
    let sealed = &report.sealed;
    let mut found: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for row in &sealed.rows {
        let input = &sealed.inputs[row.place.input.0 as usize];
        let uid = sealed.text(row.uid).unwrap_or_default();
        let shown = (row.when.at.rfc3339(), uid, row.state, row.outcome);
        found.entry(number(&input.path)).or_default().push(shown);
    }
    let formats: Vec<(usize, &str)> =
        sealed.inputs.iter().map(|input| (number(&input.path), input.format.as_str())).collect();
    for (n, (case, framing)) in cases.iter().enumerate() {
        let [old, new, refused] = uses(n).map(|one| one.time);
        let expected = vec![
            (old, OLD, State::Old, Outcome::Success),
            (new, NEW, State::New, Outcome::Success),
            (refused, OLD, State::Old, Outcome::AuthFailure),
        ];
        assert_eq!(found.get(&n), Some(&expected), "{case}");
        let is_so_framed = |(own, format): &(usize, &str)| *own == n && format.contains(framing);
        assert!(formats.iter().any(is_so_framed), "{case}: read as {framing}");
    }
    let sums = sealed.accounting;
    assert_eq!((sums.evidence, sums.rejected, sums.duplicate), (3 * cases.len() as u64, 0, 0));
}
