/*! Lines that crowdsec's parsers found something in, as the tests of its hub expect it. */

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{Records, Said, Share, records};
use crate::harness::shared;

/// Parsers of formats that have a profile, and the fields that both sides have.
const PARSERS: &[(&str, &[&str])] = &[
    ("LePresidente/authelia-logs", &["record", "time", "address"]),
    ("aidalinfo/tcpudp-flood-traefik", &["record", "time"]),
    ("bouddha-fr/opensearch-dashboard-logs", &["record", "time", "address"]),
    ("bunkerity/bunkerweb-logs", &["record", "time", "address"]),
    ("crowdsecurity/cri-logs", &["record", "time"]),
    ("crowdsecurity/exim-logs", &["record", "address"]),
    ("crowdsecurity/haproxy-logs", &["record", "address"]),
    ("crowdsecurity/kasm-logs", &["record", "time", "address"]),
    ("crowdsecurity/mariadb-logs", &["record", "time", "address", "user"]),
    ("crowdsecurity/mysql-logs", &["record", "time", "address", "user"]),
    ("crowdsecurity/nextcloud-logs", &["record", "time", "address"]),
    ("crowdsecurity/nginx-logs", &["record", "time", "address"]),
    ("crowdsecurity/pgsql-logs", &["record", "address", "user"]),
    ("crowdsecurity/sshd-logs", &["record", "time", "address", "user"]),
    ("crowdsecurity/sshd-success-logs", &["record", "address", "user"]),
    ("crowdsecurity/supabase-docker-pgsql", &["record", "time", "address", "user"]),
    ("crowdsecurity/suricata-evelogs", &["record", "time", "address"]),
    ("crowdsecurity/syslog-logs", &["record", "time"]),
    ("crowdsecurity/teleport-logs", &["record", "time", "address", "user"]),
    ("fulljackz/pureftpd-logs", &["record", "address"]),
    ("openappsec/openappsec-logs", &["record", "time"]),
    ("yanis-kouidri/envoy-logs", &["record", "time", "address"]),
];

/// Tests that are left out, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "base-upsun-httplog-logs",
        "its lines are rewritten before they are parsed: what was found stands in none",
    ),
    (
        "nginx_http-catch-npm",
        "the access log of Nginx Proxy Manager: a format of its own, and it names no user",
    ),
    ("nginx_req_limit_exceeded", "the error log of nginx, of requests that were too many"),
];

/// Known differences: how many there are, and why.
const OTHERWISE: &[(&str, &str, usize, &str)] = &[
    (
        "crowdsecurity/cri-logs",
        "record",
        1,
        "a line after a partial one: both are read as the one record that they are",
    ),
    (
        "crowdsecurity/cri-logs",
        "time",
        1,
        "of the two times in the line that of the access log counts, to the second; the container's is that of writing",
    ),
];

/// The events of the parsers, line by line, and the logs.
struct Corpus<'c> {
    folder: &'c Path,
    /// The time of a message, by test and message.
    times: BTreeMap<(String, String), String>,
    /// The text of each log, and our records.
    logs: BTreeMap<String, (String, Records)>,
    /// How often a parser found the same message.
    turns: BTreeMap<String, usize>,
}

/// The starts of the lines that end with a message, otherwise of those that contain it.
fn places(text: &str, message: &str) -> Vec<usize> {
    let (mut whole, mut within, mut start) = (Vec::new(), Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end().ends_with(message.trim_end()) {
            whole.push(start);
        } else if line.contains(message) {
            within.push(start);
        }
        start += line.len();
    }
    if whole.is_empty() { within } else { whole }
}

impl Corpus<'_> {
    /// The place of its line, and our record there. No record: the last line has no end, so it may be cut and is
    /// rejected.
    fn said(&mut self, event: &Value) -> Option<(String, Option<Said>)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = text(&event["parsed"]["message"]);
        let (folder, log) = (text(&event["test"]), text(&event["meta"]["datasource_path"]));
        let path = format!("logs/{folder}/{log}");
        let full = self.folder.join(&path);
        let (log, own) = self.logs.entry(path.clone()).or_insert_with(|| {
            let bytes = std::fs::read(&full).expect("a log");
            (String::from_utf8_lossy(&bytes).into_owned(), records(&full))
        });
        let places = places(log, &message);
        assert!(!places.is_empty(), "{path} holds {message}");
        let turn = self.turns.entry(format!("{} {path} {message}", event["parser"])).or_default();
        let start = places[*turn % places.len()];
        *turn += 1;
        log[start..].find('\n')?;
        Some((format!("{path}:{start}"), own.at(start as u64).0.cloned()))
    }

    fn time(&self, event: &Value) -> Option<&str> {
        let key = |name: &Value| name.as_str().unwrap_or_default().to_owned();
        let key = (key(&event["test"]), key(&event["parsed"]["message"]));
        self.times.get(&key).map(String::as_str)
    }
}

/// The times that a later step of crowdsec found.
fn times(events: &[Value]) -> BTreeMap<(String, String), String> {
    let timed = events.iter().filter_map(|event| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let key = (text(&event["test"])?, text(&event["parsed"]["message"])?);
        Some((key, text(&event["meta"]["timestamp"])?))
    });
    timed.collect()
}

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn crowdsec_lines() {
    let folder = shared("corpora/crowdsec-logs");
    let lines = std::fs::read_to_string(folder.join("expected.jsonl")).expect("what was found");
    let events: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    let mut corpus = Corpus {
        folder: &folder,
        times: times(&events),
        logs: BTreeMap::new(),
        turns: BTreeMap::new(),
    };
    let mut shares: BTreeMap<(&str, &str), Share> = BTreeMap::new();
    for event in events.iter().filter(|event| event["success"] == true) {
        let known = PARSERS.iter().find(|(name, _)| event["parser"] == *name);
        let Some((parser, told)) = known else { continue };
        if LEFT_OUT.iter().any(|(test, _)| event["test"] == *test) {
            continue;
        }
        let Some((place, said)) = corpus.said(event) else { continue };
        let mut check = |name: &'static str, agrees: bool| {
            if told.contains(&name) {
                let share = shares.entry((parser, name)).or_default();
                share.count(agrees, || format!("{place} {name}: {said:?}"));
            }
        };
        check("record", said.is_some());
        let Some(said) = &said else { continue };
        if let Some(time) = corpus.time(event) {
            check("time", said.is_at(time));
        }
        let (meta, parsed) = (&event["meta"], &event["parsed"]);
        if let Some(address) = meta["source_ip"].as_str() {
            check("address", said.text("client_address") == Some(address));
        }
        let user = [&meta["target_user"], &meta["user"], &meta["username"], &parsed["remote_user"]];
        let user = user.into_iter().find_map(Value::as_str);
        if let Some(user) = user.filter(|user| !["-", ""].contains(user)) {
            check("user", said.text("principal") == Some(user));
        }
    }
    for (parser, told) in PARSERS {
        for name in *told {
            let share = shares.get(&(*parser, *name));
            let share = share.unwrap_or_else(|| panic!("{parser}: nothing tells its {name}"));
            let known = OTHERWISE.iter().find(|(one, field, ..)| (one, field) == (parser, name));
            let what = format!("{parser} {name}");
            share.judge(("crowdsec-logs", &what), known.map(|(_, _, left, _)| *left));
        }
    }
}
