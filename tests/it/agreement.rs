/*! Logs that other programs parsed too: what holdover reads of them agrees, or differs for a reason that is named here. */

use std::collections::BTreeMap;
use std::path::Path;

use holdover::attribute::Rotation;
use holdover::ingest::walk;
use holdover::map::Dated;
use holdover::model::columns::Column;
use holdover::model::{Micros, TimeBasis, When};
use holdover::plan::Plan;
use holdover::profile::builtin;
use holdover::scan::{Bounds, Part, Sighting, Wanted, Watch, Witness, look};
use serde_json::Value;

use crate::harness::shared;

/// What a record says, as other programs call it too.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    at: Option<When>,
    address: Option<String>,
    user: Option<String>,
    uids: Vec<String>,
}

impl Said {
    /// Is it of that time? The corpus reads stamps without a zone in zones of its own: these agree but for whole hours.
    fn is_at(&self, time: &str) -> bool {
        let expected =
            chrono::DateTime::parse_from_rfc3339(time).expect("a time").timestamp_millis();
        let Some(when) = self.at else { return false };
        let apart = when.at.0.div_euclid(1_000) - expected;
        apart == 0 || (when.basis == TimeBasis::ZoneAssumed && apart % 3_600_000 == 0)
    }
}

/// Keeps what the records at each offset say.
#[derive(Default)]
struct Records(BTreeMap<u64, (u64, Said)>);

impl Witness for Records {
    fn see(&mut self, sighting: &Sighting<'_>) {
        let mapped = sighting.mapped;
        let text = |column| mapped.text(column).map(str::to_owned);
        let said = Said {
            at: match mapped.dated {
                Dated::At(when) => Some(when),
                Dated::Missing | Dated::Unreadable | Dated::Implausible => None,
            },
            address: text(Column::ClientAddress),
            user: text(Column::Principal),
            uids: mapped.uids.iter().map(|uid| uid.clone().into_owned()).collect(),
        };
        self.0.insert(sighting.place.offset, (u64::from(sighting.place.length), said));
    }
}

fn parts(path: &Path, seen: &mut Records) -> Vec<Part> {
    let bounds =
        Bounds { latest: Micros(4_000_000_000_000_000), near: Micros(1_600_000_000_000_000) };
    let wanted = Wanted::new(Rotation::new(Plan::nothing()), builtin::profiles(), &[], bounds);
    let watch = Watch { digest: false, progress: &|_| {} };
    let inputs = walk(&[path.to_string_lossy().into_owned()]);
    inputs.iter().flat_map(|input| look(input, &wanted, &watch, seen).expect("a scan")).collect()
}

fn records(path: &Path) -> Records {
    let mut seen = Records::default();
    parts(path, &mut seen);
    seen
}

impl Records {
    /// The record that begins there, and whether that place lies in any: lines that continue a record are read with it.
    fn at(&self, offset: u64) -> (Option<&Said>, bool) {
        let own = self.0.get(&offset).map(|(_, said)| said);
        let before = self.0.range(..=offset).next_back();
        (own, before.is_some_and(|(start, (length, _))| offset < start + length))
    }
}

/// How many of the claims about one field agree, and some that do not.
#[derive(Debug, Default)]
struct Share {
    claims: usize,
    agree: usize,
    others: Vec<String>,
}

impl Share {
    fn count(&mut self, agrees: bool, what: impl FnOnce() -> String) {
        self.claims += 1;
        self.agree += usize::from(agrees);
        if !agrees {
            self.others.push(what());
        }
    }
}

/// Streams of the corpus whose formats have a profile, and the fields that both sides tell.
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

/// Files that are left out, each for a reason that its user would accept.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "apache/access/test/ssl-request.log",
        "the TLS request log, of mod_ssl: a format of its own, and it names no user",
    ),
    ("kafka/log/test/state-change-2.2.2.log", "a log4j layout of one site"),
    (
        "mysql/error/test/mysql-ubuntu-5.5.53.log",
        "stamps with a year of two digits, of releases that ended in 2018",
    ),
    (
        "postgresql/log/test/postgresql-9.6-new-timestamp.log",
        "a prefix without a zone that means one: `EST`",
    ),
];

/// Claims of which fewer agree than `SHARE_MIN`: how many are left, and why.
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
    ("system/auth", "address", 2, "a line that names an address and tries no credential"),
];

/// Of the rest, at least so many in a hundred agree.
const SHARE_MIN: usize = 98;

#[test]
fn filebeat_events() {
    let Some(corpus) = shared("corpora/filebeat-apache2") else { return };
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
            check("address", said.address.as_deref() == Some(address));
        }
        if let Some(user) = fields["user.name"].as_str().filter(|user| !["-", ""].contains(user)) {
            check("user", said.user.as_deref() == Some(user));
        }
    }
    assert!(shares.len() >= STREAMS.len(), "{} fields were compared", shares.len());
    for ((stream, name), share) in &shares {
        let known = OTHERWISE.iter().find(|(one, field, ..)| (one, field) == (stream, name));
        let most = share.others.join("\n");
        let told = format!("{stream} {name}: {} of {} agree\n{most}", share.agree, share.claims);
        match known {
            Some((_, _, left, _)) => assert_eq!(share.others.len(), *left, "{told}"),
            None => assert!(share.agree * 100 >= share.claims * SHARE_MIN, "{told}"),
        }
    }
}

#[test]
fn plaso_one_log_in_every_container_says_the_same() {
    let Some(corpus) = shared("corpora/plaso-testdata") else { return };
    let folder = corpus.join("test_data");
    let one = records(&folder.join("syslog.gz"));
    assert!(one.0.len() >= 9, "{} records", one.0.len());
    for ending in ["bz2", "xz", "tar", "tgz", "zip"] {
        let packed = records(&folder.join(format!("syslog.{ending}")));
        assert_eq!(packed.0, one.0, "{ending}");
    }
}

/// Log types of the corpus that have a profile, where their events name the credential, and how many do not show it:
/// events that were cut down to what one test needs, or renamed (`at_sign_type`), are no longer of that shape.
const CREDENTIALS: &[(&str, &str, usize)] = &[
    ("AWS.CloudTrail", "/userIdentity/accessKeyId", 6),
    ("GCP.AuditLog", "/protoPayload/authenticationInfo/serviceAccountKeyName", 6),
];

#[test]
fn panther_events_show_the_credential_at_its_place() {
    let Some(corpus) = shared("corpora/panther-events") else { return };
    let text = std::fs::read_to_string(corpus.join("events.jsonl")).expect("the events");
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    for (log_type, pointer, left) in CREDENTIALS {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let (mut lines, mut expected) = (String::new(), BTreeMap::new());
        let is_own = |event: &&Value| {
            event["log_types"]
                .as_array()
                .is_some_and(|types| types.iter().any(|one| one == log_type))
        };
        for event in events.iter().filter(is_own).map(|event| &event["log"]) {
            if let Some(uid) =
                event.pointer(pointer).and_then(Value::as_str).filter(|uid| !uid.is_empty())
            {
                expected.insert(lines.len() as u64, uid.to_owned());
            }
            lines.push_str(&event.to_string());
            lines.push('\n');
        }
        let path = scratch.path().join("events.jsonl");
        std::fs::write(&path, &lines).expect("written");
        let read = records(&path);
        assert!(expected.len() >= 10, "{log_type}: {} events name one", expected.len());
        let mut share = Share::default();
        for (offset, uid) in &expected {
            let found = read.at(*offset).0;
            // Of a key's resource name, its id.
            let id = uid.rsplit('/').next().unwrap_or_default();
            let agrees = found.is_some_and(|said| said.uids.iter().any(|own| own == id));
            share.count(agrees, || format!("{log_type} at {offset}: {uid}, {found:?}"));
        }
        assert_eq!(share.others.len(), *left, "{}", share.others.join("\n"));
    }
}

/// Logs of many programs, most of which have no profile.
const CORPORA: &[&str] = &[
    "crowdsec-logs",
    "filebeat-apache2",
    "k8s-support-bundle",
    "lnav-logs",
    "otlp-proto-examples",
    "plaso-testdata",
    "prometheus-expfmt",
    "prometheus-textparse",
];

#[test]
fn whatever_is_read_is_counted_and_what_is_not_is_said() {
    for name in CORPORA {
        let Some(corpus) = shared(&format!("corpora/{name}")) else { return };
        let (mut records, mut inputs) = (0, 0);
        for part in parts(&corpus, &mut Records::default()) {
            let tally = part.tally;
            let sum = tally.evidence + tally.irrelevant + tally.rejected;
            assert_eq!(sum, tally.records, "{}: {tally:?}", part.path);
            let is_told =
                tally.records > 0 || !part.damage.is_empty() || part.format.contains(" member");
            assert!(is_told, "{}: nothing read and nothing said", part.path);
            (records, inputs) = (records + tally.records, inputs + 1);
        }
        assert!(inputs >= 4 && records >= 4, "{name}: {records} records in {inputs} inputs");
    }
}
