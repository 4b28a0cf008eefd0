/*! `sources test`: how exports are read before there is a plan. */

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{FieldTally, UnreadField};
use crate::map::{Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::bounds::TimeBounds;
use crate::model::columns::TEXTS;
use crate::model::{Outcome, Timestamp};
use crate::profile::{Overlay, Profile};
use crate::safe;
use crate::scan::{ObservedRecord, Observer, Part};

use super::error::Error;
use super::observe::observe_each;
use super::request::Request;

/// At most this many records of an input are shown.
const RECORDS_MAX: usize = 3;
/// At most this many rejected records of an input are shown.
const REJECTS_MAX: usize = 3;

/// How one input is read.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The path as given.
    pub path: String,
    /// Container and framing.
    pub format: String,
    /// The number of records.
    pub records: u64,
    /// The number of records that were not understood, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// The first of them.
    pub rejects: Vec<RejectedRecord>,
    /// The parts that were not read.
    pub damage: Vec<String>,
    /// The number of records that each profile mapped.
    pub profiles: BTreeMap<String, u64>,
    /// The number of records with a time.
    pub dated: u64,
    /// The first and the last of these times.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The number of records that show a credential.
    pub credentials: u64,
    /// The number of records with each outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Outcome words that no profile maps, with their counts.
    pub unknown_words: BTreeMap<String, u64>,
    /// The first records.
    pub first: Vec<MappedRecord>,
    /// Fields that no profile reads, though they look like a time, a credential, an outcome or a consumer.
    pub unread: Vec<UnreadField>,
    /// The source of a plan that would read some of them.
    pub draft: Option<DraftedSource>,
    fields: FieldTally,
}

/// A source of a plan, and how it would read the input.
#[derive(Debug)]
pub struct DraftedSource {
    /// The source, as a plan writes it.
    pub text: String,
    /// The number of records with a time.
    pub dated: u64,
    /// The number of records that show a credential.
    pub credentials: u64,
    /// The number of records with an outcome that is known.
    pub outcomes: u64,
}

/// A record that was not understood.
#[derive(Debug)]
pub struct RejectedRecord {
    /// Its number in the input.
    pub record: u64,
    /// Why it was rejected.
    pub reason: String,
    /// Its start, masked.
    pub excerpt: String,
}

/// A record as a profile maps it, masked.
#[derive(Debug)]
pub struct MappedRecord {
    /// Its number in the input.
    pub record: u64,
    /// The profile that mapped it.
    pub profile: String,
    /// The columns that have a value.
    pub columns: Vec<(&'static str, String)>,
}

impl Observer for Inspection {
    fn observe(&mut self, record: &ObservedRecord<'_>) {
        let mapped = record.mapped;
        *self.profiles.entry(record.profile.to_owned()).or_insert(0) += 1;
        self.dated += u64::from(matches!(mapped.time, RecordTime::At(_)));
        self.credentials += u64::from(!mapped.uids.is_empty());
        match &mapped.outcome {
            ReportedOutcome::Known(outcome) => {
                *self.outcomes.entry(outcome.word()).or_insert(0) += 1;
            }
            ReportedOutcome::Nothing => {
                *self.outcomes.entry(Outcome::None.word()).or_insert(0) += 1;
            }
            ReportedOutcome::Unknown(word) | ReportedOutcome::Doubtful(word) => {
                let word = safe::mask_path(word).into_owned();
                *self.unknown_words.entry(word).or_insert(0) += 1;
            }
        }
        self.fields.add(mapped, &record.fields, TimeBounds::around(Timestamp(0)));
        if self.first.len() < RECORDS_MAX {
            self.first.push(MappedRecord {
                record: record.place.record,
                profile: record.profile.to_owned(),
                columns: columns(mapped),
            });
        }
    }

    fn wants_fields(&self, _member: u32) -> bool {
        self.fields.wants_more()
    }
}

/// The columns that a record was mapped to, masked.
fn columns(mapped: &Mapped<'_>) -> Vec<(&'static str, String)> {
    let mut columns = Vec::new();
    match mapped.time {
        RecordTime::At(when) => columns.push(("event_time", when.at.rfc3339())),
        RecordTime::Missing => columns.push(("event_time", "(none)".to_owned())),
        RecordTime::Unreadable => columns.push(("event_time", "(cannot be read)".to_owned())),
        RecordTime::Implausible => columns.push(("event_time", "(cannot be true)".to_owned())),
    }
    for column in TEXTS {
        columns.extend(
            mapped.text(column).map(|text| (column.name(), safe::mask_path(text).into_owned())),
        );
    }
    columns.extend(mapped.uids.iter().map(|uid| ("credential_uid", safe::mask(uid).into_owned())));
    columns.extend(
        mapped.named.iter().map(|named| (named.kind.word(), safe::mask(&named.uid).into_owned())),
    );
    columns.extend(mapped.kind.map(|kind| ("kind", kind.word().to_owned())));
    match &mapped.outcome {
        ReportedOutcome::Known(outcome) => columns.push(("outcome", outcome.word().to_owned())),
        ReportedOutcome::Nothing => {}
        ReportedOutcome::Unknown(word) | ReportedOutcome::Doubtful(word) => {
            columns.push(("outcome", format!("(not known: {})", safe::mask_path(word))));
        }
    }
    match mapped.occurrences {
        Occurrences::Times(1) => {}
        Occurrences::Times(count) => columns.push(("count", count.to_string())),
        Occurrences::Grown(total) => columns.push(("counter", total.value.to_string())),
        Occurrences::LastUse(at) => columns.push(("last_use", at.at.rfc3339())),
        Occurrences::State => columns.push(("count", "(none: a state)".to_owned())),
        Occurrences::Idle(idle) => columns.push(("idle_us", idle.0.to_string())),
        Occurrences::Unreadable => columns.push(("count", "(cannot be read)".to_owned())),
        Occurrences::Unknown => {
            columns.push(("count", "(what the number counts is not known)".to_owned()));
        }
    }
    if mapped.degraded {
        columns.push(("degraded", "true".to_owned()));
    }
    columns
}

/// Reads exports without a plan, and says what was recognised, mapped, and not understood.
pub fn inspect(request: &Request) -> Result<Vec<Inspection>, Error> {
    let observed = observe_each::<Inspection>(request, &[])?;
    let mut inspections: Vec<Inspection> =
        observed.into_iter().map(|(part, inspection)| completed(part, inspection)).collect();
    for inspection in &mut inspections {
        inspection.unread = inspection.fields.unread().into_iter().cloned().collect();
        inspection.draft = drafted(inspection, request);
    }
    Ok(inspections)
}

/// The source that would read what a profile of guesses does not read of an input, with the effect that it has.
fn drafted(inspection: &Inspection, request: &Request) -> Option<DraftedSource> {
    let usual = inspection.profiles.iter().max_by_key(|(_, records)| **records);
    let known = request.known_profiles();
    let profile = usual.and_then(|(name, _)| known.iter().find(|known| known.name == *name))?;
    let mut draft = inspection.fields.draft(&profile.name).filter(|_| profile.guesses)?;
    let fields = draft.fields.iter().map(|(column, pointer)| (*column, vec![pointer.clone()]));
    let overlay = Overlay { fields: fields.collect(), ..Overlay::default() };
    let with_draft = known.iter().map(|other| {
        if other.name == profile.name { other.with_overlay(&overlay) } else { other.clone() }
    });
    let paths = vec![inspection.path.clone()];
    let profiles = Some(with_draft.collect());
    let again = Request { paths: paths.clone(), profiles, ..request.clone() };
    let (mut dated, mut credentials, mut outcomes) = (0, 0, 0);
    // Members of archives cannot be read again.
    for (_, read) in observe_each::<Inspection>(&again, &[]).unwrap_or_default() {
        dated += read.dated;
        credentials += read.credentials;
        outcomes +=
            read.outcomes.iter().filter(|(word, _)| **word != "none").map(|(_, n)| n).sum::<u64>();
        draft.words.extend(read.unknown_words.into_keys());
    }
    Some(DraftedSource { text: draft.text(&paths), dated, credentials, outcomes })
}

/// Copies what reading the input reported into its inspection.
fn completed(part: Part, mut inspection: Inspection) -> Inspection {
    for run in &part.rejects {
        for (reason, count) in &run.run.reasons {
            *inspection.rejected.entry(reason.clone()).or_insert(0) += count;
        }
    }
    let rejects = part.reject_rows.into_iter().take(REJECTS_MAX);
    inspection.rejects = rejects
        .map(|row| RejectedRecord {
            record: row.place.record,
            reason: row.reason,
            excerpt: row.excerpt,
        })
        .collect();
    inspection.damage = part.damage.into_iter().map(|damage| damage.what).collect();
    inspection.records = part.tally.records;
    (inspection.path, inspection.format, inspection.span) = (part.path, part.format, part.span);
    inspection
}

/// The events that the sources of these profiles never record.
pub fn blind_spots<'p>(
    request: &'p Request,
    names: &BTreeSet<&str>,
) -> Vec<(&'p Profile, &'p [String])> {
    let profiles = request.known_profiles().iter();
    let used = profiles.filter(|profile| names.contains(profile.name.as_str()));
    used.map(|profile| (profile, profile.blind_spots.as_slice())).collect()
}
