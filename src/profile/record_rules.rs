/*! What the tables of a profile say about its records, one type for each kind of table. */

use super::condition::Conditions;
use super::expression::Expression;
use super::record_parts::JoinRule;
use crate::model::columns::Column;
use crate::model::{Kind, Layer, Outcome};

/// How words become outcomes.
#[derive(Clone, Debug, Default)]
pub struct OutcomeWords {
    /// The outcome of a record without the field.
    pub absent: Option<Outcome>,
    /// The outcome of a word that is not listed.
    pub otherwise: Option<Outcome>,
    /// Words as the source writes them, in which `*` stands for anything. The first that fits counts.
    pub words: Vec<(String, Outcome)>,
}

/// How a listing of all that there is at one instant is read.
#[derive(Clone, Debug, Default)]
pub struct SnapshotRule {
    /// Pointers of the time at which it was taken; without any, the time in the path is taken.
    pub taken: Vec<String>,
    /// The entries that were running then; all if empty.
    pub running: Conditions,
}

impl SnapshotRule {
    /// Every pointer that the rule reads.
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        let Self { taken, running } = self;
        taken.iter().chain(running.iter().map(|(pointer, _)| pointer))
    }
}

/// A column whose value is a part of a field.
#[derive(Clone, Debug)]
pub struct ExtractRule {
    /// The column that is filled.
    pub column: Column,
    /// The pointer of the field.
    pub from: String,
    /// The first group is the part.
    pub pattern: Expression,
    /// The records for which the rule holds; all if empty.
    pub when: Conditions,
}

/// The outcome of certain records.
#[derive(Clone, Debug)]
pub struct OutcomeRule {
    /// The records for which the rule holds.
    pub when: Conditions,
    /// The outcome that they report.
    pub outcome: Outcome,
}

/// The kind of certain records.
#[derive(Clone, Debug)]
pub struct KindRule {
    /// The records for which the rule holds.
    pub when: Conditions,
    /// The kind of evidence that they are.
    pub kind: Kind,
    /// Their layer of evidence, if it is not that of the source.
    pub layer: Option<Layer>,
}

/// A link between two ids: the child was issued to the holder of the parent.
#[derive(Clone, Debug)]
pub struct LinkRule {
    /// The pointer of the id that was issued.
    pub child: String,
    /// The pointer of the id whose holder got it.
    pub parent: String,
    /// The first group is that id, if it is only a part of the field.
    pub parent_pattern: Option<Expression>,
    /// The name of a stage: the child, a colon and this name stand for the version before that of the parent.
    pub previous: Option<String>,
    /// The records for which the rule holds; all if empty.
    pub when: Conditions,
}

/// Another name of the instance that a record is about.
#[derive(Clone, Debug)]
pub struct AliasRule {
    /// The pointer of the field with the name.
    pub from: String,
    /// The first group is the name, if that is only a part of the field.
    pub pattern: Option<Expression>,
}

/// A further row of evidence that certain records give: they name a marker without using it.
#[derive(Clone, Debug)]
pub struct AlsoRule {
    /// The records for which the rule holds; all if empty.
    pub when: Conditions,
    /// The pointer of the marker, or the name of the join that makes it.
    pub uid: String,
    /// The fields that make the marker together, if it takes several.
    pub join: Option<JoinRule>,
    /// The first group is the marker, if that is only a part of the field.
    pub pattern: Option<Expression>,
    /// The kind of evidence that the row is.
    pub kind: Kind,
    /// The layer of evidence of the row.
    pub layer: Layer,
    /// Whether this source prints the marker in upper case while others print it in lower case.
    pub fold_lower: bool,
}
