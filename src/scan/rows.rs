/*! From a mapped, attributed record to its rows, in batches. */

use std::collections::HashMap;
use std::sync::Arc;

use crate::attribute::{RecordRows, RowSpec};
use crate::limits;
use crate::map::{Mapped, Occurrences, ReportedOutcome};
use crate::model::columns::{MEASURED, MeasuredField, TEXTS};
use crate::model::link::LinkKey;
use crate::model::{ClassBasis, ClassId, Kind, Outcome, Place, State, When, short};
use crate::safe;

use super::batch::{Batch, Interner, Row, Sample, SinkError, Sym};
use super::origin::Origin;
use super::outputs::ScanOutputs;

/// Names of instances, each masked once: one spelling for rows, presence and processes.
#[derive(Debug, Default)]
pub(super) struct MaskedInstances(HashMap<String, Arc<str>>);

impl MaskedInstances {
    pub(super) fn masked(&mut self, raw: &str) -> Arc<str> {
        if let Some(masked) = self.0.get(raw) {
            return Arc::clone(masked);
        }
        let masked: Arc<str> = Arc::from(safe::mask_path(raw));
        self.0.insert(raw.to_owned(), Arc::clone(&masked));
        masked
    }
}

/// The symbols of texts in the open batch, by what was logged: each text is masked once a batch.
#[derive(Debug, Default)]
struct MaskedTexts {
    /// By the number of a text in the batch: whether it is what was logged, and is shown as it is.
    unmasked: Vec<bool>,
    /// Texts of which something is masked.
    masked: HashMap<String, Sym>,
    /// Masked, and as links compare them.
    uids: HashMap<String, (Sym, Sym)>,
}

impl MaskedTexts {
    fn clear(&mut self) {
        self.unmasked.clear();
        self.masked.clear();
        self.uids.clear();
    }

    fn text(&mut self, interner: &mut Interner, raw: &str) -> Sym {
        let is_unmasked = |sym: &Sym| self.unmasked.get(sym.0 as usize) == Some(&true);
        let known = interner.known(raw).filter(is_unmasked);
        if let Some(sym) = known.or_else(|| self.masked.get(raw).copied()) {
            return sym;
        }
        let shown = safe::mask_path(raw);
        let sym = interner.intern(&shown);
        if shown == raw {
            self.unmasked.resize(interner.len() + 1, false);
            self.unmasked[sym.0 as usize] = true;
        } else {
            self.masked.insert(raw.to_owned(), sym);
        }
        sym
    }

    fn uid(&mut self, interner: &mut Interner, key: LinkKey, raw: &str) -> (Sym, Sym) {
        if let Some(syms) = self.uids.get(raw) {
            return *syms;
        }
        let syms = (interner.intern(&safe::mask(raw)), interner.intern(&key.digest(raw)));
        self.uids.insert(raw.to_owned(), syms);
        syms
    }
}

/// Makes rows and hands them to the sink.
pub(super) struct RowWriter<'a> {
    outputs: &'a ScanOutputs<'a>,
    batch: Batch,
    masked: MaskedTexts,
    /// How many rows went to the sink.
    rows: u64,
    /// Why the sink takes no more; rows after that are only counted.
    refused: Option<SinkError>,
}

impl<'a> RowWriter<'a> {
    pub(super) fn new(origin: &Origin, outputs: &'a ScanOutputs<'a>) -> Self {
        let batch = Batch { input: origin.input, member: origin.member, ..Batch::default() };
        Self { outputs, batch, masked: MaskedTexts::default(), rows: 0, refused: None }
    }

    pub(super) fn add(
        &mut self,
        context: RowContext<'_>,
        mapped: &Mapped<'_>,
        kept: &RecordRows<'_>,
    ) {
        push(&mut self.batch, &mut self.masked, context, mapped, kept);
    }

    /// Hands a full batch on. Called between records: the rows of a record are in one batch.
    pub(super) fn between_records(&mut self) {
        if self.batch.rows.len() >= limits::BATCH_ROWS {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let (input, member) = (self.batch.input, self.batch.member);
        let next = Batch { input, member, ..Batch::default() };
        let mut batch = std::mem::replace(&mut self.batch, next);
        // It stays in memory until all inputs are scanned.
        batch.rows.shrink_to_fit();
        batch.texts.shrink();
        self.masked.clear();
        self.rows += batch.rows.len() as u64;
        if self.refused.is_none() {
            self.refused = self.outputs.take(batch).err();
        }
    }

    /// Hands the rest on; how many rows there were.
    pub(super) fn finish(mut self) -> Result<u64, SinkError> {
        self.hand_on();
        self.refused.map_or(Ok(self.rows), Err)
    }
}

/// What the rows of a record take from its surroundings.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'a> {
    pub(super) family: &'a str,
    pub(super) stream: &'a str,
    pub(super) action_key: &'a str,
    pub(super) link_key: LinkKey,
    pub(super) place: Place,
    /// The path without its times, for records that only the path dates.
    pub(super) path_series: Option<&'a str>,
}

/// Adds each row of a record, once for each of its classes.
fn push(
    batch: &mut Batch,
    masked: &mut MaskedTexts,
    context: RowContext<'_>,
    mapped: &Mapped<'_>,
    kept: &RecordRows<'_>,
) {
    let classes: Vec<Option<ClassId>> = match kept.classes.as_slice() {
        [] => vec![None],
        classes => classes.iter().copied().map(Some).collect(),
    };
    let Some(when) = happened(mapped) else { return };
    let texts = TEXTS.iter().enumerate().map(|(slot, _)| {
        mapped.texts[slot].map_or(Sym::NONE, |text| masked.text(&mut batch.texts, text))
    });
    let texts: Vec<Sym> = texts.collect();
    let texts: [Sym; TEXTS.len()] = texts.try_into().expect("one symbol for each text column");
    for spec in &kept.rows {
        let holds_old = spec.kind == Kind::Declare && spec.state == State::Old;
        let when = if holds_old { declared(when, mapped) } else { when };
        let uid = spec.uid.as_deref();
        let uid = uid.map(|uid| masked.uid(&mut batch.texts, context.link_key, uid));
        let (uid, uid_digest) = uid.unwrap_or_default();
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
            measured: mapped.measured.into(),
            uid,
            uid_digest,
            version: spec.version,
            state: spec.state,
            binding: spec.binding,
            link: None,
            outcome: outcome(mapped),
            degraded: kept.degraded,
            count: if let Occurrences::Times(count) = mapped.occurrences { count } else { 1 },
            sample: sample(mapped, &context),
        };
        for class in &classes {
            let key = key(context.family, mapped, spec, &base, *class);
            // An old use whose clock was slow may have happened at any time until it was received.
            let end = when.end.max(mapped.late_arrival());
            batch.rows.push(Row { key, class: *class, when: When { end, ..when }, ..base.clone() });
        }
    }
}

/// When what a record states happened. Scrapes repeat what they know of a last use: one use, at its own instant.
fn happened(mapped: &Mapped<'_>) -> Option<When> {
    mapped.last_use().or_else(|| mapped.time.when())
}

/// An object that declares an old version holds it from its own time until the listing that shows it, at least.
fn declared(when: When, mapped: &Mapped<'_>) -> When {
    let taken = mapped.listed.filter(|listed| listed.is_running).and_then(|listed| listed.taken);
    let until = taken.map(When::latest).filter(|taken| *taken > when.latest());
    until.map_or(when, |until| When { end: Some(until), ..when })
}

/// The counter of a record. Labels tell series apart; where they do not name the target, the path of the file does.
fn sample(mapped: &Mapped<'_>, context: &RowContext<'_>) -> Option<Box<Sample>> {
    let Occurrences::Grown(total) = mapped.occurrences else { return None };
    let mut series = total.series;
    if let Some(path) = context.path_series {
        let mut hash = blake3::Hasher::new();
        hash.update(&total.series);
        hash.update(path.as_bytes());
        series = short(hash.finalize().as_bytes());
    }
    Some(Box::new(Sample { series, role: total.role, value: total.value, since: total.since }))
}

fn basis(kept: &RecordRows<'_>) -> ClassBasis {
    match kept.classes.len() {
        0 => ClassBasis::None,
        1 => ClassBasis::Matched,
        _ => ClassBasis::Ambiguous,
    }
}

fn outcome(mapped: &Mapped<'_>) -> Outcome {
    match mapped.outcome {
        ReportedOutcome::Known(outcome) => outcome,
        ReportedOutcome::Nothing | ReportedOutcome::Unknown(_) | ReportedOutcome::Doubtful(_) => {
            Outcome::None
        }
    }
}

/// 128 bits over all that a record says. Rows with equal keys come from one record that was delivered twice.
fn key(
    family: &str,
    mapped: &Mapped<'_>,
    spec: &RowSpec<'_>,
    row: &Row,
    class: Option<ClassId>,
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
