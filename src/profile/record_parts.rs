/*! Columns that several fields make together, and records that are about several things. */

use std::collections::BTreeMap;

use super::condition::Conditions;
use crate::model::columns::Column;

/// A column whose value is made of several fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRule {
    /// The column that is filled.
    pub column: Column,
    /// The pieces of the value, in order.
    pub from: Vec<JoinSource>,
    /// The text between two pieces.
    pub with: String,
    /// If a piece is missing: is the first that is present the value? Otherwise there is none.
    pub or_first: bool,
}

/// A piece of a joined value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinSource {
    /// The field with this pointer.
    Field(String),
    /// A text that is the same in every record.
    Text(String),
}

impl JoinRule {
    /// The fields that a plan's source lists for a column: an id that is unique only with its type, for example.
    pub(super) fn of_source(column: Column, pointers: &[String]) -> Self {
        let from = pointers.iter().cloned().map(JoinSource::Field).collect();
        Self { column, from, with: ":".to_owned(), or_first: true }
    }

    /// The name of the joined field. It stands in one list with JSON Pointers, and cannot be taken for one.
    #[must_use]
    pub fn name(&self) -> String {
        let pieces = self.from.iter().map(|piece| match piece {
            JoinSource::Field(pointer) => pointer.clone(),
            JoinSource::Text(text) => format!("={text}"),
        });
        let pieces: Vec<String> = pieces.collect();
        format!("@join {:?} {:?} {}", self.with, pieces, self.or_first)
    }

    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        self.from.iter().filter_map(|piece| match piece {
            JoinSource::Field(pointer) => Some(pointer),
            JoinSource::Text(_) => None,
        })
    }
}

/// One of several things that a record is about. It says only in what this one differs from the others.
#[derive(Clone, Debug)]
pub struct RecordPart {
    /// A record for which these hold has no such part.
    pub unless: Conditions,
    /// Fields that are read instead of those of the profile.
    pub fields: BTreeMap<Column, Vec<String>>,
    /// Columns of this part that several fields make together.
    pub joins: Vec<JoinRule>,
}

impl RecordPart {
    pub(super) fn pointers(&self) -> impl Iterator<Item = &String> {
        let Self { unless, fields, joins } = self;
        let unless = unless.iter().map(|(pointer, _)| pointer);
        fields.values().flatten().chain(unless).chain(joins.iter().flat_map(JoinRule::pointers))
    }
}
