/*! Rows as they stand in a file of parts. Each field of a row is named here: a new one does not compile until it is kept. */

use serde::{Deserialize, Serialize};

use super::words::{Spot, Stamp};
use crate::model::{
    Binding, ClassBasis, ClassId, InputId, Kind, Layer, Micros, Outcome, State, VersionId,
};
use crate::scan::{Batch, Interner, Row, Sample, Settle, Sym, TEXTS};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchLine {
    member: u32,
    texts: Vec<String>,
    rows: Vec<RowLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowLine {
    key: [u8; 16],
    has_id: bool,
    when: Stamp,
    place: Spot,
    stream: u32,
    action_key: u32,
    settle: SettleWord,
    #[serde(with = "LayerWord")]
    layer: Layer,
    #[serde(with = "KindWord")]
    kind: Kind,
    class: Option<u16>,
    #[serde(with = "BasisWord")]
    basis: ClassBasis,
    texts: Vec<u32>,
    instance_start: Option<i64>,
    uid: u32,
    raw_uid: u32,
    version: Option<u16>,
    #[serde(with = "StateWord")]
    state: State,
    #[serde(with = "BindingWord")]
    binding: Binding,
    #[serde(with = "OutcomeWord")]
    outcome: Outcome,
    degraded: bool,
    enqueued: Option<i64>,
    attempt: Option<u32>,
    duration_ms: Option<Bits>,
    size: Option<Bits>,
    count: u64,
    sample: Option<SampleLine>,
}

/// A number of floating point, bit by bit.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Bits(u64);

impl Bits {
    fn of(value: f64) -> Self {
        Self(value.to_bits())
    }

    fn back(self) -> f64 {
        f64::from_bits(self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleLine {
    series: [u8; 16],
    value: Bits,
    since: Option<i64>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
struct OtherKind(#[serde(with = "KindWord")] Kind);

#[derive(Clone, Copy, Serialize, Deserialize)]
enum SettleWord {
    Sure,
    IfCarried(Option<OtherKind>),
    IfDerived(Option<OtherKind>),
}

impl SettleWord {
    fn of(settle: Settle) -> Self {
        match settle {
            Settle::Sure => Self::Sure,
            Settle::IfCarried(kind) => Self::IfCarried(kind.map(OtherKind)),
            Settle::IfDerived(kind) => Self::IfDerived(kind.map(OtherKind)),
        }
    }

    fn back(self) -> Settle {
        match self {
            Self::Sure => Settle::Sure,
            Self::IfCarried(kind) => Settle::IfCarried(kind.map(|OtherKind(kind)| kind)),
            Self::IfDerived(kind) => Settle::IfDerived(kind.map(|OtherKind(kind)| kind)),
        }
    }
}

/// Words of the model, twins by name.
macro_rules! words {
    ($twin:ident, $word:literal, [$($variant:ident),+]) => {
        #[derive(Serialize, Deserialize)]
        #[serde(remote = $word, rename_all = "snake_case")]
        pub(super) enum $twin { $($variant),+ }
    };
}

words!(LayerWord, "Layer", [Configuration, Runtime, Behavior]);
words!(KindWord, "Kind", [Auth, Work, Lookup, Job, Start, Stop, Refresh, Declare]);
words!(BasisWord, "ClassBasis", [Matched, Ambiguous, None]);
words!(StateWord, "State", [Old, New, Unknown]);
words!(BindingWord, "Binding", [Direct, Derived, Inferred, None]);
words!(OutcomeWord, "Outcome", [Success, AuthFailure, Denied, Failure, None]);

impl BatchLine {
    pub(super) fn of(batch: &Batch) -> Self {
        let Batch { input: _, member, rows, texts } = batch;
        Self {
            member: *member,
            texts: texts.all().map(str::to_owned).collect(),
            rows: rows.iter().map(RowLine::of).collect(),
        }
    }

    pub(super) fn back(self) -> Batch {
        let Self { member, texts: own, rows } = self;
        let mut texts = Interner::default();
        for text in own {
            texts.intern(&text);
        }
        let rows = rows.into_iter().map(RowLine::back).collect();
        Batch { input: InputId::default(), member, rows, texts }
    }
}

impl RowLine {
    #[expect(clippy::too_many_lines, reason = "a list of fields")]
    fn of(row: &Row) -> Self {
        // Where the link of a derived row stands is settled anew with each run.
        let Row {
            key,
            has_id,
            when,
            place,
            stream,
            action_key,
            settle,
            layer,
            kind,
            class,
            basis,
            texts,
            instance_start,
            uid,
            raw_uid,
            version,
            state,
            binding,
            link: _,
            outcome,
            degraded,
            enqueued,
            attempt,
            duration_ms,
            size,
            count,
            sample,
        } = row;
        Self {
            key: *key,
            has_id: *has_id,
            when: Stamp::of(*when),
            place: Spot::of(*place),
            stream: stream.0,
            action_key: action_key.0,
            settle: SettleWord::of(*settle),
            layer: *layer,
            kind: *kind,
            class: class.map(|class| class.0),
            basis: *basis,
            texts: texts.iter().map(|text| text.0).collect(),
            instance_start: instance_start.map(|at| at.0),
            uid: uid.0,
            raw_uid: raw_uid.0,
            version: version.map(|version| version.0),
            state: *state,
            binding: *binding,
            outcome: *outcome,
            degraded: *degraded,
            enqueued: enqueued.map(|at| at.0),
            attempt: *attempt,
            duration_ms: duration_ms.map(Bits::of),
            size: size.map(Bits::of),
            count: *count,
            sample: sample.as_deref().map(|Sample { series, value, since }| SampleLine {
                series: *series,
                value: Bits::of(*value),
                since: since.map(|at| at.0),
            }),
        }
    }

    fn back(self) -> Row {
        let mut texts = [Sym::NONE; TEXTS.len()];
        for (slot, text) in texts.iter_mut().zip(&self.texts) {
            *slot = Sym(*text);
        }
        let sample = self.sample.map(|SampleLine { series, value, since }| {
            Box::new(Sample { series, value: value.back(), since: since.map(Micros) })
        });
        Row {
            key: self.key,
            has_id: self.has_id,
            when: self.when.back(),
            place: self.place.back(),
            stream: Sym(self.stream),
            action_key: Sym(self.action_key),
            settle: self.settle.back(),
            layer: self.layer,
            kind: self.kind,
            class: self.class.map(ClassId),
            basis: self.basis,
            texts,
            instance_start: self.instance_start.map(Micros),
            uid: Sym(self.uid),
            raw_uid: Sym(self.raw_uid),
            version: self.version.map(VersionId),
            state: self.state,
            binding: self.binding,
            link: None,
            outcome: self.outcome,
            degraded: self.degraded,
            enqueued: self.enqueued.map(Micros),
            attempt: self.attempt,
            duration_ms: self.duration_ms.map(Bits::back),
            size: self.size.map(Bits::back),
            count: self.count,
            sample,
        }
    }
}
