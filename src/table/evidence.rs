/*! The evidence table: sealed rows, column by column as `COLUMNS` lists them. */

use crate::model::columns::{COLUMNS, Computed, MeasuredField, Origin};
use crate::model::{ClassId, VersionId};
use crate::scan::{Row, Sym};

use super::plain_table::{PlainTable, Values};
use super::seal::Sealed;

/// The schema of the evidence table.
pub const EVIDENCE_SCHEMA: &str = "holdover.evidence/1";

/// The plan's names of classes and versions, by their numbers.
#[derive(Clone, Debug, Default)]
pub struct PlanNames {
    /// By `ClassId`.
    pub classes: Vec<String>,
    /// By `VersionId`.
    pub versions: Vec<String>,
}

impl PlanNames {
    /// The name of a class.
    pub fn class(&self, class: ClassId) -> &str {
        &self.classes[usize::from(class.0)]
    }

    /// The name of a version.
    pub fn version(&self, version: VersionId) -> &str {
        &self.versions[usize::from(version.0)]
    }
}

/// The evidence table.
pub fn evidence(sealed: &Sealed, names: &PlanNames) -> PlainTable {
    let mut table = PlainTable::default();
    for column in COLUMNS {
        let values = match column.origin {
            Origin::Text(slot) => texts(sealed, |row| row.texts[slot]),
            Origin::Measured(field) => measured(&sealed.rows, field),
            Origin::Computed(computed) => values(sealed, names, computed),
        };
        table.push(column.name, values);
    }
    table
}

fn texts(sealed: &Sealed, of: impl Fn(&Row) -> Sym) -> Values {
    let text = |row: &Row| sealed.text(of(row)).map(str::to_owned);
    Values::Text(sealed.rows.iter().map(text).collect())
}

fn measured(rows: &[Row], field: MeasuredField) -> Values {
    let measured = rows.iter().map(|row| &row.measured);
    match field {
        MeasuredField::Time(field) => {
            Values::Time(measured.map(|row| (field.get)(row).map(|time| time.0)).collect())
        }
        MeasuredField::U32(field) => Values::U32(measured.map(field.get).collect()),
        MeasuredField::F64(field) => Values::F64(measured.map(field.get).collect()),
    }
}

fn values(sealed: &Sealed, names: &PlanNames, column: Computed) -> Values {
    let rows = &sealed.rows;
    let name = |of: &dyn Fn(&Row) -> Option<String>| Values::Text(rows.iter().map(of).collect());
    let word = |of: &dyn Fn(&Row) -> &'static str| name(&|row| Some(of(row).to_owned()));
    let time = |of: &dyn Fn(&Row) -> Option<i64>| Values::Time(rows.iter().map(of).collect());
    let whole = |of: &dyn Fn(&Row) -> Option<i64>| Values::I64(rows.iter().map(of).collect());
    let big =
        |of: &dyn Fn(&Row) -> u64| Values::U64(rows.iter().map(|row| Some(of(row))).collect());
    let small =
        |of: &dyn Fn(&Row) -> u32| Values::U32(rows.iter().map(|row| Some(of(row))).collect());
    match column {
        Computed::EventTime => time(&|row| Some(row.when.at.0)),
        Computed::EventTimeBasis => word(&|row| row.when.basis.word()),
        Computed::EventTimeEnd => time(&|row| row.when.end.map(|end| end.0)),
        Computed::Stream => texts(sealed, |row| row.stream),
        Computed::EarliestUs => whole(&|row| Some(row.when.earliest().0)),
        Computed::LatestUs => whole(&|row| Some(row.when.latest().0)),
        Computed::Input => small(&|row| row.place.input.0),
        Computed::Record => big(&|row| row.place.record),
        Computed::Offset => big(&|row| row.place.offset),
        Computed::Length => small(&|row| row.place.length),
        Computed::EvidenceLayer => word(&|row| row.layer.word()),
        Computed::Kind => word(&|row| row.kind.word()),
        Computed::ConsumerClass => name(&|row| Some(names.class(row.class?).to_owned())),
        Computed::ClassBasis => word(&|row| row.basis.word()),
        Computed::CredentialUid => texts(sealed, |row| row.uid),
        Computed::CredentialVersion => name(&|row| Some(names.version(row.version?).to_owned())),
        Computed::CredentialState => word(&|row| row.state.word()),
        Computed::CredentialBinding => word(&|row| row.binding.word()),
        Computed::Outcome => word(&|row| row.outcome.word()),
        Computed::Degraded => Values::Bool(rows.iter().map(|row| Some(row.degraded)).collect()),
        Computed::Count => big(&|row| row.count),
        Computed::InstanceStartUs => whole(&|row| row.measured.instance_start.map(|start| start.0)),
        Computed::EnqueuedUs => whole(&|row| row.measured.enqueued.map(|queued| queued.0)),
        Computed::EvidenceRow => Values::I64((0..).take(rows.len()).map(Some).collect()),
    }
}
