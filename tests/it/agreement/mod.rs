/*! Logs that other programs parsed too: what holdover reads of them agrees, or differs for a reason that is named
 * here.
 */

mod crowdsec;
mod filebeat;
mod kubernetes;
mod lnav;
mod metrics;
mod page;
mod telemetry;

use std::collections::BTreeMap;
use std::path::Path;

use holdover::attribute::CompiledRotation;
use holdover::ingest::walk;
use holdover::map::{Mapped, RecordTime};
use holdover::model::bounds::TimeBounds;
use holdover::model::columns::TEXTS;
use holdover::model::{TimeBasis, Timestamp, When};
use holdover::plan::ReadingPlan;
use holdover::profile::builtin;
use holdover::scan::{ObservedRecord, Observer, Part, ScanOptions, Wanted, look};
use serde_json::Value;

use crate::harness::shared;

/// What a record says, in the fields that other programs have too.
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
            at: match mapped.time {
                RecordTime::At(when) => Some(when),
                RecordTime::Missing | RecordTime::Unreadable | RecordTime::Implausible => None,
            },
            started: mapped.measured.instance_start,
            texts: filled.collect(),
            uids: mapped.uids.iter().map(|uid| uid.clone().into_owned()).collect(),
        }
    }

    /// The text of a column.
    fn text(&self, column: &str) -> Option<&str> {
        self.texts.get(column).map(String::as_str)
    }

    /// Whether the record has that time. The corpora read stamps without a zone in zones of their own, so whole hours
    /// may differ.
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

/// Keeps what the records say, by their offset and in order.
#[derive(Default)]
struct Records {
    by_offset: BTreeMap<u64, (u64, Said)>,
    in_order: Vec<Said>,
}

impl Observer for Records {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        let said = Said::of(record.profile, record.mapped);
        self.in_order.push(said.clone());
        self.by_offset.insert(record.place.offset, (u64::from(record.place.length), said));
    }
}

fn parts(path: &Path, seen: &mut Records) -> Vec<Part> {
    let bounds = TimeBounds {
        latest: Timestamp(4_000_000_000_000_000),
        ..TimeBounds::around(Timestamp(1_600_000_000_000_000))
    };
    let wanted = Wanted::new(
        CompiledRotation::new(ReadingPlan::nothing()),
        builtin::profiles(),
        &[],
        bounds,
    );
    let watch = ScanOptions { digest: None, strict: false, ahead: false, progress: &|_| {} };
    let inputs = walk(&[path.to_string_lossy().into_owned()]);
    inputs.iter().flat_map(|input| look(input, &wanted, &watch, seen).expect("a scan")).collect()
}

fn records(path: &Path) -> Records {
    let mut seen = Records::default();
    parts(path, &mut seen);
    seen
}

impl Records {
    /// The record that begins at an offset, and whether any record covers it: lines that continue a record belong to
    /// it.
    fn at(&self, offset: u64) -> (Option<&Said>, bool) {
        let own = self.by_offset.get(&offset).map(|(_, said)| said);
        let before = self.by_offset.range(..=offset).next_back();
        (own, before.is_some_and(|(start, (length, _))| offset < start + length))
    }
}

/// How many claims about one field agree, and some that do not.
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

    /// Fails unless enough claims agree, or exactly the known number differ, and unless the page says so.
    fn judge(&self, (corpus, what): (&str, &str), known: Option<usize>) {
        let others = self.others.join("\n");
        let told = format!("{what}: {} of {} agree\n{others}", self.agree, self.claims);
        eprintln!("{what}: {} of {} agree", self.agree, self.claims);
        match known {
            Some(left) => assert_eq!(self.others.len(), left, "{told}"),
            None => assert!(self.agree * 100 >= self.claims * SHARE_MIN, "{told}"),
        }
        page::hold((corpus, what), (self.agree, self.claims));
    }
}

/// If no difference is known, at least this many claims in a hundred must agree.
const SHARE_MIN: usize = 98;

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn plaso_one_log_reads_the_same_in_every_container() {
    let corpus = shared("corpora/plaso-testdata");
    let folder = corpus.join("test_data");
    let one = records(&folder.join("syslog.gz"));
    assert!(one.in_order.len() >= 9, "{} records", one.in_order.len());
    for ending in ["bz2", "xz", "tar", "tgz", "zip"] {
        let packed = records(&folder.join(format!("syslog.{ending}")));
        assert_eq!(packed.by_offset, one.by_offset, "{ending}");
    }
}

/// Log types of the corpus that have a profile, the pointer to the credential, and how many events do not show it:
/// events that were cut down for a test, or renamed (`at_sign_type`), have lost that shape.
const CREDENTIALS: &[(&str, &str, usize)] = &[
    ("AWS.CloudTrail", "/userIdentity/accessKeyId", 6),
    ("GCP.AuditLog", "/protoPayload/authenticationInfo/serviceAccountKeyName", 6),
];

#[test]
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn panther_events_show_the_credential() {
    let corpus = shared("corpora/panther-events");
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
            // The id at the end of the resource name of a key.
            let id = uid.rsplit('/').next().unwrap_or_default();
            let agrees = found.is_some_and(|said| said.uids.iter().any(|own| own == id));
            share.count(agrees, || format!("{log_type} at {offset}: {uid}, {found:?}"));
        }
        share.judge(("panther-events", &format!("{log_type} credential")), Some(*left));
    }
}

/// Logs of many programs. Most have no profile.
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
#[cfg_attr(not(has_shared), ignore = "needs HOLDOVER_SHARED")]
fn every_record_is_counted_and_every_gap_is_damage() {
    for name in CORPORA {
        let corpus = shared(&format!("corpora/{name}"));
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
