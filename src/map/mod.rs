/*! Which field means what: decoded fields of a record become its time, its hints, its markers and its outcome.
 *
 * Knows formats, not plans: whether a marker or a consumer matters is decided by `attribute`.
 */

pub mod outcome;
mod reading;
pub mod when;

use std::borrow::Cow;

use crate::ingest::Fields;
use crate::model::columns::Column;
use crate::model::{Kind, Layer, Micros, Outcome, When};
use crate::safe;

pub use reading::{Reading, TEXTS, text_slot};

/// What a record says when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// It has a time.
    At(When),
    /// It has none.
    Missing,
    /// It has one that cannot be read, or that cannot be true.
    Implausible,
}

/// What a record says came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A word, or its absence, that means something here.
    Known(Outcome),
    /// Nothing.
    Nothing,
    /// A word nobody maps.
    Unknown(String),
}

/// A further row that a record gives: a marker that it names without using it.
#[derive(Clone, Debug)]
pub struct Also<'b> {
    /// The marker.
    pub uid: Cow<'b, str>,
    /// What is stated.
    pub kind: Kind,
    /// What kind of testimony it is.
    pub layer: Layer,
}

/// One record, mapped. Borrows from the record; nothing is built for what nobody asked.
#[derive(Debug)]
pub struct Mapped<'b> {
    /// When it happened.
    pub dated: Dated,
    /// What kind of testimony it gives.
    pub layer: Layer,
    /// What the profile or a field calls it.
    pub kind: Option<Kind>,
    /// What came of it.
    pub told: Told,
    /// Candidates for the marker, the profile's first choice first.
    pub uids: Vec<Cow<'b, str>>,
    /// Markers that it names without using them.
    pub also: Vec<Also<'b>>,
    /// Ids that it issues: child and parent.
    pub links: Vec<(&'b str, &'b str)>,
    /// The text columns, in the order of `TEXTS`.
    pub texts: [Option<&'b str>; TEXTS.len()],
    /// When its instance started.
    pub instance_start: Option<Micros>,
    /// When its job was queued.
    pub enqueued: Option<Micros>,
    /// Which attempt of the job.
    pub attempt: Option<u32>,
    /// How long the work took, in milliseconds.
    pub duration_ms: Option<f64>,
    /// How much it gave.
    pub size: Option<f64>,
    /// How many occurrences it stands for.
    pub count: u64,
    /// Does a field call it degraded?
    pub degraded: bool,
    /// The value that names its stream.
    pub stream: Option<&'b str>,
}

impl Mapped<'_> {
    /// The value of a text column.
    pub fn text(&self, column: Column) -> Option<&str> {
        text_slot(column).and_then(|slot| self.texts[slot])
    }

    /// The running copy it comes from: `service_instance_id`, else `host_name`.
    pub fn instance(&self) -> Option<&str> {
        self.text(Column::ServiceInstanceId).or_else(|| self.text(Column::HostName))
    }
}

/// What the caller knows that a record does not.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The latest time that can be true.
    pub latest: Micros,
}

/// Does the record look like one of the profile?
pub fn fits(reading: &Reading, fields: &Fields<'_>) -> bool {
    reading.slots.sniff.iter().all(|slot| fields.get(*slot).is_some())
}

/// Maps the fields of one record.
pub fn apply<'f>(reading: &'f Reading, fields: &'f Fields<'_>, bounds: Bounds) -> Mapped<'f> {
    let read = Read { reading, fields };
    Mapped {
        dated: read.dated(bounds),
        layer: reading.profile.layer,
        kind: read.kind(),
        told: read.told(),
        uids: read.uids(),
        also: read.also(),
        links: read.links(),
        texts: read.texts(),
        instance_start: read.time(Column::InstanceStartTime),
        enqueued: read.time(Column::EnqueuedTime),
        attempt: read.number(Column::Attempt),
        duration_ms: read.number(Column::DurationMs),
        size: read.number(Column::Size),
        count: read.number(Column::Count).unwrap_or(1),
        degraded: read.first(Column::Degraded).is_some_and(is_yes),
        stream: reading.slots.stream.and_then(|slot| scalar(fields, slot)),
    }
}

fn is_yes(word: &str) -> bool {
    ["true", "yes", "1", "degraded", "fallback"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
}

/// A value that stands for no value.
fn is_absent(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["-", "null", "none", "n/a", "unknown", "undefined", "(none)"]
            .iter()
            .any(|absent| text.eq_ignore_ascii_case(absent))
}

/// A text of a record as it may be shown. Ids in hexadecimal (containers, traces) stay.
pub fn shown_text(raw: &str) -> Cow<'_, str> {
    safe::mask_path(raw)
}

/// A marker as it may be shown: masked where it is secret-like.
pub fn shown_uid(raw: &str) -> Cow<'_, str> {
    safe::mask(raw)
}

/// A value that is no object and no array. A text that begins like one is taken for one.
pub fn scalar<'f>(fields: &'f Fields<'_>, slot: usize) -> Option<&'f str> {
    let is_array = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    fields
        .get(slot)
        .filter(|text| !(text.starts_with('{') || text.starts_with('[') && is_array(text)))
}

struct Read<'f, 'b> {
    reading: &'f Reading,
    fields: &'f Fields<'b>,
}

impl<'f> Read<'f, '_> {
    fn text(&self, slot: usize) -> Option<&'f str> {
        scalar(self.fields, slot)
    }

    fn values(&self, column: Column) -> impl Iterator<Item = &'f str> {
        let slots = self.reading.slots.columns.get(&column).map_or(&[][..], Vec::as_slice);
        let fields = self.fields;
        slots.iter().filter_map(move |slot| scalar(fields, *slot))
    }

    fn first(&self, column: Column) -> Option<&'f str> {
        self.values(column).find(|text| !is_absent(text))
    }

    fn number<T: std::str::FromStr>(&self, column: Column) -> Option<T> {
        self.values(column).find_map(|text| text.trim().parse().ok())
    }

    fn time(&self, column: Column) -> Option<Micros> {
        let zone = self.reading.profile.timezone;
        self.values(column).find_map(|text| when::parse(text, zone)).map(When::earliest)
    }

    fn dated(&self, bounds: Bounds) -> Dated {
        let mut seen = Dated::Missing;
        for text in self.values(Column::EventTime).filter(|text| !is_absent(text)) {
            match when::parse(text, self.reading.profile.timezone) {
                Some(when) if when.at >= Micros::YEAR_2000 && when.at <= bounds.latest => {
                    return Dated::At(when);
                }
                Some(_) | None => seen = Dated::Implausible,
            }
        }
        seen
    }

    fn kind(&self) -> Option<Kind> {
        let word = self.first(Column::Kind)?;
        let named =
            self.reading.profile.kinds.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        named
            .map(|(_, kind)| *kind)
            .or_else(|| Kind::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word)))
    }

    fn told(&self) -> Told {
        let own = &self.reading.profile.outcomes;
        let strong = self.first_outcome_word();
        let told = match strong {
            Some(word) => match outcome::read(word, own) {
                Some(outcome) => Told::Known(outcome),
                None => Told::Unknown(word.to_owned()),
            },
            None => match self.weak_outcome().or(own.absent) {
                Some(outcome) => Told::Known(outcome),
                None => Told::Nothing,
            },
        };
        match (told, self.status()) {
            (Told::Known(outcome), Some(status)) => {
                Told::Known(outcome::with_status(outcome, status))
            }
            (Told::Nothing, Some(status)) => Told::Known(status),
            (told, _) => told,
        }
    }

    fn first_outcome_word(&self) -> Option<&'f str> {
        self.values(Column::Outcome).find(|word| !word.trim().is_empty())
    }

    fn weak_outcome(&self) -> Option<Outcome> {
        let slots = &self.reading.slots.weak_outcome;
        let mut words = slots.iter().filter_map(|slot| self.text(*slot));
        words.find_map(|word| outcome::read(word, &self.reading.profile.outcomes))
    }

    fn status(&self) -> Option<Outcome> {
        let slots = &self.reading.slots.status;
        slots.iter().filter_map(|slot| self.text(*slot)).find_map(outcome::http_status)
    }

    fn uids(&self) -> Vec<Cow<'f, str>> {
        let mut uids: Vec<Cow<'f, str>> = Vec::new();
        for text in self.values(Column::CredentialUid).filter(|text| !is_absent(text)) {
            if !uids.iter().any(|seen| seen == text) {
                uids.push(Cow::Borrowed(text));
            }
        }
        uids
    }

    fn also(&self) -> Vec<Also<'f>> {
        let mut rows = Vec::new();
        for also in &self.reading.slots.also {
            let holds = also.when.iter().all(|(slot, values)| {
                self.text(*slot).is_some_and(|text| values.iter().any(|value| value == text))
            });
            let uid = if holds { self.text(also.uid) } else { None };
            if let Some(uid) = uid.filter(|uid| !is_absent(uid)) {
                let uid = if also.fold_lower {
                    Cow::Owned(uid.to_ascii_lowercase())
                } else {
                    Cow::Borrowed(uid)
                };
                rows.push(Also { uid, kind: also.kind, layer: also.layer });
            }
        }
        rows
    }

    fn links(&self) -> Vec<(&'f str, &'f str)> {
        let pairs = self.reading.slots.links.iter();
        pairs
            .filter_map(|(child, parent)| Some((self.text(*child)?, self.text(*parent)?)))
            .filter(|(child, parent)| !is_absent(child) && !is_absent(parent))
            .collect()
    }

    fn texts(&self) -> [Option<&'f str>; TEXTS.len()] {
        let mut texts = [None; TEXTS.len()];
        for (position, column) in TEXTS.iter().enumerate() {
            let value = self.first(*column);
            texts[position] = match self.reading.profile.strip.get(column) {
                Some(strip) => {
                    value.map(|text| text.trim_matches(|character| strip.contains(character)))
                }
                None => value,
            };
        }
        texts
    }
}
