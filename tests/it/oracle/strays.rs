/*! The sentences on records that are no evidence, held against the lines of the exports themselves. */

use std::collections::BTreeSet;

use holdover::model::Timestamp;
use holdover::wording;
use serde_json::Value;

use super::facts::{Evidence, Fact};
use super::rhythms::{needed, streams, us};
use super::templates::Template;
use Fact::{Bound, Class, Of, Word};

const SAY: &[&str] = &["says", "say"];
const HOLD: &[&str] = &["holds", "hold"];
/// All log sources: these worlds have one each.
const SOURCES: Fact = Of(|e, _| {
    let names = e.strings("SELECT DISTINCT stream AS v FROM logged ORDER BY stream", None);
    wording::list(&names)
});
/// All log sources of text. The others are of JSON.
const SOURCES_OF_TEXT: Fact = Of(|e, _| {
    let sql = "SELECT DISTINCT stream AS v FROM logged WHERE stream NOT LIKE 'json:%/logs' ORDER BY stream";
    wording::list(&e.strings(sql, None))
});
const HELD_SINCE: Fact = Of(|e, _| wording::count(held(e, true), "record"));
const HELD: Fact = Of(|e, _| wording::count(held(e, false), "record"));

pub(super) const TEMPLATES: &[Template] = &[
    Template {
        rule: "unmapped-marker",
        text: "{n} of {streams} since the change {hold} a marker of `{version}` at `{place}`, where it is not read as the credential",
        slots: &[
            ("n", HELD_SINCE),
            ("streams", SOURCES),
            ("hold", Word(HOLD)),
            ("version", Bound),
            ("place", Bound),
        ],
    },
    Template {
        rule: "unmapped-marker",
        text: "{n} of {streams} {hold} a marker of `{version}` at `{place}`, where it is not read as the credential",
        slots: &[
            ("n", HELD),
            ("streams", SOURCES),
            ("hold", Word(HOLD)),
            ("version", Bound),
            ("place", Bound),
        ],
    },
    Template {
        rule: "unmapped-marker",
        text: "{n} of {streams} since the change {hold} a marker of `{version}` outside every field, where it is not read as the credential",
        slots: &[
            ("n", HELD_SINCE),
            ("streams", SOURCES_OF_TEXT),
            ("hold", Word(HOLD)),
            ("version", Bound),
        ],
    },
    Template {
        rule: "unmapped-marker",
        text: "{n} of {streams} {hold} a marker of `{version}` outside every field, where it is not read as the credential",
        slots: &[
            ("n", HELD),
            ("streams", SOURCES_OF_TEXT),
            ("hold", Word(HOLD)),
            ("version", Bound),
        ],
    },
    Template {
        rule: "unmapped-marker",
        text: "{n} of {streams} since the change {hold} a marker of `{version}` in parts of a series whose count is not exported, where it is not read as the credential",
        slots: &[
            ("n", HELD_SINCE),
            ("streams", SOURCES_OF_TEXT),
            ("hold", Word(HOLD)),
            ("version", Bound),
        ],
    },
    Template {
        rule: "marker-spelling",
        text: "{n} of {streams} in the window {use} the credential `{spelling}`, which differs from a marker of `{version}` only in its spelling",
        slots: &[
            (
                "n",
                Of(|e, _| {
                    let spelling = e.value("spelling");
                    let from = us(e, "/window/from");
                    wording::count(lines_with(e, &format!("\"{spelling}\""), from), "record")
                }),
            ),
            ("streams", SOURCES),
            ("use", Word(&["uses", "use"])),
            ("spelling", Bound),
            (
                "version",
                Of(|e, _| {
                    let bare = |text: &str| -> String {
                        text.chars()
                            .filter(char::is_ascii_alphanumeric)
                            .map(|c| c.to_ascii_lowercase())
                            .collect()
                    };
                    let spelling = bare(&e.value("spelling"));
                    let found =
                        old_markers(e).into_iter().find(|(_, marker)| bare(marker) == spelling);
                    found.map(|(version, _)| version).unwrap_or_default()
                }),
            ),
        ],
    },
    Template {
        rule: "sequence-gap",
        text: "{n} of {streams} {are} missing in the time for which `{class}` must be free of the old version, and before the change the numbers had no gaps",
        slots: &[
            ("n", Of(missing_numbers)),
            ("streams", SOURCES),
            ("are", Word(&["is", "are"])),
            ("class", Class),
        ],
    },
    Template {
        rule: "partial-export",
        text: "{n} of {streams} {say} that others were suppressed, dropped or lost",
        slots: &[
            (
                "n",
                Of(|e, class| {
                    let from = us(e, "/as_of") - needed(e, class).0;
                    let words = ["uppressed", "ropped", "rate limit", "lost"];
                    let n: u64 = words
                        .iter()
                        .map(|word| lines_with(e, word, from))
                        .max()
                        .unwrap_or_default();
                    wording::count(n, "record")
                }),
            ),
            ("streams", SOURCES),
            ("say", Word(SAY)),
        ],
    },
    Template {
        rule: "partial-export",
        text: "the last page of {n} ({names}) says that more pages follow",
        slots: &[
            ("n", Of(|e, _| wording::count(unfinished(e).len(), "export"))),
            ("names", Of(|e, _| wording::list(&unfinished(e)))),
        ],
    },
    Template {
        rule: "partial-export",
        text: "{n} ({names}) {hold} fewer records than {they} found",
        slots: &[
            ("n", Of(|e, _| wording::count(limited(e).len(), "export"))),
            ("names", Of(|e, _| wording::list(&limited(e)))),
            ("hold", Word(HOLD)),
            ("they", Word(&["it says were", "they say were"])),
        ],
    },
    Template {
        rule: "sampled-source",
        text: "{n} of `{class}` in {streams} {are}, of up to {rate} records each: an old use may be among those that were dropped",
        slots: &[
            (
                "n",
                Of(|e, class| {
                    let from = us(e, "/as_of") - needed(e, class).0;
                    let sql = format!(
                        "SELECT COUNT(*) AS v FROM evidence WHERE consumer_class = $class AND sample_rate > 1 AND earliest_us >= {from}"
                    );
                    wording::count(e.ints(&sql, class)[0], "record")
                }),
            ),
            ("class", Class),
            ("streams", Of(|e, class| wording::list(&streams(e, class)))),
            ("are", Word(&["is a sample", "are samples"])),
            (
                "rate",
                Of(|e, class| {
                    let sql = "SELECT CAST(MAX(sample_rate) * 10 AS BIGINT) AS v FROM evidence WHERE consumer_class = $class";
                    let tenths = e.ints(sql, class)[0];
                    if tenths % 10 == 0 {
                        format!("{}", tenths / 10)
                    } else {
                        format!("{}.{}", tenths / 10, tenths % 10)
                    }
                }),
            ),
        ],
    },
];

/// The files of the exports, as text.
fn files(e: &Evidence) -> Vec<(String, String)> {
    let entries =
        walkdir::WalkDir::new(&e.logs).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path()).ok()?;
            Some((entry.path().to_string_lossy().into_owned(), text))
        })
        .collect()
}

/// Their lines, with their times.
fn lines(e: &Evidence) -> Vec<(Timestamp, String)> {
    let dated = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        let at = value.get("timestamp").or_else(|| value.get("time"))?;
        Timestamp::from_rfc3339(at.as_str()?)
    };
    let stamped = |line: &str| line.split([' ', '=']).find_map(Timestamp::from_rfc3339);
    let of_file = |(path, text): &(String, String)| -> Vec<(Timestamp, String)> {
        let at = |line: &str| dated(line).or_else(|| stamped(line)).or_else(|| time_in(path));
        text.lines().filter_map(|line| Some((at(line)?, line.to_owned()))).collect()
    };
    files(e).iter().flat_map(of_file).collect()
}

/// The time in the name of a file.
fn time_in(path: &str) -> Option<Timestamp> {
    let name = regex::Regex::new(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z").expect("a pattern");
    let stamp = name.captures(path)?;
    Timestamp::from_rfc3339(&name.replace(stamp.get(0)?.as_str(), "${1}-${2}-${3}T${4}:${5}:${6}Z"))
}

/// How many lines since then hold these bytes.
fn lines_with(e: &Evidence, bytes: &str, from: i64) -> u64 {
    let end = us(e, "/as_of");
    let holds =
        |(at, line): &&(Timestamp, String)| (from..=end).contains(&at.0) && line.contains(bytes);
    lines(e).iter().filter(holds).count() as u64
}

/// Version and marker of each old version.
pub(super) fn old_markers(e: &Evidence) -> Vec<(String, String)> {
    let versions = e.plan["credential"]["version"].as_array().cloned().unwrap_or_default();
    let old = versions.into_iter().filter(|one| one["state"].as_str() == Some("old"));
    old.flat_map(|one| {
        let name = one["name"].as_str().unwrap_or_default().to_owned();
        let markers = one["markers"].as_array().cloned().unwrap_or_default();
        markers
            .into_iter()
            .filter_map(move |marker| Some((name.clone(), marker.as_str()?.to_owned())))
            .collect::<Vec<_>>()
    })
    .collect()
}

/// How many lines hold a marker of the version where the sentence says.
fn held(e: &Evidence, is_since: bool) -> u64 {
    let (version, place) = (e.value("version"), e.value("place"));
    let (from, end) =
        (if is_since { us(e, "/rotation/introduced") } else { i64::MIN }, us(e, "/as_of"));
    let markers: Vec<String> = old_markers(e)
        .into_iter()
        .filter(|(name, _)| *name == version)
        .map(|(_, marker)| marker)
        .collect();
    let holds = |(at, line): &&(Timestamp, String)| {
        let value: Value = serde_json::from_str(line).unwrap_or_default();
        let text = if place.is_empty() {
            Some(line.as_str()).filter(|_| value.is_null())
        } else {
            value.pointer(&place).and_then(Value::as_str)
        };
        (from..=end).contains(&at.0)
            && text.is_some_and(|text| markers.iter().any(|marker| text.contains(marker)))
    };
    lines(e).iter().filter(holds).count() as u64
}

/// The running numbers that no line has, between lines of the time for which the class must be silent.
fn missing_numbers(e: &mut Evidence, class: Option<&str>) -> String {
    let from = us(e, "/as_of") - needed(e, class).0;
    let numbered: Vec<(Timestamp, i64)> = lines(e)
        .into_iter()
        .filter_map(|(at, line)| {
            let value: Value = serde_json::from_str(&line).ok()?;
            Some((at, value.get("seq").or_else(|| value.get("sequence"))?.as_i64()?))
        })
        .collect();
    let pairs = numbered.windows(2).filter(|pair| pair[1].0.0 >= from);
    let missing: i64 = pairs.map(|pair| (pair[1].1 - pair[0].1 - 1).max(0)).sum();
    wording::count(missing, "record number")
}

/// The exports whose last line or document names a next page.
fn unfinished(e: &Evidence) -> Vec<String> {
    let tokens = ["NextToken", "nextToken", "next_token", "nextPageToken"];
    let names_one = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        tokens.iter().any(|token| value.get(token).is_some_and(Value::is_string))
    };
    files(e).into_iter().filter(|(_, text)| names_one(text)).map(|(path, _)| path).collect()
}

/// The exports that state more records than they hold.
fn limited(e: &Evidence) -> Vec<String> {
    let is_short = |text: &str| {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let stated: BTreeSet<u64> = ["/hits/total/value", "/total"]
            .iter()
            .filter_map(|at| value.pointer(at)?.as_u64())
            .collect();
        let held = value
            .pointer("/hits/hits")
            .or_else(|| value.pointer("/records"))
            .and_then(Value::as_array);
        held.is_some_and(|held| stated.iter().any(|stated| *stated > held.len() as u64))
    };
    files(e).into_iter().filter(|(_, text)| is_short(text)).map(|(path, _)| path).collect()
}
