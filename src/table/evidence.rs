/*! The evidence table: sealed rows, column by column as `COLUMNS` lists them. People get the names of classes,
 * versions and streams; the program's own queries get their numbers, so that answers need no look-up by name.
 */

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::columns::{
    COLUMNS, Column, ColumnDef, Computed, MeasuredField, Origin, text_slot,
};
use crate::model::{ClassId, VersionId};
use crate::scan::{Row, Sym};

use super::engine::ROW_GROUP_ROWS;
use super::job_ids::is_made_unique;
use super::plain_table::{Columns, PlainTable, RowGroup, Values};
use super::sealed::Sealed;

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

/// How the table gives classes, versions and streams.
#[derive(Clone, Copy)]
enum Naming<'a> {
    Names(&'a PlanNames),
    Ids,
}

/// The evidence table, for people, in groups of rows as Parquet has them: as many as have `ROW_GROUP_ROWS`.
pub(super) fn row_groups<'s>(
    sealed: &'s Sealed,
    names: &'s PlanNames,
) -> impl Iterator<Item = RowGroup<'s>> {
    let rows = sealed.rows.len();
    let groups = (rows / ROW_GROUP_ROWS).max(1);
    let height = rows / groups;
    (0..groups).map(move |group| {
        let to = if group + 1 == groups { rows } else { (group + 1) * height };
        let extent =
            Extent { sealed, rows: &sealed.rows[group * height..to], first: group * height };
        RowGroup { height: extent.rows.len(), columns: extent.columns(Naming::Names(names)) }
    })
}

/// The columns of the evidence table, without values.
pub(super) fn columns<'s>(sealed: &'s Sealed, names: &'s PlanNames) -> Columns<'s> {
    Extent { sealed, rows: &[], first: 0 }.columns(Naming::Names(names))
}

/// The evidence table, for people.
pub fn evidence(sealed: &Sealed, names: &PlanNames) -> PlainTable {
    table(sealed, Naming::Names(names))
}

/// The evidence table, for facts: `consumer_class`, `credential_version` and `stream` hold the numbers of `ClassId`,
/// `VersionId` and `StreamId`. The named queries only group, compare and join these columns, so each reads both tables.
pub fn evidence_by_id(sealed: &Sealed) -> PlainTable {
    table(sealed, Naming::Ids)
}

fn measured<T>(rows: &[Row], field: MeasuredField) -> Values<T> {
    let measured = rows.iter().map(|row| &*row.measured);
    match field {
        MeasuredField::Time(field) => {
            Values::Time(measured.map(|row| (field.get)(row).map(|time| time.0)).collect())
        }
        MeasuredField::U32(field) => Values::U32(measured.map(field.get).collect()),
        MeasuredField::U64(field) => Values::U64(measured.map(field.get).collect()),
        MeasuredField::F64(field) => Values::F64(measured.map(field.get).collect()),
    }
}

/// The positions of rows, from that of the first on.
fn positions(first: usize, count: usize) -> Vec<Option<i64>> {
    (0..).skip(first).take(count).map(Some).collect()
}

fn table(sealed: &Sealed, naming: Naming<'_>) -> PlainTable {
    let all = Extent { sealed, rows: &sealed.rows, first: 0 };
    let mut table = PlainTable::default();
    for (name, values) in all.columns(naming) {
        table.push(name, values.owned());
    }
    table
}

/// A text that the rows have, or one that is made of it.
type Text<'s> = Option<Cow<'s, str>>;

/// Rows that follow each other.
#[derive(Clone, Copy)]
struct Extent<'s> {
    sealed: &'s Sealed,
    rows: &'s [Row],
    /// The position of the first.
    first: usize,
}

impl<'s> Extent<'s> {
    fn columns(self, naming: Naming<'s>) -> Columns<'s> {
        Box::new(COLUMNS.iter().map(move |def| (def.name, self.column(def, naming))))
    }

    fn column(self, def: &ColumnDef, naming: Naming<'s>) -> Values<Cow<'s, str>> {
        match def.origin {
            Origin::Text(slot) => self.texts(|row| row.texts[slot]),
            Origin::Measured(field) => measured(self.rows, field),
            Origin::Computed(computed) => self.computed(naming, computed),
        }
    }

    fn texts(self, of: impl Fn(&Row) -> Sym) -> Values<Cow<'s, str>> {
        let text = |row| self.sealed.text(of(row)).map(Cow::Borrowed);
        Values::Text(self.rows.iter().map(text).collect())
    }

    /// The job of each row. An id that is not made to be unique names a job within its consumer.
    fn job_keys(self, naming: Naming<'s>) -> Values<Cow<'s, str>> {
        let slot = text_slot(Column::JobId).expect("a text column");
        let mut known: HashMap<Sym, bool> = HashMap::new();
        let mut key = |row: &Row| -> Text<'s> {
            let sym = row.texts[slot];
            let id = self.sealed.text(sym)?;
            if *known.entry(sym).or_insert_with(|| is_made_unique(id)) {
                return Some(Cow::Borrowed(id));
            }
            let class = row.class?;
            Some(Cow::Owned(match naming {
                Naming::Names(names) => format!("{} ␟ {id}", names.class(class)),
                Naming::Ids => format!("{} ␟ {id}", class.0),
            }))
        };
        Values::Text(self.rows.iter().map(&mut key).collect())
    }

    fn computed(self, naming: Naming<'s>, column: Computed) -> Values<Cow<'s, str>> {
        let Self { sealed, rows, first } = self;
        let name = |of: &dyn Fn(&Row) -> Option<&'s str>| {
            Values::Text(rows.iter().map(|row| of(row).map(Cow::Borrowed)).collect())
        };
        let word = |of: &dyn Fn(&Row) -> &'static str| name(&|row| Some(of(row)));
        let time = |of: &dyn Fn(&Row) -> Option<i64>| Values::Time(rows.iter().map(of).collect());
        let whole = |of: &dyn Fn(&Row) -> Option<i64>| Values::I64(rows.iter().map(of).collect());
        let big =
            |of: &dyn Fn(&Row) -> u64| Values::U64(rows.iter().map(|row| Some(of(row))).collect());
        let small = |of: &dyn Fn(&Row) -> Option<u32>| Values::U32(rows.iter().map(of).collect());
        match column {
            Computed::EventTime => time(&|row| Some(row.when.at.0)),
            Computed::EventTimeBasis => word(&|row| row.when.basis.word()),
            Computed::EventTimeEnd => time(&|row| row.when.end.map(|end| end.0)),
            Computed::Stream => match naming {
                Naming::Names(_) => self.texts(|row| row.stream),
                Naming::Ids => small(&|row| sealed.stream_id(row.stream).map(|id| id.0)),
            },
            Computed::EarliestUs => whole(&|row| Some(row.when.earliest().0)),
            Computed::LatestUs => whole(&|row| Some(row.when.latest().0)),
            Computed::Input => small(&|row| Some(row.place.input.0)),
            Computed::Record => big(&|row| row.place.record),
            Computed::Offset => big(&|row| row.place.offset),
            Computed::Length => small(&|row| Some(row.place.length)),
            Computed::EvidenceLayer => word(&|row| row.layer.word()),
            Computed::Kind => word(&|row| row.kind.word()),
            Computed::ConsumerClass => match naming {
                Naming::Names(names) => name(&|row| Some(names.class(row.class?))),
                Naming::Ids => small(&|row| row.class.map(|class| u32::from(class.0))),
            },
            Computed::ClassBasis => word(&|row| row.basis.word()),
            Computed::CredentialUid => self.texts(|row| row.uid),
            Computed::CredentialVersion => match naming {
                Naming::Names(names) => name(&|row| Some(names.version(row.version?))),
                Naming::Ids => small(&|row| row.version.map(|version| u32::from(version.0))),
            },
            Computed::CredentialState => word(&|row| row.state.word()),
            Computed::CredentialBinding => word(&|row| row.binding.word()),
            Computed::Outcome => word(&|row| row.outcome.word()),
            Computed::Degraded => Values::Bool(rows.iter().map(|row| Some(row.degraded)).collect()),
            Computed::Count => big(&|row| row.count),
            Computed::JobKey => self.job_keys(naming),
            Computed::InstanceStartUs => {
                whole(&|row| row.measured.instance_start.map(|start| start.0))
            }
            Computed::EnqueuedUs => whole(&|row| row.measured.enqueued.map(|queued| queued.0)),
            Computed::EvidenceRow => Values::I64(positions(first, rows.len())),
        }
    }
}
