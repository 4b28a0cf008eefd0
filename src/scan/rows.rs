/*! From a mapped, attributed record to its rows; and the checks on raw bytes that go with it. */

use std::collections::HashMap;
use std::sync::Arc;

use crate::attribute::{Attributed, Attribution, Markers, RowSpec};
use crate::ingest::decode::json;
use crate::limits;
use crate::map::{self, Mapped, Occurrences, RecordTime, ReportedOutcome};
use crate::model::columns::{MEASURED, MeasuredField, TEXTS};
use crate::model::{ClassBasis, ClassId, Outcome, Place, State, VersionId, short};

use super::batch::{Batch, Interner, Row, Sample, Sym};

/// Texts as they may be shown, each masked once.
#[derive(Debug, Default)]
pub(super) struct Shown {
    texts: HashMap<String, Sym>,
    uids: HashMap<String, Sym>,
    instances: HashMap<String, Arc<str>>,
}

impl Shown {
    /// An instance as it may be shown: the one spelling for rows, presence and processes.
    pub(super) fn instance(&mut self, raw: &str) -> Arc<str> {
        if let Some(shown) = self.instances.get(raw) {
            return Arc::clone(shown);
        }
        let shown: Arc<str> = Arc::from(map::shown_text(raw));
        self.instances.insert(raw.to_owned(), Arc::clone(&shown));
        shown
    }

    /// Symbols belong to one batch.
    pub(super) fn forget_symbols(&mut self) {
        self.texts.clear();
        self.uids.clear();
    }

    fn text(&mut self, interner: &mut Interner, raw: &str) -> Sym {
        if let Some(sym) = self.texts.get(raw) {
            return *sym;
        }
        let sym = interner.intern(&map::shown_text(raw));
        self.texts.insert(raw.to_owned(), sym);
        sym
    }

    fn uid(&mut self, interner: &mut Interner, raw: &str) -> Sym {
        if let Some(sym) = self.uids.get(raw) {
            return *sym;
        }
        let sym = interner.intern(&map::shown_uid(raw));
        self.uids.insert(raw.to_owned(), sym);
        sym
    }
}

/// What a row carries of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'a> {
    pub(super) family: &'a str,
    pub(super) stream: &'a str,
    pub(super) action_key: &'a str,
    pub(super) place: Place,
    /// The path without its times, of records that only the name of their file dates.
    pub(super) path_series: Option<&'a str>,
}

/// Adds the rows of a kept record: each of its rows for each of its classes.
pub(super) fn push(
    batch: &mut Batch,
    shown: &mut Shown,
    context: RowContext<'_>,
    mapped: &Mapped<'_>,
    kept: &Attribution<'_>,
) {
    let classes: Vec<Option<ClassId>> = match kept.classes.as_slice() {
        [] => vec![None],
        classes => classes.iter().copied().map(Some).collect(),
    };
    let RecordTime::At(when) = mapped.dated else { return };
    let texts = TEXTS.iter().enumerate().map(|(slot, _)| {
        mapped.texts[slot].map_or(Sym::NONE, |text| shown.text(&mut batch.texts, text))
    });
    let texts: Vec<Sym> = texts.collect();
    let texts: [Sym; TEXTS.len()] = texts.try_into().expect("one symbol for each text column");
    for spec in &kept.rows {
        let uid = spec.uid.as_deref();
        let base = Row {
            key: [0; 16],
            has_id: texts[0] != Sym::NONE,
            when,
            place: context.place,
            stream: batch.texts.intern(context.stream),
            action_key: batch.texts.intern(context.action_key),
            settle: spec.settle,
            layer: spec.layer,
            kind: spec.kind,
            class: None,
            basis: basis(kept),
            texts,
            measured: mapped.measured,
            uid: uid.map_or(Sym::NONE, |uid| shown.uid(&mut batch.texts, uid)),
            raw_uid: batch.texts.intern_some(uid),
            version: spec.version,
            state: spec.state,
            binding: spec.binding,
            link: None,
            outcome: outcome(mapped),
            degraded: kept.degraded,
            count: match mapped.counted {
                Occurrences::Times(count) => count,
                Occurrences::Grown(_)
                | Occurrences::State
                | Occurrences::Unreadable
                | Occurrences::Unknown => 1,
            },
            sample: sample(mapped, &context),
        };
        for class in &classes {
            let key = key(context.family, mapped, spec, (&base, *class));
            batch.rows.push(Row { key, class: *class, ..base.clone() });
        }
    }
}

/// Labels tell series apart, and where a target does not name itself, the name of the file does.
fn sample(mapped: &Mapped<'_>, context: &RowContext<'_>) -> Option<Box<Sample>> {
    let Occurrences::Grown(total) = mapped.counted else { return None };
    let mut series = total.series;
    if let Some(path) = context.path_series {
        let mut hash = blake3::Hasher::new();
        hash.update(&total.series);
        hash.update(path.as_bytes());
        series = short(hash.finalize().as_bytes());
    }
    Some(Box::new(Sample { series, value: total.value, since: total.since }))
}

fn basis(kept: &Attribution<'_>) -> ClassBasis {
    match kept.classes.len() {
        0 => ClassBasis::None,
        1 => ClassBasis::Matched,
        _ => ClassBasis::Ambiguous,
    }
}

fn outcome(mapped: &Mapped<'_>) -> Outcome {
    match mapped.told {
        ReportedOutcome::Known(outcome) => outcome,
        ReportedOutcome::Nothing | ReportedOutcome::Unknown(_) | ReportedOutcome::Doubtful(_) => {
            Outcome::None
        }
    }
}

/// 128 bits over all that a record says: equal keys are one record delivered twice.
fn key(
    family: &str,
    mapped: &Mapped<'_>,
    spec: &RowSpec<'_>,
    (row, class): (&Row, Option<ClassId>),
) -> [u8; 16] {
    let mut hash = blake3::Hasher::new();
    let mut text = |text: Option<&str>| {
        hash.update(&[u8::from(text.is_some())]);
        let text = text.unwrap_or_default();
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    text(Some(family));
    mapped.texts.iter().for_each(|value| text(*value));
    text(spec.uid.as_deref());
    let number = |value: Option<i64>| value.map_or([0xff; 8], i64::to_le_bytes);
    let measured = |hash: &mut blake3::Hasher, is_wanted: fn(MeasuredField) -> bool| {
        for (_, field) in MEASURED.iter().filter(|(_, field)| is_wanted(*field)) {
            let bits = field.bits(&row.measured);
            hash.update(&bits.map_or([0xff; 8], u64::to_le_bytes));
        }
    };
    hash.update(&number(Some(row.when.at.0)));
    hash.update(&number(row.when.end.map(|end| end.0)));
    measured(&mut hash, |field| !field.is_float());
    hash.update(&number(class.map(|class| i64::from(class.0))));
    measured(&mut hash, MeasuredField::is_float);
    hash.update(&row.count.to_le_bytes());
    if let Some(sample) = &row.sample {
        hash.update(&sample.series);
        hash.update(&sample.value.to_le_bytes());
    }
    hash.update(&[spec.kind as u8, row.outcome as u8, u8::from(row.degraded), spec.layer as u8]);
    short(hash.finalize().as_bytes())
}

/// The first characters of a record. Masked before it is cut: half a token fits no pattern.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(limits::EXCERPT_BYTES)];
    let text = String::from_utf8_lossy(head);
    map::shown_text(&text).chars().take(limits::EXCERPT_CHARS).collect()
}

/// The record with its escapes undone, as far as JSON can do without them.
fn unescaped(bytes: &[u8]) -> Option<String> {
    serde_json::from_slice::<serde_json::Value>(bytes).ok().map(|value| value.to_string())
}

/// The old version whose marker stands in a record that does not show it as its credential, and the pointer it stands
/// under: in a field that is not mapped, or mapped to another column, or beside other text.
pub(super) fn unmapped(
    markers: &Markers,
    bytes: &[u8],
    attributed: &Attributed<'_>,
) -> Option<(VersionId, String)> {
    let rows = attributed.kept.iter().flat_map(|kept| &kept.rows);
    if rows.into_iter().any(|row| row.state == State::Old && row.binding.proves()) {
        return None;
    }
    let version = match markers.telling_old(bytes) {
        Some(version) => version,
        None if memchr::memchr(b'\\', bytes).is_some() => {
            let plain = unescaped(bytes)?;
            markers.telling_old(plain.as_bytes())?
        }
        None => return None,
    };
    let holds = |text: &str| markers.telling_old(text.as_bytes()).is_some();
    let pointer = json::pointer_to(bytes, &holds).unwrap_or_default();
    Some((version, pointer))
}
