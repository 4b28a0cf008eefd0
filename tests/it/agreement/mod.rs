/*! Logs that other programs parsed too: what holdover reads of them agrees, or differs for a reason that is named here. */

mod crowdsec;
mod filebeat;
mod kubernetes;
mod lnav;
mod metrics;
mod telemetry;

use std::collections::BTreeMap;
use std::path::Path;

use holdover::attribute::Rotation;
use holdover::ingest::walk;
use holdover::map::{Mapped, RecordTime};
use holdover::model::columns::TEXTS;
use holdover::model::{TimeBasis, Timestamp, When};
use holdover::plan::Plan;
use holdover::profile::builtin;
use holdover::scan::{Bounds, Observer, Part, Sighting, Wanted, Watch, look};
use serde_json::Value;

use crate::harness::shared;

/// What a record says, as other programs call it too.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    profile: String,
    at: Option<When>,
    started: Option<Timestamp>,
    texts: BTreeMap<&'static str, String>,
    uids: Vec<String>,
}

impl Said {
    fn of(profile: &str, mapped: &Mapped<'_>) -> Self {
        let filled = TEXTS
            .iter()
            .filter_map(|column| Some((column.name(), mapped.text(*column)?.to_owned())));
        Self {
            profile: profile.to_owned(),
            at: match mapped.dated {
                RecordTime::At(when) => Some(when),
                RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => None,
            },
            started: mapped.measured.instance_start,
            texts: filled.collect(),
            uids: mapped.uids.iter().map(|uid| uid.clone().into_owned()).collect(),
        }
    }

    /// What stands in a column.
    fn text(&self, column: &str) -> Option<&str> {
        self.texts.get(column).map(String::as_str)
    }

    /// Is it of that time? The corpora read stamps without a zone in zones of their own: these agree but for whole hours.
    fn is_at(&self, time: &str) -> bool {
        let expected = millis(time);
        let Some(when) = self.at else { return false };
        let apart = when.at.0.div_euclid(1_000) - expected;
        apart == 0 || (when.basis == TimeBasis::ZoneAssumed && apart % 3_600_000 == 0)
    }
}

fn millis(time: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time).expect("a time").timestamp_millis()
}

/// Keeps what the records say: by their offset, and one by one.
#[derive(Default)]
struct Records {
    by_offset: BTreeMap<u64, (u64, Said)>,
    in_order: Vec<Said>,
}

impl Observer for Records {
    fn see(&mut self, sighting: &Sighting<'_>) {
        let said = Said::of(sighting.profile, sighting.mapped);
        self.in_order.push(said.clone());
        self.by_offset.insert(sighting.place.offset, (u64::from(sighting.place.length), said));
    }
}

fn parts(path: &Path, seen: &mut Records) -> Vec<Part> {
    let bounds = Bounds {
        latest: Timestamp(4_000_000_000_000_000),
        ..Bounds::around(Timestamp(1_600_000_000_000_000))
    };
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
        let own = self.by_offset.get(&offset).map(|(_, said)| said);
        let before = self.by_offset.range(..=offset).next_back();
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

    /// Enough agree, or just as many differ as are known to.
    fn judge(&self, what: &str, known: Option<usize>) {
        let others = self.others.join("\n");
        let told = format!("{what}: {} of {} agree\n{others}", self.agree, self.claims);
        eprintln!("{what}: {} of {} agree", self.agree, self.claims);
        match known {
            Some(left) => assert_eq!(self.others.len(), left, "{told}"),
            None => assert!(self.agree * 100 >= self.claims * SHARE_MIN, "{told}"),
        }
    }
}

/// Where nothing is known to differ, at least so many claims in a hundred agree.
const SHARE_MIN: usize = 98;

#[test]
fn plaso_one_log_in_every_container_says_the_same() {
    let Some(corpus) = shared("corpora/plaso-testdata") else { return };
    let folder = corpus.join("test_data");
    let one = records(&folder.join("syslog.gz"));
    assert!(one.in_order.len() >= 9, "{} records", one.in_order.len());
    for ending in ["bz2", "xz", "tar", "tgz", "zip"] {
        let packed = records(&folder.join(format!("syslog.{ending}")));
        assert_eq!(packed.by_offset, one.by_offset, "{ending}");
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
