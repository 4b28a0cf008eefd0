/*! Rows of cached scans. `RowLine::back` names each field of a row, so a new one does not compile until it is cached.
 */

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Number;

use super::twins::{BasisWord, BindingWord, KindWord, LayerWord, OutcomeWord, RoleWord, StateWord};
use super::words::{Spot, Stamp};
use crate::model::columns::{MEASURED, Measured, TEXTS};
use crate::model::evidence::{SampleRole, Settle};
use crate::model::{
    Binding, ClassBasis, ClassId, InputId, Kind, Layer, Outcome, State, Timestamp, VersionId,
};
use crate::scan::{Batch, Interner, Row, Sample, Sym};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchLine {
    member: u32,
    texts: Vec<String>,
    rows: Vec<RowLine>,
}

/// The flattened part refuses fields that neither it nor this knows.
#[derive(Serialize, Deserialize)]
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
    uid: u32,
    uid_digest: u32,
    version: Option<u16>,
    #[serde(with = "StateWord")]
    state: State,
    #[serde(with = "BindingWord")]
    binding: Binding,
    #[serde(with = "OutcomeWord")]
    outcome: Outcome,
    degraded: bool,
    count: u64,
    sample: Option<SampleLine>,
    #[serde(flatten)]
    measured: MeasuredLine,
}

/// The measured values that a row has, as 64 bits under the names that `MEASURED` gives them.
struct MeasuredLine(Measured);

impl Serialize for MeasuredLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = MEASURED.iter().map(|(name, field)| (name, field.bits(&self.0)));
        serializer.collect_map(values.filter_map(|(name, bits)| Some((name, bits?))))
    }
}

impl<'de> Deserialize<'de> for MeasuredLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MeasuredVisitor)
    }
}

struct MeasuredVisitor;

impl<'de> Visitor<'de> for MeasuredVisitor {
    type Value = MeasuredLine;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("measured values by their names")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<MeasuredLine, M::Error> {
        let mut measured = Measured::default();
        // Bundles of earlier versions name absent values too, and write times before 1970 with a sign.
        while let Some((name, value)) = map.next_entry::<String, Option<Number>>()? {
            let Some(value) = value else { continue };
            let signed = || value.as_i64().map(i64::cast_unsigned);
            let Some(bits) = value.as_u64().or_else(signed) else {
                return Err(M::Error::custom(format!("`{name}` is not a whole number")));
            };
            let field = MEASURED.iter().find(|(field, _)| *field == name);
            if !field.is_some_and(|(_, field)| field.set_bits(&mut measured, bits)) {
                return Err(M::Error::custom(format!("`{name}` is unknown or out of range")));
            }
        }
        Ok(MeasuredLine(measured))
    }
}

/// A floating point number, bit by bit.
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
    #[serde(with = "RoleWord")]
    role: SampleRole,
    value: Bits,
    since: Option<i64>,
}

impl SampleLine {
    fn of(Sample { series, role, value, since }: &Sample) -> Self {
        let (value, since) = (Bits::of(*value), since.map(|at| at.0));
        Self { series: *series, role: *role, value, since }
    }

    fn back(self) -> Sample {
        let Self { series, role, value, since } = self;
        Sample { series, role, value: value.back(), since: since.map(Timestamp) }
    }
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
        let mut texts = Interner::default();
        for text in self.texts {
            texts.intern(&text);
        }
        let rows = self.rows.into_iter().map(RowLine::back).collect();
        Batch { input: InputId::default(), member: self.member, rows, texts }
    }
}

impl RowLine {
    /// The link of a derived row is left out, since each run settles it again.
    fn of(row: &Row) -> Self {
        Self {
            key: row.key,
            has_id: row.has_id,
            when: Stamp::of(row.when),
            place: Spot::of(row.place),
            stream: row.stream.0,
            action_key: row.action_key.0,
            settle: SettleWord::of(row.settle),
            layer: row.layer,
            kind: row.kind,
            class: row.class.map(|class| class.0),
            basis: row.basis,
            texts: row.texts.iter().map(|text| text.0).collect(),
            uid: row.uid.0,
            uid_digest: row.uid_digest.0,
            version: row.version.map(|version| version.0),
            state: row.state,
            binding: row.binding,
            outcome: row.outcome,
            degraded: row.degraded,
            count: row.count,
            sample: row.sample.as_deref().map(SampleLine::of),
            measured: MeasuredLine(*row.measured),
        }
    }

    fn back(self) -> Row {
        let mut texts = [Sym::NONE; TEXTS.len()];
        for (slot, text) in texts.iter_mut().zip(&self.texts) {
            *slot = Sym(*text);
        }
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
            uid: Sym(self.uid),
            uid_digest: Sym(self.uid_digest),
            version: self.version.map(VersionId),
            state: self.state,
            binding: self.binding,
            link: None,
            outcome: self.outcome,
            degraded: self.degraded,
            count: self.count,
            sample: self.sample.map(|sample| Box::new(sample.back())),
            measured: self.measured.0.into(),
        }
    }
}
