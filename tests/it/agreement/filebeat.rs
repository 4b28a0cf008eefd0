/*! Events of filebeat's modules, each with the offset of the record that it was made of. */

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Records, Share, records};
use crate::harness::shared;

/// Streams of the corpus whose formats have a profile, and the fields that both sides have.
const STREAMS: &[(&str, &[&str])] = &[
    ("apache/access", &["record", "time", "address", "user"]),
    ("haproxy/log", &["record"]),
    ("kafka/log", &["record", "time"]),
    ("kibana/audit", &["record", "time", "user"]),
    ("kibana/log", &["record", "time"]),
    ("mysql/error", &["record", "time"]),
    ("nginx/access", &["record", "time", "address"]),
    ("nginx/ingress_controller", &["record", "time", "address"]),
    ("postgresql/log", &["record", "time", "user"]),
    ("system/auth", &["record", "address"]),
    ("traefik/access", &["record", "time", "address", "user"]),
];

/// Files that are left out, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "apache/access/test/ssl-request.log",
        "the TLS request log, of mod_ssl: a format of its own, and it names no user",
    ),
    ("kafka/log/test/state-change-2.2.2.log", "a log4j layout of one site"),
    (
        "postgresql/log/test/postgresql-9.6-new-timestamp.log",
        "a prefix without a zone that means one: `EST`",
    ),
];

/// Known differences of fields that agree less often than `SHARE_MIN`: how many there are, and why.
const OTHERWISE: &[(&str, &str, usize, &str)] = &[
    ("nginx/access", "record", 1, "a quoted list of addresses in front, of one site's format"),
    (
        "nginx/access",
        "address",
        6,
        "the first of several addresses is the caller; the corpus takes the first public one",
    ),
    (
        "postgresql/log",
        "user",
        8,
        "a name in a message that tells no credential: `role \"x\" already exists`",
    ),
    ("postgresql/log", "time", 5, "`EST` in July: the corpus reads it as daylight time"),
    ("system/auth", "address", 1, "a line that names an address and tries no credential"),
];

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn filebeat_events() {
    let corpus = shared("corpora/filebeat-apache2");
    let lines = std::fs::read_to_string(corpus.join("expected_flat.jsonl")).expect("the events");
    let mut shares: BTreeMap<(&str, &str), Share> = BTreeMap::new();
    let mut files: BTreeMap<String, Records> = BTreeMap::new();
    for line in lines.lines() {
        let event: Value = serde_json::from_str(line).expect("an event");
        let Some((stream, told)) = STREAMS.iter().find(|(name, _)| event["stream"] == *name) else {
            continue;
        };
        let input = event["input"].as_str().expect("an input");
        if LEFT_OUT.iter().any(|(file, _)| input.ends_with(file)) {
            continue;
        }
        let own = files.entry(input.to_owned()).or_insert_with(|| records(&corpus.join(input)));
        let offset = event["log.offset"].as_u64().unwrap_or(0);
        let (said, is_read) = own.at(offset);
        let fields = &event["fields"];
        let mut check = |name: &'static str, agrees: bool| {
            if told.contains(&name) {
                let share = shares.entry((stream, name)).or_default();
                share.count(agrees, || format!("{input}:{offset} {name}: {said:?}"));
            }
        };
        check("record", is_read);
        let Some(said) = said else { continue };
        if let Some(time) = fields["@timestamp"].as_str() {
            check("time", said.is_at(time));
        }
        let address = fields["source.address"].as_str().or(fields["source.ip"].as_str());
        if let Some(address) = address.filter(|address| *address != "-") {
            check("address", said.text("client_address") == Some(address));
        }
        if let Some(user) = fields["user.name"].as_str().filter(|user| !["-", ""].contains(user)) {
            check("user", said.text("principal") == Some(user));
        }
    }
    assert!(shares.len() >= STREAMS.len(), "{} fields were compared", shares.len());
    for ((stream, name), share) in &shares {
        let known = OTHERWISE.iter().find(|(one, field, ..)| (one, field) == (stream, name));
        let what = format!("{stream} {name}");
        share.judge(("filebeat-apache2", &what), known.map(|(_, _, left, _)| *left));
    }
}
